// Prints the files of the dashboards: one JSON object of their names and texts.
import detection from './detection.mjs';
import overview from './overview.mjs';
import retention from './retention.mjs';
import store from './store.mjs';

const files = [overview, store, detection, retention].map((made) => [`${made.uid}.json`, JSON.stringify(made, null, 2) + '\n']);
console.log(JSON.stringify(Object.fromEntries(files)));

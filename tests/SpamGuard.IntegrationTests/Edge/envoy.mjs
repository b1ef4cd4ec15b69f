// Holds what is ours against Envoy's own message definitions.
//   node envoy.mjs definitions PROTOS...   our protos: each message, field, enum value and method as Envoy has it. A line for each that is not, and one that counts
//   node envoy.mjs config envoy.yaml       a bootstrap: each key a field of its message, of the right sort, and each @type known
//   node envoy.mjs ask SERVER              many questions, a line of JSON each: on standard input [kind, address, headers, unknown]
import { readFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { createInterface } from 'node:readline';
import grpc from '@grpc/grpc-js';
import protobuf from 'protobufjs';
import yaml from 'yaml';
import { Authorization, ask, includeDirs, question } from './check.mjs';

function rootOf(folders, files) {
  const root = new protobuf.Root();
  root.resolvePath = (origin, target) => isAbsolute(target) ? target : folders.map(folder => join(folder, target)).find(file => { try { readFileSync(file); return true; } catch { return false; } }) ?? target;
  root.loadSync(files, { keepCase: true });
  root.resolveAll();
  return root;
}

const faults = [];
let looked = 0;
const fault = text => faults.push(text);

function definitions(folder, files) {
  const [ours, theirs] = [rootOf([folder, ...includeDirs], files), rootOf(includeDirs, files)];
  const walk = space => {
    for (const one of space.nestedArray ?? []) {
      const name = one.fullName;
      if (!name.startsWith('.envoy')) continue;
      if (one instanceof protobuf.Type) {
        const other = lookup(theirs, name, protobuf.Type);
        for (const field of one.fieldsArray) {
          looked++;
          const same = other?.fields[field.name];
          const say = f => f && JSON.stringify([f.id, f.resolvedType?.fullName ?? f.type, f.repeated, f.map, f.keyType ?? null, f.partOf?.name ?? null]);
          if (say(field) !== say(same)) fault(`${name}.${field.name}: ${say(field)}, and Envoy has ${say(same)}`);
        }
      } else if (one instanceof protobuf.Enum) {
        const other = lookup(theirs, name, protobuf.Enum);
        for (const [value, number] of Object.entries(one.values)) {
          looked++;
          if (other?.values[value] !== number) fault(`${name}.${value}: ${number}, and Envoy has ${other?.values[value]}`);
        }
      } else if (one instanceof protobuf.Service) {
        const other = lookup(theirs, name, protobuf.Service);
        for (const method of one.methodsArray) {
          looked++;
          const say = m => m && JSON.stringify([m.resolvedRequestType.fullName, m.resolvedResponseType.fullName, !!m.requestStream, !!m.responseStream]);
          if (say(method) !== say(other?.methods[method.name])) fault(`${name}/${method.name}: ${say(method)}, and Envoy has ${say(other?.methods[method.name])}`);
        }
      }
      walk(one);
    }
  };
  walk(ours);
}

function lookup(root, name, sort) {
  const found = root.lookup(name);
  if (!(found instanceof sort)) { fault(`${name}: Envoy has none`); return undefined; }
  return found;
}

function config(file) {
  const wanted = new Set(['envoy/config/bootstrap/v3/bootstrap.proto']);
  const document = yaml.parse(readFileSync(file, 'utf8'));
  // @type envoy.a.b.v3.Message is in some file of the folder envoy/a/b/v3.
  for (const [, folder, message] of JSON.stringify(document).matchAll(/type\.googleapis\.com\/([\w.]+)\.(\w+)"/g)) wanted.add(fileOf(folder.replaceAll('.', '/'), message));
  const root = rootOf(includeDirs, [...wanted]);
  check(root, root.lookupType('envoy.config.bootstrap.v3.Bootstrap'), document, '');
}

function fileOf(folder, message) {
  const snake = message.replace(/(?!^)([A-Z])/g, '_$1').toLowerCase();
  const names = [snake, folder.split('/').at(-2), snake.replace(/_per_route$/, ''), ...(/Tls/.test(message) ? ['tls'] : []), ...(/StdoutAccessLog/.test(message) ? ['stream'] : [])];
  for (const include of includeDirs) {
    for (const name of names) {
      try {
        if (readFileSync(join(include, folder, `${name}.proto`), 'utf8').includes(`message ${message} {`)) return `${folder}/${name}.proto`;
      } catch { /* the next */ }
    }
  }
  fault(`no file of Envoy's has ${folder} ${message}`);
  return 'envoy/config/bootstrap/v3/bootstrap.proto';
}

function check(root, type, value, at) {
  const sort = type.fullName;
  if (sort === '.google.protobuf.Duration') { looked++; if (!/^\d+(\.\d+)?s$/.test(value)) fault(`${at}: ${value} is no duration`); return; }
  if (['.google.protobuf.BoolValue', '.google.protobuf.UInt32Value'].includes(sort)) { scalar(type.fields.value, value, at); return; }
  if (sort === '.google.protobuf.Any') {
    const name = value?.['@type']?.replace('type.googleapis.com/', '');
    const inner = name && root.lookup(name);
    if (!(inner instanceof protobuf.Type)) { fault(`${at}: @type ${name} is unknown`); return; }
    const { '@type': _, ...rest } = value;
    check(root, inner, rest, at);
    return;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) { fault(`${at}: no ${sort}`); return; }
  const oneofs = new Set();
  for (const [key, item] of Object.entries(value)) {
    const field = type.fields[key];
    const path = `${at}.${key}`;
    if (!field) { fault(`${path}: no field of ${sort}`); continue; }
    if (field.partOf && !field.partOf.isProto3Optional) { if (oneofs.has(field.partOf.name)) fault(`${path}: a second of ${field.partOf.name}`); oneofs.add(field.partOf.name); }
    const items = field.map ? Object.entries(item) : field.repeated ? Array.isArray(item) ? item.map((one, i) => [i, one]) : (fault(`${path}: no list`), []) : [['', item]];
    for (const [index, one] of items) {
      const place = index === '' ? path : `${path}[${index}]`;
      if (field.resolvedType instanceof protobuf.Type) check(root, field.resolvedType, one, place);
      else scalar(field, one, place);
    }
  }
}

function scalar(field, value, at) {
  looked++;
  const right = field.resolvedType instanceof protobuf.Enum ? value in field.resolvedType.values
    : field.type === 'bool' ? typeof value === 'boolean'
    : field.type === 'string' ? typeof value === 'string'
    : /int|fixed|double|float/.test(field.type) ? typeof value === 'number'
    : false;
  if (!right) fault(`${at}: ${JSON.stringify(value)} is no ${field.type}`);
}

async function asking(server) {
  // As a later Envoy sends it: with a field that nobody here knows, in the message and in its attributes.
  const unknown = Buffer.concat([Buffer.from([0xfa, 0x07, 5]), Buffer.from('later')]); // field 127, bytes
  const { Check } = Authorization.service;
  const later = { ...Check, requestSerialize: request => Buffer.concat([Check.requestSerialize(request), Buffer.from([0x0a, unknown.length]), unknown, unknown]) };
  const Later = grpc.makeGenericClientConstructor({ Check: later }, 'Authorization');
  const clients = [new Authorization(server, grpc.credentials.createInsecure()), new Later(server, grpc.credentials.createInsecure())];
  for await (const line of createInterface({ input: process.stdin })) {
    const [kind, address, headers, isLater] = JSON.parse(line);
    console.log(JSON.stringify(await ask(clients[isLater ? 1 : 0], question(kind ?? undefined, address, headers))));
  }
  clients.forEach(client => client.close());
}

const [verb, ...rest] = process.argv.slice(2);
if (verb === 'ask') await asking(rest[0]);
else {
  if (verb === 'definitions') definitions(rest[0], rest.slice(1));
  else if (verb === 'config') config(rest[0]);
  faults.forEach(one => console.log(one));
  console.log(`${looked} looked at, ${faults.length} faults`);
}

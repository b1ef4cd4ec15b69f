// Asks SpamGuard about a request as Envoy does: by Envoy's own message definitions, which the package @grpc/grpc-js-xds has, with every field filled.
// usage: node check.mjs KIND ADDRESS [SERVER] [HEADER=VALUE ...]
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import grpc from '@grpc/grpc-js';
import loader from '@grpc/proto-loader';

const xds = dirname(createRequire(import.meta.url).resolve('@grpc/grpc-js-xds/package.json'));

/** Where Envoy's definitions are, and what they import. */
export const includeDirs = ['envoy-api', 'xds', 'googleapis', 'protoc-gen-validate'].map(folder => join(xds, 'deps', folder));

/** Envoy's own definition of the service. */
export const { Authorization } = grpc.loadPackageDefinition(
  loader.loadSync('envoy/service/auth/v3/external_auth.proto', { includeDirs, keepCase: true, enums: String, longs: String, defaults: true, oneofs: true })).envoy.service.auth.v3;

/** A sign-up as Envoy tells it where it is told to send everything: who is looked at is one address and one kind. */
export function question(kind, address, headers = {}) {
  const peer = (ip, port) => ({
    address: { socket_address: { protocol: 'TCP', address: ip, port_value: port, resolver_name: 'none', ipv4_compat: true } },
    service: 'edge', labels: { zone: 'a' }, principal: 'spiffe://example.org/edge', certificate: 'PEM',
  });
  return {
    attributes: {
      source: peer(address, 40000),
      destination: peer('127.0.0.1', 8080),
      request: {
        time: { seconds: '1785000000', nanos: 1 },
        http: {
          id: '9f0b2c1e-5a57-4f6b-8e54-0d8f6b1c2d3e', method: 'POST', path: '/sign-up?from=home', host: 'example.org', scheme: 'https', query: '', fragment: '',
          size: '29', protocol: 'HTTP/2', body: 'user=somebody&password=secret', raw_body: Buffer.from('user=somebody&password=secret'),
          headers: { ':method': 'POST', ':path': '/sign-up?from=home', cookie: 'session=of-somebody', 'x-forwarded-for': '198.51.100.4', 'x-spamguard-verdict': 'allow', ...headers },
        },
      },
      context_extensions: kind === undefined ? {} : { kind },
      metadata_context: { filter_metadata: { 'envoy.filters.http.jwt_authn': { fields: { sub: { stringValue: 'somebody' } } } } },
      route_metadata_context: { filter_metadata: { route: { fields: { name: { stringValue: 'sign-up' } } } } },
      tls_session: { sni: 'example.org' },
    },
  };
}

/** Asks, and answers what was answered: an answer of Envoy's definition, or the code and the message of an error. */
export function ask(client, request) {
  return new Promise(resolve => client.Check(request, { deadline: Date.now() + 5000 }, (error, answer) => resolve(error ? { error: error.code, message: error.details } : answer)));
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [kind, address, server = '127.0.0.1:5080', ...headers] = process.argv.slice(2);
  const client = new Authorization(server, grpc.credentials.createInsecure(), { 'grpc.enable_http_proxy': 0 });
  const answer = await ask(client, question(kind, address, Object.fromEntries(headers.map(header => header.split('=')))));
  console.log(answer.error ? `error ${grpc.status[answer.error]}: ${answer.message}` : answer.ok_response ? 'passes' : `does not pass: ${answer.denied_response.status.code}`);
  for (const { header } of (answer.ok_response ?? answer.denied_response)?.headers ?? []) console.log(`  ${header.key}: ${header.value}`);
  if (answer.denied_response) console.log(answer.denied_response.body);
  client.close();
}

/**
 * The peer: serverless-offline with the same bare handlers, started through its plugin class with just enough of the Serverless Framework
 * around it. Arguments: the folder it is installed in, and `inProcess` or `worker`. Reports its address over IPC, and ends with its parent.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bareHandlers } from './bare-handlers.ts';

const [folder = '', mode = ''] = process.argv.slice(2);

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

const handlers = join(folder, 'handlers');
mkdirSync(handlers, { recursive: true });
for (const [name, source] of Object.entries(bareHandlers)) writeFileSync(join(handlers, `${name}.mjs`), source);

const functionOf = (name: string, websocket: object) => ({
  name,
  handler: `handlers/${name}.handler`,
  events: [{ websocket }],
});
const functions: Record<string, ReturnType<typeof functionOf>> = {
  Connect: functionOf('Connect', { route: '$connect' }),
  Ping: functionOf('Ping', { route: 'ping', routeResponseSelectionExpression: '$default' }),
};
const service = {
  service: 'bench',
  provider: { name: 'aws', stage: 'dev', region: 'us-east-1', runtime: 'nodejs22.x' },
  custom: {},
  functions,
  getAllFunctions: () => Object.keys(functions),
  getFunction: (key: string) => functions[key],
  getAllEventsInFunction: (key: string) => functions[key]?.events,
};
const silent = () => undefined;
const log = { debug: silent, error: console.error, info: silent, notice: silent, verbose: silent, warning: silent };
const [httpPort, websocketPort, lambdaPort, albPort] = [
  await freePort(),
  await freePort(),
  await freePort(),
  await freePort(),
];
const options = { host: '127.0.0.1', httpPort, websocketPort, lambdaPort, albPort, noSponsor: true };
const { default: ServerlessOffline } = await import(
  pathToFileURL(join(folder, 'node_modules/serverless-offline/src/index.js')).href
);
const serverless = { service, serviceDir: folder, config: { serviceDir: folder, servicePath: folder }, version: '4' };
const offline = new ServerlessOffline(
  serverless,
  { ...options, useInProcess: mode === 'inProcess' },
  { log, progress: { get: () => ({ notice: silent, remove: silent, update: silent }) } },
);
await offline.start();
process.send?.({ url: `ws://127.0.0.1:${websocketPort}` });
process.on('disconnect', () => process.exit(0));
process.on('SIGTERM', () => process.exit(0));

import { createServer } from 'node:http';
import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { listen } from '../../process/listen.ts';
import { resolveLimits } from '../../quota/resolve-limits.ts';
import { startEdge } from './edge.ts';

test('a response cut off in the core is cut off at the client too, and does not hang', async () => {
  const core = createServer((_request, response) => {
    response.writeHead(200, { 'content-length': 10 });
    response.write('abc', () => setTimeout(() => response.destroy(), 50));
  });
  const corePort = await listen(core, 0, 'gateway');
  const limits = resolveLimits({ webSocketIdleMs: 1e6, webSocketLifetimeMs: 1e6 });
  const configuration = { port: 0, corePort, limits, connectionsPerProcess: 100 };
  const edge = await startEdge(configuration, new PassThrough(), () => {});
  const answer = await fetch(`http://127.0.0.1:${edge.ready.port}/`);
  const text = answer.text().catch((error: Error) => error.message);
  const patience = AbortSignal.timeout(50_000);
  const late = new Promise((resolve) => patience.addEventListener('abort', () => resolve('hangs')));
  expect(await Promise.race([text, late])).toBe('terminated');
  await edge.stop();
  core.closeAllConnections();
  core.close();
});

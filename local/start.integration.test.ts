import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, test, vi } from 'vitest';
import { serveStack } from './start.ts';
import { isAlive, startTinyTarget } from './testing/tiny-target.ts';
import { connect } from './testing/web-socket-client.ts';

const allGone = (processIds: readonly number[]) =>
  vi.waitFor(() => expect(processIds.filter(isAlive)).toEqual([]), 20_000);

test('serves a template: returns endpoints, outputs and secrets; a stop leaves nothing behind', async () => {
  const served = await startTinyTarget();
  expect(served).toMatchObject({ stackName: 'Tiny', region: 'us-east-1', accountId: '000000000000' });
  expect(served.processIds).toHaveLength(4);
  expect(served.model).toMatchObject({ quotaScale: 1, timeScale: 1, limits: [], faults: [] });
  expect(served.secrets[served.outputs.SecretArn ?? '']).toMatch(/^\w{32}$/);
  expect(served.endpoints.apiGatewayManagementApi).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/test$/);
  const { socket, next, closed } = await connect(served.outputs.WebSocketUrl ?? '');
  socket.send('hello');
  expect(await next()).toBe('hello');
  await Promise.all([served.stop(), served.stop()]);
  await closed;
  expect((await served.exited).code).toBe(0);
  await allGone(served.processIds);
});

test('kill -9 of one process ends the whole target, with a reason', async () => {
  const served = await startTinyTarget();
  process.kill(served.processIds[2] ?? 0, 'SIGKILL');
  expect(await served.exited).toMatchObject({
    code: 1,
    reason: 'The process sqs of the local target ended by SIGKILL.',
  });
  await allGone(served.processIds);
});

test('a port in use is an error that names it', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const address = taken.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  await expect(startTinyTarget({ ports: { aws: port } })).rejects.toMatchObject({
    kind: 'portInUse',
    port,
    which: 'aws',
    message: `Port ${port} on 127.0.0.1 is taken. Choose another for ports.aws, or 0 to have a free one chosen.`,
  });
  taken.close();
});

test.each([0, 1.5, 33])('%d gateway processes are refused in one sentence', async (gatewayProcesses) => {
  const choice = { kind: 'template', path: '/nowhere' } as const;
  const nowhere = { choice, stackName: 'None', region: 'us-east-1' };
  await expect(serveStack({ ...nowhere, gatewayProcesses })).rejects.toThrow(
    `gatewayProcesses must be a whole number from 1 to 32, not ${gatewayProcesses}.`,
  );
});

test('an abort during the start ends it', async () => {
  const early = new AbortController();
  const starting = startTinyTarget({ signal: early.signal });
  setTimeout(() => early.abort(), 100);
  await expect(starting).rejects.toThrow('aborted');
});

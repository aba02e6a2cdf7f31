/** However a process of a target ends, nothing is left behind. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, test, vi } from 'vitest';
import { isAlive, startTinyTarget } from './testing/tiny-target.ts';

const allGone = (processIds: readonly number[]) =>
  vi.waitFor(() => expect(processIds.filter(isAlive)).toEqual([]), 20_000);

test.each([
  ['supervisor', 0],
  ['dynamodb', 1],
  ['gateway', 3],
  ['edge-2', 5],
])('kill -9 of %s', async (name, index) => {
  const served = await startTinyTarget(index > 3 ? { gatewayProcesses: 2 } : {});
  process.kill(served.processIds[index] ?? 0, 'SIGKILL');
  const { code, reason } = await served.exited;
  expect(code).not.toBe(0);
  expect(reason).toBe(`The process ${name} of the local target ended by SIGKILL.`);
  await allGone(served.processIds);
  await served.stop();
});

test('kill -9 of the process that started it', async () => {
  const script = `
    const { startTinyTarget } = await import(${JSON.stringify(import.meta.resolve('./testing/tiny-target.ts'))});
    console.log(JSON.stringify((await startTinyTarget()).processIds));
  `;
  const caller = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(caller.stdout, 'data');
  const processIds: number[] = JSON.parse(String(line));
  expect(processIds.every(isAlive)).toBe(true);
  caller.kill('SIGKILL');
  await allGone(processIds);
});

test.each(['gateway', 'dynamodb', 'sqs'])('port %s taken', async (which) => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const address = taken.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  await expect(startTinyTarget({ ports: { [which]: port } })).rejects.toMatchObject({ kind: 'portInUse', port, which });
  taken.close();
});

test('two targets side by side, one ended by its signal', async () => {
  const late = new AbortController();
  const [first, second] = await Promise.all([startTinyTarget({ signal: late.signal }), startTinyTarget()]);
  expect(first.outputs.WebSocketUrl).not.toBe(second.outputs.WebSocketUrl);
  late.abort();
  await first.exited;
  await allGone(first.processIds);
  expect(second.processIds.every(isAlive)).toBe(true);
  await second.stop();
});

/** Processes of the local target that are suspended: a stop waits for them for seconds, and then ends them. */
import { expect, test, vi } from 'vitest';
import { isAlive, startTinyTarget } from './testing/tiny-target.ts';

const allGone = (processIds: readonly number[]) =>
  vi.waitFor(() => expect(processIds.filter(isAlive)).toEqual([]), 20_000);

test('processes that are suspended are named, and a stop leaves nothing behind', async () => {
  const served = await startTinyTarget({ gatewayProcesses: 2 });
  const [, dynamodb = 0, , , , edge2 = 0] = served.processIds;
  expect(await served.silentParts(50_000)).toEqual([]);
  for (const processId of [dynamodb, edge2]) process.kill(processId, 'SIGSTOP');
  expect((await served.silentParts(3_000)).toSorted()).toEqual(['dynamodb', 'edge-2']);
  await served.stop();
  expect(served.killed.toSorted()).toEqual(['dynamodb', 'edge-2']);
  await allGone(served.processIds);
});

test('a supervisor that is suspended is named, and ends with all of its processes', async () => {
  const served = await startTinyTarget();
  process.kill(served.processIds[0] ?? 0, 'SIGSTOP');
  expect(await served.silentParts(1_000)).toEqual(['supervisor']);
  await served.stop();
  expect(served.killed).toEqual(['supervisor']);
  await allGone(served.processIds);
});

import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { AwsError, TimeoutError } from './aws/aws-error.ts';
import type { DynamoDbCall, DynamoDbOperations } from './aws/operations.ts';
import { deleteRows } from './delete-rows.ts';

const tableName = 'table';
const keys = Array.from({ length: 3_000 }, (_, index) => ({ pk: { S: `CH#${index}` }, sk: { S: 'C#c=' } }));
const refusal = (name: string, status = 400) => new AwsError({ name, message: name, status, serverTimeMs: Number.NaN });

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A table that takes the first `most` rows of a call, or fails. */
function table(answer: (call: number) => number | Error) {
  const deleted = new Set<string | undefined>();
  const seen = { calls: 0, running: 0, mostRunning: 0, largest: 0 };
  const call = async (_operation: string, input: DynamoDbOperations['BatchWriteItem'][0]) => {
    const requests = input.RequestItems?.[tableName] ?? [];
    seen.calls++;
    seen.largest = Math.max(seen.largest, requests.length);
    seen.mostRunning = Math.max(seen.mostRunning, ++seen.running);
    await Promise.resolve();
    seen.running--;
    const most = answer(seen.calls);
    if (most instanceof Error) throw most;
    for (const { DeleteRequest } of requests.slice(0, most)) deleted.add(DeleteRequest?.Key?.pk?.S);
    const rest = requests.slice(most);
    return { UnprocessedItems: rest.length > 0 ? { [tableName]: rest } : {} };
  };
  const run = async (timeMs: number) => {
    const began = performance.now();
    const done = deleteRows(keys, {
      call: call as DynamoDbCall,
      tableName,
      leftMs: () => began + timeMs - performance.now(),
    });
    const settled = done.catch(() => {});
    await vi.runAllTimersAsync();
    await settled;
    return await done;
  };
  return { deleted, seen, run };
}

it('deletes 25 rows a call, four calls at a time', async () => {
  const { deleted, seen, run } = table(() => 25);
  expect(await run(10_000)).toBe(0);
  expect(deleted.size).toBe(3_000);
  expect(seen).toEqual({ calls: 120, running: 0, mostRunning: 4, largest: 25 });
});

it('repeats what a table short of capacity leaves, until none is left', async () => {
  const { deleted, run } = table((call) => (call % 3 === 0 ? refusal('ProvisionedThroughputExceededException') : 7));
  expect(await run(60_000)).toBe(0);
  expect(deleted.size).toBe(3_000);
});

it.each([
  ['a throttle', refusal('ThrottlingException')],
  ['a server error', refusal('InternalServerError', 500)],
  ['no answer in time', new TimeoutError('late', true)],
  ['a broken connection', Object.assign(new Error('reset'), { code: 'ECONNRESET' })],
])('repeats a batch after %s', async (_name, error) => {
  const { deleted, run } = table((call) => (call <= 5 ? error : 25));
  expect(await run(10_000)).toBe(0);
  expect(deleted.size).toBe(3_000);
});

it('stops when the time is over, and says how many rows are left', async () => {
  const { deleted, run } = table(() => 1);
  const left = await run(1_000);
  expect(left).toBeGreaterThan(0);
  expect(deleted.size).toBe(3_000 - left);
});

it('rejects at once for what another attempt will not mend', async () => {
  const { seen, run } = table(() => refusal('AccessDeniedException'));
  await expect(run(10_000)).rejects.toThrow('AccessDeniedException');
  expect(seen.calls).toBeLessThanOrEqual(4);
});

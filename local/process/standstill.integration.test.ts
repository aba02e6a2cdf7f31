import { afterEach, expect, test } from 'vitest';
import { StandstillWatch } from './standstill.ts';

let watch: StandstillWatch;
afterEach(() => watch.close());

test('a process that stood still says for how long', () => {
  watch = new StandstillWatch();
  // Nothing runs in this thread for 400 ms; it may be longer on a busy machine.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 400);
  const [batch] = watch.drain(1_000);
  expect(batch).toMatchObject({
    namespace: 'Loadline/Local',
    name: 'Standstill',
    unit: 'Milliseconds',
    timestampMs: 1_000,
  });
  expect(batch?.values[0]).toBeGreaterThanOrEqual(349);
});

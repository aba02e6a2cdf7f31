import { expect, test } from 'vitest';
import { bucketIndexOf } from '../../../engine/src/buckets.ts';
import type { ClientSecond } from '../../../record/observation.ts';
import { exampleObservation } from '../../example-observation.fixture.ts';
import { delaysOf } from './soundness.ts';

const { client } = exampleObservation();
const [usual] = client.seconds;
if (usual === undefined) throw new Error('The example has no seconds.');

/** A second in which some connects began on time, others 2 s late, and some opened. */
const secondOf = ([onTime, late, opened]: readonly [number, number, number], n: number): ClientSecond => ({
  ...usual,
  second: usual.second + n,
  counters: { ...usual.counters, connectsOpened: opened },
  histograms: { connectLagMicros: { [bucketIndexOf(1_000)]: onTime, [bucketIndexOf(2_000_000)]: late } },
});

test('what a target makes wait behind connects that the generator had begun late is not held against it, until they have ended', () => {
  // 20/s; a stall of 3 s, then 60 at once, of which the target opens 20 in each of the next two.
  const story = [
    [20, 0, 20],
    [0, 0, 0],
    [20, 60, 20],
    [20, 0, 20],
    [20, 0, 40],
    [20, 0, 30],
    [20, 0, 30],
  ] as const;
  const seconds = story.map(secondOf);
  const opened = ({ counters }: ClientSecond) => counters.connectsOpened;
  expect(delaysOf({ client: { ...client, seconds } }, 'connectLagMicros', opened).shares).toEqual([
    0, 0, 0.75, 1, 1, 0, 0,
  ]);
  expect(delaysOf({ client: { ...client, seconds } }, 'connectLagMicros').shares).toEqual([0, 0, 0.75, 0, 0, 0, 0]);
});

import { expect, test } from 'vitest';
import { bucketIndexOf } from '../../../engine/src/buckets.ts';
import type { ClientSecond } from '../../../record/observation.ts';
import { exampleObservation } from '../../example-observation.fixture.ts';
import { delaysOf, doubtOf } from './soundness.ts';

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

/** A second in which messages were sent on time, others 300 ms late, and some were answered. */
const sendingSecondOf = ([onTime, late, answered]: readonly [number, number, number], n: number): ClientSecond => ({
  ...secondOf([0, 0, 0], n),
  counters: { ...usual.counters, messagesAnswered: answered },
  histograms: { sendLagMicros: { [bucketIndexOf(1_000)]: onTime, [bucketIndexOf(300_000)]: late } },
});
const answeredIn = ({ counters }: ClientSecond) => counters.messagesAnswered;

/** 200/s, of which `late` of one second are sent late; in it the target begins to stand still for 3 s, and then answers all at once. */
const frozenTarget = (late: number): ClientSecond[] =>
  [
    [200, 0, 200],
    [200, 0, 200],
    [200 - late, late, 0],
    [200, 0, 0],
    [200, 0, 0],
    [200, 0, 800],
    [200, 0, 200],
    [200, 0, 200],
  ].map(([onTime = 0, delayed = 0, answered = 0], n) => sendingSecondOf([onTime, delayed, answered], n));

test.each([
  ['2 late sends', 2, [0, 0, 0.01, 0.01, 0, 0.0025, 0, 0]],
  // 0.2 s of what is usual: so long others may have waited behind it. And of the 800 answers it is 5%.
  ['a short stall that made 40 sends late', 40, [0, 0, 0.2, 0.2, 0, 0.05, 0, 0]],
])('a target that stands still for 3 s after %s does so itself', (_what, late, expected) => {
  const observation = { ...exampleObservation(), client: { ...client, seconds: frozenTarget(late) } };
  const delays = delaysOf(observation, 'sendLagMicros', answeredIn);
  expect(delays.shares).toEqual(expected.map((share) => expect.closeTo(share, 2)));
  expect(doubtOf(observation, delays, answeredIn)?.delayedShare ?? 0).toBeLessThan(0.03);
});

import { expect, test } from 'vitest';
import { seededRandom } from '../../../aws/random.ts';
import { CappedClients } from './capped-clients.ts';

const clients = 20_000;
const capMs = 10_000;
const horizonMs = 600_000;

/** All are refused until the end: each with a number of attempts of its own, as a reference. */
function mostOfEach(seed: number): number {
  const random = seededRandom(seed);
  let most = 0;
  for (let client = 0; client < clients; client += 1) {
    let attempts = 0;
    for (let dueMs = capMs * random(); dueMs < horizonMs; dueMs += capMs * random()) attempts += 1;
    most = Math.max(most, attempts);
  }
  return most;
}

function counted(seed: number) {
  const random = seededRandom(seed);
  const capped = CappedClients.of({ attempt: 1, longestMs: capMs });
  if (capped === null) throw new Error('a cap of 10 s is counted');
  for (let client = 0; client < clients; client += 1) capped.join(Math.floor(capMs * random()), 1);
  let attempts = 0;
  for (let nowMs = 0; nowMs < horizonMs; nowMs = capped.nextDue(nowMs + 1, horizonMs)) {
    const size = capped.take(nowMs);
    attempts += size;
    capped.spread(size, { startMs: nowMs, spanMs: capMs, earliestMs: nowMs + 1, horizonMs, random });
  }
  return { attempts, most: capped.mostAttempts() };
}

test('the most attempts of a client are those of clients that count for themselves, and so is their sum', () => {
  const seeds = [1, 2, 3, 4, 5];
  const reference = seeds.map(mostOfEach).toSorted((a, b) => a - b);
  const { attempts, most } = counted(6);
  expect(Math.abs(most - (reference[2] ?? 0))).toBeLessThanOrEqual(2);
  // Renewals of delays that are uniform from 0: time by mean delay, less a third.
  expect(attempts / clients).toBeCloseTo(horizonMs / (capMs / 2) - 1 / 3, 0);
});

test('whoever waits for half an hour is not counted by millisecond', () => {
  expect(CappedClients.of({ attempt: 9, longestMs: 1_800_000 })).toBeNull();
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { erlangC, meanWaitSeconds } from './queueing.ts';

const waiting = (servers: number, offeredErlangs: number, serviceSeconds = 1) => {
  const answer = erlangC({ servers, offeredErlangs, serviceSeconds });
  if (answer.kind === 'refused') throw new Error(answer.reason);
  return answer;
};

test('a call centre: 360 calls in 30 min of 240 s each, 55 agents', () => {
  const answer = waiting(55, (360 / 1_800) * 240, 240);
  expect(answer.blocking).toBeCloseTo(0.0383742806878, 12);
  expect(answer.waitProbability).toBeCloseTo(0.238700936378, 12);
  expect(answer.meanWaitSeconds).toBeCloseTo(8.18403210439, 10);
  expect(answer.servedWithin(15)).toBeCloseTo(0.845883092171, 12);
});

test.each([
  [10, 8, 0.121661064253, 0.40918015079],
  [3, 2, 0.210526315789, 0.444444444444],
  [1, 0.8, 0.8 / 1.8, 0.8],
  [1_000, 970, 0.00952919327172, 0.24282333618],
])('c = %i, a = %f: B = %f, C = %f', (servers, offered, blocking, waitProbability) => {
  const answer = waiting(servers, offered);
  expect(answer.blocking).toBeCloseTo(blocking, 11);
  expect(answer.waitProbability).toBeCloseTo(waitProbability, 10);
});

test('c = 1,000, a = 900: 0.06% wait', () => {
  expect(waiting(1_000, 900).waitProbability / 5.92669966379e-4).toBeCloseTo(1, 10);
});

describe('against Erlang’s sum in exact fractions', () => {
  test('any group of up to 80 servers', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 80 }), fc.integer({ min: 1, max: 99 }), (servers, percent) => {
        // a = servers · percent / 100
        const exact = exactBlocking(servers, BigInt(servers * percent), 100n);
        expect(waiting(servers, (servers * percent) / 100).blocking / exact).toBeCloseTo(1, 11);
      }),
      { numRuns: 60 },
    );
  });

  test('10,000 servers, 9,900 erlangs', () => {
    expect(waiting(10_000, 9_900).blocking / exactBlocking(10_000, 9_900n, 1n)).toBeCloseTo(1, 10);
  });
});

test('10,000 servers with little to do never make anybody wait, and nothing overflows', () => {
  expect(waiting(10_000, 1)).toMatchObject({ blocking: 0, waitProbability: 0, meanWaitSeconds: 0 });
});

test('as much work as servers, or more, is refused', () => {
  expect(erlangC({ servers: 10, offeredErlangs: 10, serviceSeconds: 1 })).toMatchObject({
    kind: 'refused',
    reason: expect.stringContaining('without end'),
  });
});

test('other distributions: M/M/1 and M/D/1 at 80%, and ten servers with varied service times', () => {
  const wait = (servers: number, offeredErlangs: number, arrivalCv2: number, serviceCv2: number) => {
    const answer = meanWaitSeconds({ servers, offeredErlangs, serviceSeconds: 1 }, { arrivalCv2, serviceCv2 });
    return answer.kind === 'value' ? answer.seconds : Number.NaN;
  };
  expect(wait(1, 0.8, 1, 1)).toBeCloseTo(4, 12);
  expect(wait(1, 0.8, 1, 0)).toBeCloseTo(2, 12);
  expect(wait(10, 8, 1, 4)).toBeCloseTo(0.511475188496, 11);
});

/** B = (aᶜ/c!) / Σ aᵏ/k!, as 1/B = Σ c!/(k! a^(c−k)) with 60 decimals in whole numbers. */
function exactBlocking(servers: number, numerator: bigint, denominator: bigint): number {
  const one = 10n ** 60n;
  let term = one;
  let sum = one;
  for (let k = BigInt(servers); k > 0n; k -= 1n) {
    term = (term * k * denominator) / numerator;
    sum += term;
  }
  return Number(10n ** 360n / sum) / 1e300;
}

import { describe, expect, test } from 'vitest';
import { usEast1Prices } from '../../aws/prices.ts';
import { cost } from '../cost/cost.ts';
import { deploymentWith, exampleCoefficients, exampleDeployment, examplePlan } from '../example-stack.fixture.ts';
import { demandsOf, headroom } from '../headroom/headroom.ts';
import { quotasInForce } from '../headroom/quotas.ts';
import { dayCurve, meanToPeakOf } from './day.ts';
import { loadOfPlan } from './load.ts';
import type { UsagePlan } from './plan.ts';

const { meanToPeak: _mean, ...undated } = examplePlan;
/** As busy as in 6 hours only: a quarter of the day. */
const sixHours: UsagePlan = { ...undated, peakHours: { from: 22, to: 4, restShare: 0 } };

describe('the curve of a day', () => {
  test('24 numbers in any unit: their mean over their peak', () => {
    const hourlyLoad = Array.from({ length: 24 }, (_, hour) => (hour < 12 ? 50 : 150));
    expect(meanToPeakOf({ hourlyLoad })).toBeCloseTo(100 / 150, 12);
  });

  test('peak hours, over midnight as well: 6 of 24 at the peak, the rest at a share of it', () => {
    expect(dayCurve(sixHours)?.flatMap((share, hour) => (share === 1 ? [hour] : []))).toEqual([0, 1, 2, 3, 22, 23]);
    expect(meanToPeakOf(sixHours)).toBe(0.25);
    expect(meanToPeakOf({ peakHours: { from: 9, to: 17, restShare: 0.1 } })).toBeCloseTo((8 + 16 * 0.1) / 24, 12);
  });

  test('without one, the plan’s mean, or one half', () => {
    expect(meanToPeakOf({ meanToPeak: 0.35 })).toBe(0.35);
    expect(meanToPeakOf({})).toBe(0.5);
  });
});

test('cost follows the curve: a quarter of the connection-minutes and messages; webhooks come while their owners are there', () => {
  const of = (plan: UsagePlan, id: string) => {
    const { components } = cost(
      { load: loadOfPlan(plan), coefficients: exampleCoefficients, deployment: exampleDeployment },
      usEast1Prices,
    );
    const amount = components.find((component) => component.id === id)?.amount;
    return amount?.kind === 'value' ? amount.quantityPerMonth : Number.NaN;
  };
  expect(of(sixHours, 'webSocket.connectionMinutes') / of(examplePlan, 'webSocket.connectionMinutes')).toBeCloseTo(
    0.25,
    9,
  );
  // 3,600 messages and their answers, a quarter of the time; 100 webhooks/s × 25% online × 2 tabs, as at the peak.
  expect(of(sixHours, 'webSocket.messages')).toBeCloseTo((7_200 / 4 + 50) * 2_628_000, 0);
});

describe('the backlog of a day against the queue’s retention', () => {
  const row = (plan: UsagePlan, maximumConcurrency: number) => {
    const deployment = deploymentWith({ maximumConcurrency });
    const quotas = quotasInForce(deployment);
    const found = headroom(demandsOf(loadOfPlan(plan), exampleCoefficients, deployment, quotas), quotas).find(
      ({ quotaId }) => quotaId === 'sqsRetention',
    );
    return found?.kind === 'value' ? found : null;
  };

  test('evenly spread, 100 webhooks/s never wait for pollers that take 200/s', () => {
    expect(row(examplePlan, 20)).toMatchObject({ demand: 0, limit: 345_600 });
  });

  test('in six hours they are 400/s: the last waits for 6 h × 200/s / 200/s', () => {
    expect(row(sixHours, 20)?.demand).toBeCloseTo(6 * 3_600, 6);
  });

  test('more than the pollers take in a day expires, whatever the retention', () => {
    expect(row(examplePlan, 5)?.utilisation).toBeCloseTo(100 / 50, 9);
  });
});

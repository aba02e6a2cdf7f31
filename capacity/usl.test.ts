import { describe, expect, test } from 'vitest';
import { fitUsl, predictThroughput, type UslFit } from './usl.ts';

const pointsOf = (loads: readonly number[], throughputs: readonly number[]) =>
  loads.map((load, i) => ({ load, throughput: throughputs[i] ?? 0 }));
const fitOf = (loads: readonly number[], throughputs: readonly number[]): UslFit => {
  const fit = fitUsl(pointsOf(loads, throughputs));
  if (fit.kind === 'refused') throw new Error(fit.reason);
  return fit;
};
const near = (actual: number, expected: number, relative = 3e-7) =>
  expect(Math.abs(actual / expected - 1), `${actual} against ${expected}`).toBeLessThan(relative);

/** SPEC SDM91 on a 16-processor machine; Gunther 2007, and the R package usl. */
const specSdm = [
  [1, 18, 36, 72, 108, 144, 216],
  [64.9, 995.9, 1652.4, 1853.2, 1828.9, 1775, 1702.2],
] as const;
/** Frames a second of a ray tracer on an Origin 2000; Gunther 2007. */
const rayTracer = [
  [1, 4, 8, 12, 16, 20],
  [20, 78, 130, 170, 190, 200],
] as const;

describe('SPEC SDM91', () => {
  const fit = fitOf(...specSdm);

  test('parameters, errors and residuals as published', () => {
    near(fit.lambda, 89.995226772);
    near(fit.sigma, 0.0277284699948);
    near(fit.kappa, 0.000104365500695);
    near(fit.standardErrors.lambda, 14.2134883852);
    near(fit.standardErrors.sigma, 0.00912173116633);
    near(fit.standardErrors.kappa, 1.98752700505e-5);
    near(fit.rss, 27453.719584, 1e-10);
    near(fit.peakLoad ?? 0, 96.5195534537);
    expect([fit.degreesOfFreedom, fit.onBound, fit.peakExtrapolated]).toEqual([4, [], false]);
  });

  test('95% intervals are two-sided, with n − 3 degrees of freedom', () => {
    const rounded = Object.values(fit.intervals).map(({ lower, upper }) => [
      lower.toPrecision(4),
      upper.toPrecision(5),
    ]);
    expect(rounded).toEqual([
      ['50.53', '129.46'],
      ['0.002402', '0.053054'],
      ['0.00004918', '0.00015955'],
    ]);
  });

  test('throughput inside the measured range, and none beyond 1.2 times the largest load', () => {
    const fitted = specSdm[0].map((load) => {
      const answer = predictThroughput(fit, load);
      return answer.kind === 'value' ? Math.round(answer.throughput) : answer.reason;
    });
    expect(fitted).toEqual([90, 1078, 1541, 1850, 1879, 1822, 1646]);
    expect(predictThroughput(fit, 259).kind).toBe('value');
    expect(predictThroughput(fit, 260)).toMatchObject({ kind: 'refused', reason: expect.stringContaining('216') });
  });
});

describe('the ray tracer', () => {
  const fit = fitOf(...rayTracer);

  test('parameters and errors as published', () => {
    near(fit.lambda, 20.8560450105);
    near(fit.sigma, 0.0244440381867);
    near(fit.kappa, 0.00162680937169);
    near(fit.rss, 10.0918818395);
    near(fit.standardErrors.lambda, 0.788506280692);
    near(fit.standardErrors.sigma, 0.00839065482151);
    near(fit.standardErrors.kappa, 0.000261398446561);
  });

  test('the interval of sigma includes 0, though a one-sided one with n − 1 degrees of freedom does not', () => {
    near(fit.intervals.sigma.lower, -0.00225877, 2e-6);
    near(fit.intervals.sigma.upper, 0.0511468, 2e-6);
    near(fit.intervals.kappa.lower, 0.000794923, 2e-6);
    near(fit.intervals.lambda.upper, 23.3654, 2e-6);
  });

  test('the peak it extrapolates, 24.5, was refuted by measurement: no prediction at 64, nor anywhere while sigma may be 0', () => {
    near(fit.peakLoad ?? 0, 24.4885, 1e-4);
    expect(fit.peakExtrapolated).toBe(true);
    expect(predictThroughput(fit, 64)).toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining('extrapolation'),
    });
    expect(predictThroughput(fit, 16)).toMatchObject({ kind: 'refused', reason: expect.stringContaining('sigma') });
  });
});

test('a textbook series: lambda 1, sigma and kappa 0.02', () => {
  const fit = fitOf([1, 2, 4, 6, 8, 10], [1, 1.8868, 3.0769, 3.5294, 3.5398, 3.3557]);
  near(fit.lambda, 1.0000051217318);
  near(fit.sigma, 0.0200057613272);
  near(fit.kappa, 0.0199996652782);
});

describe('a system capped by a quota at 1,000/s', () => {
  const loads = [1, 2, 4, 6, 8, 9, 10, 12, 14, 16, 20];
  const throughputs = loads.map((n) => Math.min(100 * n, 1_000));

  test('throttled points are refused, by their loads', () => {
    const points = pointsOf(loads, throughputs).map((point) => ({ ...point, throttled: point.load > 10 }));
    expect(fitUsl(points)).toMatchObject({ kind: 'refused', reason: expect.stringContaining('load 12, 14, 16, 20') });
  });

  test('unmarked, they look like a peak at 16.6: sigma is on its bound, so nothing is predicted', () => {
    const fit = fitOf(loads, throughputs);
    expect([fit.lambda.toFixed(1), fit.sigma, fit.kappa.toFixed(6), fit.peakLoad?.toFixed(1)]).toEqual([
      '120.5',
      0,
      '0.003627',
      '16.6',
    ]);
    expect(fit.onBound).toEqual(['sigma']);
    expect(fit.intervals.sigma.lower).toBe(0);
    // t(0.95, 8)
    near(fit.intervals.sigma.upper / fit.standardErrors.sigma, 1.859548037530898, 1e-9);
    expect(predictThroughput(fit, 15)).toMatchObject({ kind: 'refused', reason: expect.stringContaining('bound') });
  });

  test('the points below the cap alone are linear: no prediction of 2,000/s at 20', () => {
    const fit = fitOf(loads.slice(0, 7), throughputs.slice(0, 7));
    near(fit.lambda, 100, 1e-6);
    expect(fit.sigma).toBeLessThan(1e-9);
    expect(fit.kappa).toBeLessThan(1e-9);
    expect(predictThroughput(fit, 11).kind).toBe('refused');
    expect(predictThroughput(fit, 20).kind).toBe('refused');
  });
});

test('five distinct loads are too few, however often they are repeated', () => {
  const points = [1, 2, 3, 4, 5, 5, 5, 5].map((load) => ({ load, throughput: load }));
  expect(fitUsl(points)).toEqual({
    kind: 'refused',
    reason: 'A USL fit needs 6 distinct loads, got 5. Add steps to the staircase.',
  });
  expect(predictThroughput(fitUsl(points), 3).kind).toBe('refused');
});

test('a negative throughput is no measurement', () => {
  const points = [1, 2, 3, 4, 5, 6].map((load) => ({ load, throughput: load === 3 ? -3 : load }));
  expect(fitUsl(points)).toMatchObject({ kind: 'refused', reason: expect.stringContaining('not negative') });
});

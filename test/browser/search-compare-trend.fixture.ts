/** Pages of a search, a comparison and a history, each with the names that whoever uses it chooses. */
import { judgeHistory } from '../../history/judged-history.ts';
import type { Acknowledgement } from '../../history/line.ts';
import { linesOfValues, noisyValues } from '../../history/lines.fixture.ts';
import { compareSides } from '../../reports/analysis/comparison/comparison.ts';
import { measuresOf } from '../../reports/analysis/comparison/measures.ts';
import { compareDocument } from '../../reports/document/compare-document.ts';
import { searchDocument } from '../../reports/document/search/search-document.ts';
import { exampleObservation, histogramOfMs } from '../../reports/example-observation.fixture.ts';
import { exampleRun } from '../../reports/example-run.fixture.ts';
import { renderHtml } from '../../reports/render/html.ts';
import { buildReport } from '../../reports/report.ts';
import { renderTrendPage } from '../../reports/trend/trend-page.ts';

/** `names`: of what its user names; four. */
export function searchPage([one = '', two = '', three = '', four = '']: readonly string[]): string {
  const latencies = (p50Ms: number, p99Ms: number | null) => [
    { id: 'roundTrip', name: 'round trip', p50Ms, p99Ms, sloP99Ms: 500 },
  ];
  const trial = (load: number, passed: boolean, purpose: string, p99Ms: number | null) => ({
    ...{ load, purpose, passed, folder: `trials/${four}` },
    sentence: passed ? 'SLO held.' : `SLO broken: ${two} refused ${three}.`,
    latencies: latencies(p99Ms === null ? 2 : p99Ms / 5, p99Ms),
  });
  return renderHtml(
    searchDocument({
      ...{ target: 'local', unit: 'messages/s', kind: 'found', lower: 230, upper: 240, max: 1_600, steadySeconds: 20 },
      bottleneck: {
        ...{ kind: 'quota', quota: 'accountThrottle', scope: two, refusals: 25, refusalsBelow: 0 },
        ...{ others: [], broken: [`${three} broke.`] },
      },
      sustained: { kind: 'less', load: 200, quota: 'newConnections', demandPerSecond: 12, ratePerSecond: 10 },
      trials: [
        trial(100, true, 'ramp', 8),
        trial(200, true, 'ramp', 21),
        trial(400, false, 'ramp', null),
        trial(280, false, 'bisect', 900),
        trial(240, false, 'bisect', 620),
        trial(230, true, 'verify', 180),
      ],
      about: {
        ...{ searchId: four, loadlineVersion: '1.2.3', scenario: `${one}.yml` },
        ...{ startedAt: '2026-11-21T18:07:26.000Z', endedAt: null },
      },
    }),
  );
}

export function comparePage([one = '', two = '', three = '', four = '']: readonly string[]): string {
  const measures = (roundTripMs: number) => {
    const { client } = exampleObservation();
    const steadyHistograms = { ...client.steadyHistograms, roundTripMicros: histogramOfMs([[roundTripMs, 600]]) };
    return measuresOf(buildReport(exampleRun(), exampleObservation({ client: { steadyHistograms } })));
  };
  const sides = [
    { name: one, values: [20, 21, 20] },
    { name: two, values: [40, 42, 41] },
    { name: three, values: [20, 20, 21] },
  ];
  return renderHtml(
    compareDocument({
      sides: sides.map(({ name, values }, n) => ({
        ...{ name, runs: values.map((_, run) => `${four}-${run}`) },
        leftOut: n === 0 ? [{ folder: four, why: 'is invalid' }] : [],
      })),
      comparisons: compareSides(sides.map(({ name, values }) => ({ name, runs: values.map(measures) }))),
      differences: [
        {
          side: two,
          differences: [{ what: 'settings', weight: 'shown', field: three, before: one, after: four }],
        },
      ],
    }),
  );
}

/** A year of nights with a regression, an accepted one, an improvement, a series that ended, and lines that are skipped. */
export function trendPage([one = '', two = '', three = '', four = '']: readonly string[]): string {
  const nights = 365;
  const series = (name: string, factor: number, changes = {}) =>
    linesOfValues(noisyValues(nights, { factor, from: 200, seed: name.length }), {
      ...{ series: name, machine: { id: 'm', text: two } },
      ...changes,
    });
  const lines = [
    ...series('costs.webhook-cpu', 1.3),
    ...series('costs.message-cpu', 1.4),
    ...series('messages.roundTripP99', 0.7, { unit: 'ms' }),
    ...series('capacity.carried', 1, { unit: 'messages/s', harm: 'lower', statistic: 'median' }),
    ...series('costs.message-calls-ConnectionsTable-UpdateItem-of-a-very-long-name', 1, { machineBound: false }),
    ...linesOfValues(noisyValues(20), { series: 'costs.gone' }),
    ...linesOfValues([5, 5, 5], { series: 'young.bytesSent', unit: 'bytes/message', invalid: three }),
  ];
  const accepted: Acknowledgement = {
    ...{ v: 1, kind: 'acknowledgement', series: 'costs.message-cpu', night: '2026-07-20' },
    ...{ reason: three, by: one, at: '2026-08-01T08:00:00.000Z' },
  };
  return renderTrendPage(
    judgeHistory({
      ...{ lines, acknowledgements: [accepted] },
      skipped: [{ file: four, line: 3, why: 'torn', detail: '' }],
    }),
    {
      repository: 'https://example.com/o/r',
      commitsBetween: () => ({
        commits: [one, two, three, four].map((subject, n) => ({
          ...{ hash: String(n).repeat(40), subject, author: three },
        })),
        all: 12,
      }),
    },
    '2026-11-26T02:00:00.000Z',
  );
}

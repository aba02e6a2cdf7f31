/** The first screen: what each kind of run and plan answers in five tiles. */
import { expect, test } from 'vitest';
import { usEast1Prices } from '../../../aws/prices.ts';
import { exampleCoefficients, exampleDeployment, examplePlan } from '../../../capacity/example-stack.fixture.ts';
import { exampleObservation, histogramOfMs, lostEvent, seriesOf } from '../../example-observation.fixture.ts';
import { exampleRun } from '../../example-run.fixture.ts';
import { buildPlanReport } from '../../plan-report.ts';
import { buildReport } from '../../report.ts';
import { planDocument } from '../plan-document.ts';
import { runDocument } from '../run-document.ts';

const valuesOf = ({ tiles }: Pick<ReturnType<typeof runDocument>, 'tiles'>) => tiles.map(({ value }) => value);
const runTiles = (...of: Parameters<typeof buildReport>) => runDocument(buildReport(...of));
const planTiles = (change: Partial<typeof examplePlan>) =>
  planDocument(
    buildPlanReport({
      ...{ plan: { ...examplePlan, ...change }, coefficients: exampleCoefficients, deployment: exampleDeployment },
      ...{ prices: usEast1Prices, loadlineVersion: '1.2.3', basis: [] },
    }),
  );
const slow = { ...exampleObservation().client.steadyHistograms, roundTripMicros: histogramOfMs([[900, 600]]) };

test('a run that held: what it implies for its plan', () => {
  expect(valuesOf(runTiles(exampleRun(), exampleObservation()))).toEqual([
    ...['Held', '4.6% used', '2027-07-08', '$467', 'By 2027-07-08'],
  ]);
});

test('one that did not: what was missed, and what its first reason asks for', () => {
  const { tiles } = runTiles(exampleRun(), exampleObservation({ client: { steadyHistograms: slow } }));
  expect(tiles[0]).toMatchObject({
    value: 'Not held',
    detail: 'Missed: round trip p99. The run is valid.',
    tone: 'bad',
  });
  expect(tiles[4]).toMatchObject({ value: 'Now', anchor: 'why' });
});

test('a quota that refused is what there is to raise', () => {
  const refused = seriesOf('local.quotaRefusals newConnections.sum', [[3, 90]]);
  const { client } = exampleObservation();
  const connectMicros = histogramOfMs([[9_000, 100]]);
  const histograms = { ...client.histograms, connectMicros };
  const report = buildReport(exampleRun(), exampleObservation({ client: { histograms }, series: [refused] }));
  expect(report.verdict.reasons[0]?.quotaId).toBe('newConnections');
  expect(runDocument(report).tiles[4]?.detail).toBe(
    'Ask AWS to raise WebSocket new connections rate (L-9ED1E49A), or send it less.',
  );
});

test('an invalid or a partial run says nothing of the plan', () => {
  const lost = exampleObservation({ client: { events: lostEvent() }, totals: { eventsDelivered: 704 } });
  const expected = ['Not judged', 'Not known', 'Not known', 'Not known', 'Run it again'];
  expect(valuesOf(runTiles(exampleRun(), lost))).toEqual(expected);
  const interrupted = { kind: 'interrupted', signal: 'SIGINT' } as const;
  expect(valuesOf(runTiles(exampleRun({ outcome: interrupted }), exampleObservation()))).toEqual(expected);
});

test('from outside, what is inside is not known, and nothing is due', () => {
  const target = { ...exampleRun().target, kind: 'endpoint' as const, resources: null };
  expect(valuesOf(runTiles(exampleRun({ target }), exampleObservation()))).toEqual([
    ...['Held', 'Not known', 'Not known', 'Not known', 'Nothing is due'],
  ]);
});

test.each([
  ['that lasts', {}, ['Holds', '73.2% used', 'Not in 12 months', '$34,269', 'Nothing is due']],
  ['that runs out', { growthPerMonth: 0.05 }, ['Holds today', '73.2% used', '2026-07-15', '$34,269', 'By 2026-07-15']],
  ['that is exceeded', { users: 8_640_000 }, ['Does not hold', '732% used', 'Today', '$321,682', 'Now']],
])('a plan %s', (_, change, expected) => {
  expect(valuesOf(planTiles(change))).toEqual(expected);
});

test('a name of 200 characters does not fill the screen, and every tile leads to its evidence', () => {
  const rollout = [
    { stage: 'now', share: 0.01, date: '2026-01-01' },
    { stage: 'W'.repeat(200), share: 1, date: '2026-05-01' },
  ];
  const { tiles, sections } = planTiles({ rollout, users: 864_000 });
  expect(Math.max(...tiles.map(({ detail }) => detail.length))).toBeLessThan(260);
  const anchors = [
    ...sections.map(({ id }) => id),
    ...sections.flatMap(({ blocks }) =>
      blocks.flatMap((block) =>
        block.kind === 'table'
          ? [...block.table.rows, ...(block.table.more?.rows ?? [])].flat().map(({ anchor }) => anchor)
          : [],
      ),
    ),
  ];
  for (const { anchor } of tiles) if (anchor !== undefined) expect(anchors).toContain(anchor);
});

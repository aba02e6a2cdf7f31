/** One answer for a person: what a plan's report says in one place, it does not deny in another. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { usEast1Prices } from '../aws/prices.ts';
import { exampleCoefficients, exampleDeployment, examplePlan } from '../capacity/example-stack.fixture.ts';
import { planDocument } from './document/plan-document.ts';
import { buildPlanReport } from './plan-report.ts';
import { renderText } from './render/text.ts';
import { widthOf } from './render/wrap.ts';

type Plan = typeof examplePlan;
const reportOf = (change: Partial<Plan> = {}) =>
  buildPlanReport({
    plan: { ...examplePlan, ...change },
    coefficients: exampleCoefficients,
    deployment: exampleDeployment,
    prices: usEast1Prices,
    loadlineVersion: '1.2.3',
    basis: ['A basis.'],
  });

const shares = fc.uniqueArray(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 4 });
/** Any size, any growth, with and without stages, a history, arrivals together. */
const plans: fc.Arbitrary<Partial<Plan>> = fc
  .record(
    {
      users: fc.integer({ min: 1, max: 20_000_000 }),
      growthPerMonth: fc.double({ min: -0.2, max: 0.5, noNaN: true }),
      messagesPerUserPerMinute: fc.double({ min: 0, max: 30, noNaN: true }),
      webhooksPerUserPerDay: fc.double({ min: 0, max: 500, noNaN: true }),
      webhookBurstFactor: fc.double({ min: 1, max: 50, noNaN: true }),
      webhookBytes: fc.constantFrom(200, 20_000, 2_000_000),
      growthHistory: fc.array(fc.double({ min: 100, max: 1_000, noNaN: true }), { minLength: 4, maxLength: 12 }),
      loginWindowSeconds: fc.constantFrom(60, 600, 3_600),
      recoveryObjectiveSeconds: fc.constantFrom(60, 600),
      shares,
    },
    { requiredKeys: ['users'] },
  )
  .map(({ shares: given = [100], ...plan }) => ({
    ...plan,
    rollout: given
      .toSorted((a, b) => a - b)
      .map((share, n) => ({ stage: `stage ${n}`, share: share / 100, date: `2026-0${2 * n + 1}-01` })),
  }));

test('verdict, dates and recommendations never contradict each other, whatever the plan', () => {
  fc.assert(
    fc.property(plans, (plan) => {
      const { status, recommendations, headroom, projection, summary, sentence } = reportOf(plan);
      const [first] = recommendations;
      const when = summary[1]?.[1] ?? '';
      const dates = recommendations.flatMap(({ by }) => by ?? []);
      const acts = first !== undefined && first.kind !== 'keep' && first.kind !== 'unknown';
      if (status === 'exceeded') {
        expect(sentence).toMatch(/^Exceeded: /);
        expect(when).toMatch(/^Exceeded today: /);
        expect(first).toMatchObject({ by: examplePlan.asOf });
        expect(acts).toBe(true);
      }
      if (status === 'soon') {
        const date = projection.first?.date ?? projection.exhaustions.find(({ kind }) => kind === 'perhaps');
        expect(date).toBeDefined();
        expect(acts).toBe(true);
        expect(dates.length).toBeGreaterThan(0);
        if (projection.first) expect(first?.by && first.by <= projection.first.date).toBe(true);
      }
      if (status === 'ok') {
        expect(when).toMatch(/^No quota runs out/);
        expect(dates).toEqual([]);
      }
      // In their order, what stays as it is last.
      expect(dates).toEqual(dates.toSorted());
      const kinds = recommendations.map(({ kind }) => kind === 'keep');
      expect(kinds).toEqual(kinds.toSorted());
      // No stage is called safe in whose column, or in an earlier one, something is exceeded.
      const safe = recommendations.find(({ id }) => id === 'rollout.safeStage');
      const columns = headroom[0]?.later.map(({ label }) => label) ?? [];
      const exceeded = columns.filter((_, n) =>
        headroom.some(({ later }) => {
          const cell = later[n]?.cell;
          return cell?.kind === 'value' && cell.utilisation > 1;
        }),
      );
      const today = headroom.some(({ today: cell }) => cell.kind === 'value' && cell.utilisation > 1);
      if (today) expect(safe?.value).toBe('none');
      for (const stage of exceeded.filter((label) => label !== 'end of horizon')) {
        expect(safe?.value).not.toBe(stage);
        expect(safe?.by && safe.by <= (projection.points.find((point) => point.stage === stage)?.date ?? '')).toBe(
          true,
        );
      }
    }),
    { numRuns: 40 },
  );
});

test.each([80, 40])('at %d columns no line of a plan is wider, whatever its names', (columns) => {
  const names = fc.string({ minLength: 1, maxLength: 120, unit: 'grapheme' });
  fc.assert(
    fc.property(plans, names, (plan, name) => {
      const rollout = [
        { stage: name, share: 0.5, date: '2026-01-01' },
        { stage: `${name} again`, share: 1, date: '2026-05-01' },
      ];
      const lines = renderText(planDocument(reportOf({ ...plan, rollout })), columns).split('\n');
      expect(lines.filter((line) => widthOf(line) > columns)).toEqual([]);
    }),
    { numRuns: 12 },
  );
});

test('the first lines: what binds, when, what to do by when, what it costs, within 80 columns even in a pipe', () => {
  const lines = renderText(planDocument(reportOf({ growthPerMonth: 0.05 }))).split('\n');
  expect(lines.slice(0, lines.indexOf(''))).toEqual([
    'Binds  WebSocket API stage throttle (websocket): 73.2% of 5,000 requests/s',
    '       today; next Lambda concurrent executions, 57.8%',
    'When   WebSocket API stage throttle (websocket) runs out on 2026-07-15, at stage',
    '       “all”; 2 others within 12 months',
    'Do     Set WebSocket API stage throttle (websocket) to 9,400 requests/s, from',
    '       5,000, by 2026-07-15 (11 more below)',
    'Costs  $34,269 a month on AWS today, $61,098 in 12 months',
  ]);
});

test('at 40 columns the first lines keep their names in a column of their own', () => {
  const lines = renderText(planDocument(reportOf({ growthPerMonth: 0.05 })), 40).split('\n');
  const head = lines.slice(0, lines.indexOf(''));
  expect(head.slice(0, 3)).toEqual([
    'Binds  WebSocket API stage throttle',
    '       (websocket): 73.2% of 5,000',
    '       requests/s today; next Lambda',
  ]);
  expect(head.every((line) => /^(Binds|When {1}|Do {3}|Costs| {5}) {2}\S/.test(line))).toBe(true);
});

test('28.8 million silent clients exceed nothing: no heartbeats are advised that would, 96,000/s of 10,000', () => {
  const rollout = [
    { stage: 'some', share: 0.01, date: '2026-01-01' },
    { stage: 'most', share: 0.9, date: '2026-03-01' },
  ];
  const { status, recommendations } = reportOf({
    users: 640_000,
    messagesPerUserPerMinute: 1e-12,
    webhooksPerUserPerDay: 0,
    rollout,
  });
  expect(status).toBe('ok');
  expect(recommendations.filter(({ kind }) => kind === 'redesign')).toEqual([]);
  expect(recommendations.find(({ id }) => id === 'client.heartbeat')).toMatchObject({ kind: 'keep', value: null });
});

test('what stays as it is, is one line, and the last of the recommendations', () => {
  const lines = renderText(planDocument(reportOf({ growthPerMonth: 0.05 }))).split('\n');
  const from = lines.indexOf('Recommendations');
  const advice = lines.slice(from + 1, lines.indexOf('', from)).filter((line) => line.startsWith('  - '));
  expect(advice.filter((line) => /^ {2}- (Keep|Leave|.*no need)/.test(line))).toEqual([advice.at(-1)]);
  expect(advice.at(-1)).toMatch(/^ {2}- Keep as it is: .*batch size of the event source of queue.*\.$/);
});

test('do: nothing is due where nothing runs out', () => {
  // 2 h of lifetime, 73% of the stage’s throttle: the only recommendations are settings.
  expect(reportOf().summary[2]?.[1]).toMatch(/^Nothing is due within 12 months\. Worth setting: set /);
  expect(reportOf({ growthPerMonth: 0.05 }).summary[2]?.[1]).toMatch(/ by 2026-07-15 \(11 more below\)$/);
});

test.each([
  // 432,000 connections shrink with their users.
  ['shrinking', { growthPerMonth: -0.038 }, 'No quota runs out within 12 months: users shrink by 3.8% a month'],
  ['flat', {}, 'No quota runs out within 12 months'],
  // 3,660/s × 10 of 5,000
  [
    'exceeded',
    { users: 8_640_000 },
    'Exceeded today: WebSocket API stage throttle (websocket) is at 732%; 7 others within 12 months',
  ],
])('when: %s', (_, change, line) => {
  expect(reportOf(change).summary[1]).toEqual(['When', line]);
});

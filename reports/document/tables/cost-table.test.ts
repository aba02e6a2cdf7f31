import { expect, test } from 'vitest';
import { exampleObservation } from '../../example-observation.fixture.ts';
import { exampleRun } from '../../example-run.fixture.ts';
import { buildReport } from '../../report.ts';
import { costTable } from './cost-table.ts';

const { cost } = buildReport(exampleRun(), exampleObservation());

test('what is not 1% of the total on any day is folded, and nothing is left out', () => {
  const table = costTable(cost);
  const named = [...(table?.rows ?? []), ...(table?.more?.rows ?? [])].map(([name]) => name?.text);
  expect(named.toSorted()).toEqual(
    [...(cost[0]?.cost.components.map(({ name }) => name) ?? []), 'total', 'per user', 'per million pushes'].toSorted(),
  );
  const folded = table?.more?.rows.map(([name]) => name?.text) ?? [];
  expect(folded).toContain('CloudWatch alarms');
  // $3 of $467.
  expect(folded).toContain('CloudWatch dashboard');
  expect(folded).not.toContain('WebSocket messages');
});

test('a component that is not known may be large: it is not folded', () => {
  const [today] = cost;
  if (!today) throw new Error('The example costs nothing.');
  const components = today.cost.components.map((each) =>
    each.id === 'logIngestion' || each.name === 'CloudWatch alarms'
      ? { ...each, amount: { kind: 'unknown' as const, reason: 'not measured' } }
      : each,
  );
  const table = costTable([{ ...today, cost: { ...today.cost, components } }]);
  expect(table?.rows.map(([name]) => name?.text)).toContain('CloudWatch alarms');
});

test('more than six days have no column each; the first and the last have one', () => {
  const [today, ...later] = cost;
  const end = later.at(-1);
  if (!today || !end) throw new Error('The example costs nothing.');
  const many = [
    today,
    ...Array.from({ length: 9 }, (_, i) => ({ ...end, label: `stage ${i}`, date: `2027-0${i + 1}-01` })),
  ];
  const table = costTable(many);
  expect(table?.columns.map(({ name }) => name)).toEqual([
    ...['component', 'today, 2026-11-01', 'stage 0, 2027-01-01', 'stage 1, 2027-02-01', 'stage 2, 2027-03-01'],
    ...['stage 3, 2027-04-01', 'stage 8, 2027-09-01'],
  ]);
  expect(table?.notes[0]).toMatch(/^Not every stage has a column/);
});

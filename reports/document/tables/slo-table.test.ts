import { expect, test } from 'vitest';
import { exampleObservation } from '../../example-observation.fixture.ts';
import { exampleRun } from '../../example-run.fixture.ts';
import { buildReport } from '../../report.ts';
import { sloTable } from './latency-tables.ts';

test.each([
  ['completed', {}, ['met', 'missed']],
  ['interrupted', { outcome: { kind: 'interrupted', signal: 'SIGINT' } } as const, ['not judged', 'not judged']],
])('a run that was %s judges its objectives, or does not', (_, run, expected) => {
  const { slo, verdict } = buildReport(exampleRun(run), exampleObservation());
  const rows = slo.flatMap((row) => (row.kept === null ? [] : [row]));
  const [first, second] = rows;
  if (!first || !second) return expect.fail('fewer than two objectives were judged');
  const table = sloTable(
    [
      { ...first, kept: true },
      { ...second, kept: false },
    ],
    verdict.status,
  );
  expect(table.rows.map((cells) => cells.at(-1)?.text)).toEqual(expected);
});

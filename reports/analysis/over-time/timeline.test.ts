import { expect, test } from 'vitest';
import { exampleObservation } from '../../example-observation.fixture.ts';
import { exampleRun } from '../../example-run.fixture.ts';
import { buildReport } from '../../report.ts';

test('periods without data are a gap in the timeline, not a slope', () => {
  const queue = buildReport(exampleRun(), exampleObservation()).timeline?.panels.find(({ id }) => id === 'queue');
  expect(queue?.lines.find(({ name }) => name === 'in flight')?.points).toEqual([
    [10, 3],
    [27, null],
    [28, 10],
    [59, null],
    [60, 3],
  ]);
});

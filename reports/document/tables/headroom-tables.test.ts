import { expect, test } from 'vitest';
import { exampleObservation, noData } from '../../example-observation.fixture.ts';
import { exampleRun } from '../../example-run.fixture.ts';
import { buildReport } from '../../report.ts';
import { headroomTables } from './headroom-tables.ts';

test('why a row is unknown stands once, under its name: its cells are as wide as numbers', () => {
  const series = ['avg', 'avg.window', 'p99.window'].map((each) => noData(`lambda.message.duration.${each}`));
  const { headroom } = buildReport(exampleRun(), exampleObservation({ series }));
  const rows = headroomTables(headroom, { onAws: false, withRun: true }).flatMap(({ rows, more }) => [
    ...rows,
    ...(more?.rows ?? []),
  ]);
  const unknown = rows.filter((cells) => cells.some(({ text }) => text === 'unknown'));
  expect(unknown.map(([name]) => name?.text)).toContain('WebSocket API integration timeout (websocket)');
  for (const [name, , ...cells] of unknown) {
    expect(name?.detail?.match(/unknown: /g)).toHaveLength(1);
    expect(cells.filter(({ text }) => text === 'unknown').map(({ detail }) => detail ?? '')).toEqual(
      cells.filter(({ text }) => text === 'unknown').map(() => ''),
    );
  }
});

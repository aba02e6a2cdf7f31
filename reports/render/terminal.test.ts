import { expect, test } from 'vitest';
import { runDocument } from '../document/run-document.ts';
import { exampleObservation, lostEvent } from '../example-observation.fixture.ts';
import { exampleRun } from '../example-run.fixture.ts';
import { buildReport } from '../report.ts';
import { renderHtml } from './html.ts';
import { renderMarkdown } from './markdown.ts';
import { renderTerminal } from './terminal.ts';
import { renderText } from './text.ts';

test('the terminal ends with the verdict, the reasons and the path', () => {
  const lost = buildReport(
    exampleRun(),
    exampleObservation({ client: { events: lostEvent() }, totals: { eventsDelivered: 704 } }),
  );
  const lines = renderTerminal(lost, 'runs/x/report.html').trimEnd().split('\n');
  expect(lines[0]).toMatch(
    /^Invalid: this run against the local target is inconclusive at .*\. 1 event of 750 accepted is lost/,
  );
  expect(lines[1]).toMatch(/^ {2}- 1 event of 750/);
  expect(lines.at(-1)).toBe('runs/x/report.html');
});

test('a partial report without measurements renders everywhere', () => {
  const partial = buildReport(exampleRun({ outcome: { kind: 'interrupted', signal: 'SIGINT' } }), null);
  const document = runDocument(partial);
  expect(document.sections.map(({ id }) => id)).toEqual(['why', 'run', 'method']);
  for (const text of [renderHtml(document), renderMarkdown(document), renderText(document)])
    expect(text).toContain('The run was interrupted (SIGINT).');
  expect(renderTerminal(partial, 'runs/x/report.html')).toContain('The run was interrupted (SIGINT).');
});

test('plain text: of a long table the first rows and the last, with the number left out', () => {
  const table = {
    ...{ id: 't', caption: 'Caption', notes: ['Note.'] },
    columns: [
      { name: 'name', numeric: false },
      { name: 'value', numeric: true },
    ],
    rows: Array.from({ length: 10 }, (_, i) => [{ text: `row ${i}`, detail: 'small print' }, { text: `${i * 100}` }]),
  };
  const text = renderText({
    title: 'Title',
    verdict: { tone: 'good', lead: 'OK', sentence: 'OK: yes.', links: [] },
    sections: [{ id: 's', title: 'Section', blocks: [{ kind: 'table', table }] }],
    footer: '',
  });
  expect(text.split('\n')).toEqual([
    'OK: yes.',
    '',
    'Section',
    '  Caption',
    '  name   value',
    '  row 0      0',
    '  row 1    100',
    '  row 2    200',
    '  row 3    300',
    '  row 4    400',
    '  … 2 more',
    '  row 7    700',
    '  row 8    800',
    '  row 9    900',
    '  Note.',
    '',
  ]);
});

import { expect, test } from 'vitest';
import { runDocument } from '../document/run-document.ts';
import { exampleObservation, lostEvent } from '../example-observation.fixture.ts';
import { exampleRun } from '../example-run.fixture.ts';
import { buildReport } from '../report.ts';
import { renderHtml } from './html.ts';
import { renderMarkdown } from './markdown.ts';
import { renderTerminal } from './terminal.ts';
import { renderText } from './text.ts';
import { widthOf, wrapped } from './wrap.ts';

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
  // What an invalid run implies is not said without that, and not in the last lines at all.
  expect(lines.join()).not.toContain('a month');
  const page = renderText(runDocument(lost));
  for (const title of ['Headroom', 'Projection', 'Cost', 'Recommendations'])
    expect(page).toContain(
      `${title}\n  The run is invalid, so its coefficients, and what is calculated from them here, may be wrong`,
    );
});

test('a valid run ends with what its plan costs, and says nothing of doubts; on 40 columns nothing is wider', () => {
  const report = buildReport(exampleRun(), exampleObservation({}));
  expect(renderTerminal(report, 'x.html')).toMatch(
    /\nThe plan costs \$[\d,.]+ a month on AWS today, \$[\d,.]+ in 24 months, modelled\.\nx\.html\n$/,
  );
  expect(renderText(runDocument(report))).not.toContain('The run is');
  expect(
    renderTerminal(report, 'x.html', 40)
      .split('\n')
      .filter((line) => widthOf(line) > 40),
  ).toEqual([]);
});

test('wide characters take two columns, words that no line holds are cut, and nothing is lost', () => {
  expect([widthOf('a'), widthOf('日本'), widthOf('é'), widthOf('👩‍👩‍👧')]).toEqual([1, 4, 1, 2]);
  expect(wrapped('one two three', 7)).toEqual(['one two', 'three']);
  expect(wrapped('  - one two three four five six', 24, 4)).toEqual(['  - one two three four', '    five six']);
  expect(wrapped('abcdefghij', 4)).toEqual(['abcd', 'efgh', 'ij']);
  expect(wrapped('日本日本 日本', 5)).toEqual(['日本', '日本', '日本']);
});

test('a partial report without measurements renders everywhere', () => {
  const partial = buildReport(exampleRun({ outcome: { kind: 'interrupted', signal: 'SIGINT' } }), null);
  const document = runDocument(partial);
  expect(document.sections.map(({ id }) => id)).toEqual(['why', 'method', 'run']);
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
    verdict: { tone: 'good', lead: 'OK', sentence: 'OK: yes.' },
    tiles: [],
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

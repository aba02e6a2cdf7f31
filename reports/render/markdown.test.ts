import { expect, test } from 'vitest';
import { runDocument } from '../document/run-document.ts';
import { exampleObservation, seriesOf } from '../example-observation.fixture.ts';
import { exampleRun } from '../example-run.fixture.ts';
import { buildReport } from '../report.ts';
import { renderMarkdown } from './markdown.ts';

const report = buildReport(exampleRun(), exampleObservation());
const document = runDocument(report);
const markdown = renderMarkdown(document);

test('first line: the verdict', () => {
  expect(markdown.split('\n')[0]).toBe(`**${report.verdict.sentence}**`);
});

test('then the answer in five, side by side', () => {
  const [, , head = '', , row = ''] = markdown.split('\n');
  expect(head).toBe('| SLO | Binds now | Runs out | Costs a month | Do next |');
  expect(row).toMatch(
    /^\| \*\*Held\*\*<br><sub>9 objectives met\. The run is valid\.<\/sub> \| \*\*4\.6% used\*\*<br>/,
  );
});

test.each([
  '_Capacity report: sync on the local target_',
  '| accepted<br><sub>distinct event ids answered 200</sub> | 750 |',
  '| lost<br><sub>never finished, and in neither queue</sub> | 0 |',
  '| round trip<br><sub>message due → answer, steady state</sub> | 600 | 20 ms | 20 ms | 40 ms<br><sub>95% CI 40 ms to 90 ms</sub> | 90 ms \\* | 90 ms |',
  '- Started: 2026-11-21 18:07:26 UTC',
  '- New connections over time: opened (client) at most 20 connections/s, at second 0.',
])('says %s', (line) => {
  expect(markdown).toContain(line);
});

test('has the sections of the document, in its order; all but the first rows are folded, and every fold is closed', () => {
  const headings = [...markdown.matchAll(/^(?:### |<details><summary>)(.+?)(?:<\/summary>)?$/gm)].map(
    ([, title]) => title,
  );
  const titles = document.sections.map(({ title }) => title);
  expect(headings.filter((title) => titles.includes(title ?? ''))).toEqual(titles);
  expect(markdown.match(/<details>/g)?.length).toBe(markdown.match(/<\/details>/g)?.length);
  const inTheOpen = markdown.replaceAll(/<details>[\s\S]*?<\/details>/g, '');
  expect(inTheOpen.length).toBeLessThan(6_000);
  // Five rows of headroom, with their head and rule, after the answer’s three lines.
  expect(inTheOpen.split('\n').filter((line) => line.startsWith('|'))).toHaveLength(3 + 2 + 5);
});

test('every link leads to an anchor', () => {
  const anchors = [...markdown.matchAll(/<a id="(.+?)">/g)].map(([, id]) => id);
  const refused = seriesOf('local.quotaRefusals newConnections.sum', [[3, 40]]);
  const text = renderMarkdown(runDocument(buildReport(exampleRun(), exampleObservation({ series: [refused] }))));
  const links = [...text.matchAll(/\]\(#(.+?)\)/g)].map(([, id]) => id);
  expect(links.length).toBeGreaterThanOrEqual(1);
  expect(anchors).toEqual(expect.arrayContaining(links));
});

test('text of a plan cannot become markup, leave its line, or call a person or another thread', () => {
  const scenario = '<img src=x>\n# Title | [a](b) @octocat #12 ~~x~~';
  expect(renderMarkdown(runDocument(buildReport(exampleRun({ scenario }), exampleObservation())))).toContain(
    '_Capacity report: &lt;img src=x> \\# Title \\| \\[a\\](b) @\u200boctocat \\#\u200b12 \\~\\~x\\~\\~ on the local target_',
  );
});

test('no report is longer than a comment may be, whatever its names and errors', () => {
  const name = 'stage <&_*|# '.repeat(400);
  const rollout = Array.from({ length: 12 }, (_, i) => ({
    ...{ stage: `${i} ${name}`, share: (i + 1) / 12 },
    date: `2027-${String(i + 1).padStart(2, '0')}-01`,
  }));
  const reason = `said ${name.repeat(50)}`;
  const hostile = renderMarkdown(
    runDocument(
      buildReport(
        exampleRun({
          plan: { ...exampleRun().plan, name, rollout },
          outcome: { kind: 'crashed', part: 'target', reason },
        }),
        exampleObservation(),
      ),
    ),
  );
  expect(hostile.length).toBeLessThan(65_536);
  expect(hostile.split('\n')[0]).toMatch(/^\*\*Partial: .*…\*\*$/);
  expect(hostile.match(/<details>/g)?.length).toBe(hostile.match(/<\/details>/g)?.length);
});

import { expect, test } from 'vitest';
import { runDocument } from '../document/run-document.ts';
import { exampleObservation } from '../example-observation.fixture.ts';
import { exampleRun } from '../example-run.fixture.ts';
import { buildReport } from '../report.ts';
import { renderMarkdown } from './markdown.ts';

const report = buildReport(exampleRun(), exampleObservation());
const document = runDocument(report);
const markdown = renderMarkdown(document);

test('first line: the verdict', () => {
  expect(markdown.split('\n')[0]).toBe(`**${report.verdict.sentence}**`);
});

test.each([
  '# Capacity report: sync on the local target',
  '| accepted<br><sub>distinct event ids answered 200</sub> | 750 |',
  '| lost<br><sub>never finished, and in neither queue</sub> | 0 |',
  '| round trip<br><sub>message due → answer, steady state</sub> | 600 | 20 ms | 20 ms | 40 ms<br><sub>95% CI 40 ms to 90 ms</sub> | 90 ms \\* | 90 ms |',
  '- Started: 2026-11-21 18:07:26 UTC',
  '- New connections over time: opened (client) at most 20 connections/s, at second 0.',
])('says %s', (line) => {
  expect(markdown).toContain(line);
});

test('has the sections of the document, in its order', () => {
  const headings = markdown.split('\n').filter((line) => line.startsWith('## '));
  expect(headings).toEqual(document.sections.map(({ title }) => `## ${title}`));
});

test('every link leads to an anchor', () => {
  const anchors = [...markdown.matchAll(/<a id="(.+?)">/g)].map(([, id]) => id);
  const links = [...markdown.matchAll(/\]\(#(.+?)\)/g)].map(([, id]) => id);
  expect(links.length).toBeGreaterThanOrEqual(2);
  expect(anchors).toEqual(expect.arrayContaining(links));
});

test('text of a plan cannot become markup, nor leave its line', () => {
  const scenario = '<img src=x>\n# Title | [a](b)';
  expect(renderMarkdown(runDocument(buildReport(exampleRun({ scenario }), exampleObservation())))).toContain(
    '# Capacity report: &lt;img src=x> \\# Title \\| \\[a\\](b) on the local target',
  );
});

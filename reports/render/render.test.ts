import { parseHTML } from 'linkedom';
import { describe, expect, test } from 'vitest';
import { approx, dollars, percent, quantity, utc } from '../analysis/numbers.ts';
import type { Panel } from '../analysis/timeline.ts';
import { exampleObservation, exampleRun } from '../example-run.fixture.ts';
import { buildReport } from '../report.ts';
import { drawPanel } from './chart.ts';
import { renderHtml } from './html.ts';
import { renderMarkdown } from './markdown.ts';
import { renderTerminal } from './terminal.ts';

const report = buildReport(exampleRun(), exampleObservation());
const html = renderHtml(report);
const markdown = renderMarkdown(report);

describe('report.html', () => {
  const { document } = parseHTML(html);

  test('loads nothing from anywhere', () => {
    const loads = ['script', 'link[rel=stylesheet]', 'img', 'iframe', 'object', 'embed', 'source', 'use', 'image'];
    expect(document.querySelectorAll(loads.join(',')).length).toBe(0);
    expect(html).not.toMatch(/(?:src|href|xlink:href|action)="(?!#|data:,)/);
    expect(html).not.toMatch(/url\(|@import|https?:/);
  });

  test('begins with the verdict, and has a heading, a title and a language', () => {
    expect(document.querySelector('header')?.firstElementChild?.textContent).toBe(report.verdict.sentence);
    expect(document.querySelectorAll('h1').length).toBe(1);
    expect(document.querySelector('title')?.textContent).toBe('Capacity report: sync on the local target');
    expect(document.documentElement?.getAttribute('lang')).toBe('en');
  });

  test('every link of the navigation leads to a section, and no id is used twice', () => {
    const links = [...document.querySelectorAll('nav a')].map((link) => link.getAttribute('href')?.slice(1) ?? '');
    expect(links.length).toBe(11);
    for (const id of links) expect(document.getElementById(id)).not.toBeNull();
    const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('each chart is described in words and repeated as a table', () => {
    const figures = [...document.querySelectorAll('figure')];
    expect(figures.length).toBe(7);
    for (const figure of figures) {
      expect(figure.querySelector('[role=img]')?.getAttribute('aria-label')).toMatch(/ over time: .* at most /);
      expect(figure.querySelectorAll('details table tbody tr').length).toBeGreaterThan(0);
    }
  });

  test('text of the plan cannot become markup', () => {
    const evil = exampleRun({ scenario: '<img src=x onerror=alert(1)>' });
    expect(renderHtml(buildReport(evil, exampleObservation()))).not.toContain('<img');
  });
});

test('a line across a chart where the quota is in reach, a sentence where it is far above', () => {
  const panel = (value: number): Panel => ({
    id: 'p',
    title: 'New connections',
    unit: 'connections/s',
    lines: [
      {
        name: 'opened',
        from: 'client',
        points: [
          [0, 5],
          [1, 10],
          [2, 8],
        ],
      },
    ],
    bounds: [{ name: 'quota: new connections', value, kind: 'quota' }],
    missing: [],
  });
  const timeline = { lastSecond: 2, steady: null };
  const near = drawPanel(panel(15), timeline);
  expect(near.svg).toContain('quota: new connections');
  expect(near.notes).toEqual([]);
  const far = drawPanel(panel(500), timeline);
  expect(far.svg).not.toContain('quota: new connections');
  expect(far.notes).toEqual(['quota: new connections: 500 connections/s, 50× the highest value here.']);
});

describe('report.md', () => {
  test('first line: the verdict', () => {
    expect(markdown.split('\n')[0]).toBe(`**${report.verdict.sentence}**`);
  });

  test.each([
    '# Capacity report: sync on the local target',
    '| accepted<br><sub>distinct event ids answered 200</sub> | 750 |',
    '| lost<br><sub>the rest</sub> | 0 |',
    '| round trip<br><sub>message due → answer, steady state</sub> | 600 | 20 ms | 20 ms | 40 ms | 90 ms \\* | 90 ms |',
    '- Started: 2026-11-21 18:07:26 UTC',
  ])('says %s', (line) => {
    expect(markdown).toContain(line);
  });
});

test('a partial report without measurements renders everywhere', () => {
  const partial = buildReport(exampleRun({ outcome: { kind: 'interrupted', signal: 'SIGINT' } }), null);
  for (const text of [renderHtml(partial), renderMarkdown(partial), renderTerminal(partial, 'runs/x/report.html')])
    expect(text).toContain('The run was interrupted (SIGINT).');
});

test('the terminal ends with the verdict, the reasons and the path', () => {
  const lost = buildReport(exampleRun(), exampleObservation({ totals: { eventsDelivered: 704 } }));
  const lines = renderTerminal(lost, 'runs/x/report.html').trimEnd().split('\n');
  expect(lines[0]).toMatch(
    /^Invalid: this run against the local target proves nothing .*: 1 event of 750 accepted are lost/,
  );
  expect(lines[1]).toMatch(/^ {2}- 1 event of 750/);
  expect(lines.at(-1)).toBe('runs/x/report.html');
});

test('numbers have three digits, separators and a unit', () => {
  expect([approx(12_345), quantity(92.59, 'webhooks/s'), percent(0.1234), percent(1.44), percent(0.00001)]).toEqual([
    '12,300',
    '92.6 webhooks/s',
    '12.3%',
    '144%',
    'under 0.01%',
  ]);
  expect([dollars(15_442.4), dollars(0.0356), utc('2026-11-21T18:24:03.123Z')]).toEqual([
    '$15,442',
    '$0.0356',
    '2026-11-21 18:24:03 UTC',
  ]);
});

import { parseHTML } from 'linkedom';
import { describe, expect, test } from 'vitest';
import { runDocument } from '../document/run-document.ts';
import { exampleObservation, seriesOf } from '../example-observation.fixture.ts';
import { exampleRun } from '../example-run.fixture.ts';
import { buildReport } from '../report.ts';
import { renderHtml } from './html.ts';

const report = buildReport(exampleRun(), exampleObservation());
const html = renderHtml(runDocument(report));
const { document } = parseHTML(html);

test('loads nothing from anywhere', () => {
  const loads = ['script', 'link[rel=stylesheet]', 'img', 'iframe', 'object', 'embed', 'source', 'use', 'image'];
  expect(document.querySelectorAll(loads.join(',')).length).toBe(0);
  expect(html).not.toMatch(/(?:src|href|xlink:href|action)="(?!#|data:,)/);
  expect(html).not.toMatch(/url\(|@import|https?:/);
});

test('begins with the verdict, and has a heading, a title and a language', () => {
  expect(document.querySelector('header')?.firstElementChild?.textContent).toBe(report.verdict.sentence);
  expect(document.querySelector('header strong')?.textContent).toBe('OK');
  expect(document.querySelectorAll('h1').length).toBe(1);
  expect(document.querySelector('title')?.textContent).toBe('Capacity report: sync on the local target');
  expect(document.documentElement?.getAttribute('lang')).toBe('en');
});

test('every link leads somewhere, and no id is used twice', () => {
  const links = [...document.querySelectorAll('a')].map((link) => link.getAttribute('href')?.slice(1) ?? '');
  expect(document.querySelectorAll('nav a').length).toBe(12);
  for (const id of links) expect(document.getElementById(id)).not.toBeNull();
  const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
});

test('the verdict links to the rows of the binding quota and its runner-up', () => {
  const rows = [...document.querySelectorAll('.links a')].map((link) =>
    document.getElementById(link.getAttribute('href')?.slice(1) ?? ''),
  );
  expect(rows.map((row) => row?.firstChild?.textContent)).toEqual([
    report.binding?.quota.name,
    report.binding?.runnerUp?.name,
  ]);
});

test('a refusal counted by the local target links to its quota’s row', () => {
  const refused = seriesOf('local.quotaRefusals newConnections.sum', [[3, 40]]);
  const refusing = buildReport(exampleRun(), exampleObservation({ series: [refused] }));
  const { document: page } = parseHTML(renderHtml(runDocument(refusing)));
  const warning = [...page.querySelectorAll('.items li')].find(({ textContent }) =>
    textContent?.startsWith('WebSocket new connections rate refused 40 requests.'),
  );
  const anchor = warning?.querySelector('a')?.getAttribute('href');
  expect(anchor).toBe('#quota-newConnections');
  expect(page.getElementById('quota-newConnections')?.textContent).toContain('WebSocket new connections rate');
});

test('each chart is described in words and repeated as a table', () => {
  const figures = [...document.querySelectorAll('figure')];
  expect(figures.length).toBe(7);
  for (const figure of figures) {
    expect(figure.querySelector('[role=img]')?.getAttribute('aria-label')).toMatch(
      / over time: .* (?:at most .*, at second \d+|0 throughout)/,
    );
    expect(figure.querySelectorAll('details table tbody tr').length).toBeGreaterThan(0);
  }
});

describe('hostile names', () => {
  const hostile = `"><img src=x onerror='alert(1)'>&lt;`;
  const elementsOf = (page: string) => parseHTML(page).document.querySelectorAll('img, [onerror], [src]').length;

  test('of the scenario, plan, stages, target and reasons stay text', () => {
    const { plan, target } = exampleRun();
    const latencies = [{ service: hostile, operation: hostile, delay: 1, confidence: 'assumed' as const }];
    const hostileModel = {
      ...{ seed: 1, quotaScale: 1, timeScale: 1, webSocketIdleSeconds: 600, webSocketLifetimeSeconds: 7_200 },
      ...{ latencyProfile: { name: hostile, latencies }, limits: [], faults: [] },
    };
    const run = exampleRun({
      scenario: hostile,
      planFile: hostile,
      commit: hostile,
      loadlineVersion: hostile,
      plan: { ...plan, name: hostile, rollout: [{ stage: hostile, share: 0.1, date: '2026-12-01' }] },
      target: { ...target, region: hostile, model: hostileModel },
      outcome: { kind: 'crashed', part: 'target', reason: hostile },
    });
    const page = renderHtml(runDocument(buildReport(run, exampleObservation())));
    expect(elementsOf(page)).toBe(0);
    expect(page).not.toContain('&amp;amp;');
    expect(parseHTML(page).document.querySelector('h1')?.textContent).toContain(hostile);
  });

  test('in every text of a document, panels of charts among them, stay text', () => {
    const panel = {
      ...{ id: hostile, title: hostile, unit: hostile, missing: [hostile] },
      lines: [{ name: hostile, from: 'client' as const, points: [[0, 1] as [number, number]] }],
      bounds: [{ name: hostile, value: 1.2, kind: 'quota' as const }],
    };
    const link = { text: hostile, anchor: hostile };
    const page = renderHtml({
      title: hostile,
      verdict: { tone: 'good', lead: hostile, sentence: `${hostile}: ${hostile}`, links: [link] },
      footer: hostile,
      sections: [
        {
          id: hostile,
          title: hostile,
          blocks: [
            { kind: 'paragraph', text: hostile },
            { kind: 'list', items: [{ text: hostile, next: hostile, links: [link] }] },
            { kind: 'facts', facts: [[hostile, hostile]] },
            {
              kind: 'table',
              table: {
                ...{ id: hostile, caption: hostile, columns: [{ name: hostile, numeric: true }], notes: [hostile] },
                rows: [[{ text: hostile, detail: hostile, anchor: hostile, tone: 'bad', bar: 1 }]],
              },
            },
            { kind: 'timeline', timeline: { startsAt: hostile, lastSecond: 1, steady: null, panels: [panel] } },
          ],
        },
      ],
    });
    expect(elementsOf(page)).toBe(0);
    const { document } = parseHTML(page);
    expect(document.querySelector('[role=img]')?.getAttribute('aria-label')).toContain(hostile);
    expect(document.querySelector('figure svg text:last-of-type')?.textContent).toBeDefined();
    expect(document.querySelector('tbody th')?.id).toBe(hostile);
  });
});

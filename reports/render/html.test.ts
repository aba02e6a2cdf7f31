import { createHash } from 'node:crypto';
import { inflateRawSync } from 'node:zlib';
import { parseHTML } from 'linkedom';
import { describe, expect, test } from 'vitest';
import { usEast1Prices } from '../../aws/prices.ts';
import { exampleCoefficients, exampleDeployment, examplePlan } from '../../capacity/example-stack.fixture.ts';
import type { Document } from '../document/document.ts';
import { runDocument } from '../document/run-document.ts';
import { exampleObservation, seriesOf } from '../example-observation.fixture.ts';
import { exampleRun } from '../example-run.fixture.ts';
import { buildReport } from '../report.ts';
import { dataJson, readData } from '../what-if/page-data.ts';
import { whatIfPage } from '../what-if/section.ts';
import { bytesOf } from '../what-if/signs.fixture.ts';
import { renderHtml } from './html.ts';

const report = buildReport(exampleRun(), exampleObservation());
const html = renderHtml(runDocument(report));
const { document } = parseHTML(html);

test('loads nothing from anywhere', () => {
  const loads = ['script[src]', 'link[rel=stylesheet]', 'img', 'iframe', 'object', 'embed', 'source', 'use', 'image'];
  expect(document.querySelectorAll(loads.join(',')).length).toBe(0);
  expect(html).not.toMatch(/(?:src|href|xlink:href|action)="(?!#|data:,)/);
  expect(html).not.toMatch(/url\(|@import|https?:(?!\/\/www\.w3\.org\/2000\/svg')/);
});

test('its policy allows its own style and scripts, by their digests, and no attribute needs another', () => {
  const policy = document.querySelector('meta[http-equiv]')?.getAttribute('content') ?? '';
  const digestOf = (source: string) => `'sha256-${createHash('sha256').update(source).digest('base64')}'`;
  const style = /<style>([\s\S]*?)<\/style>/.exec(html)?.[1] ?? '';
  const scripts = [...html.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(([, source = '']) => digestOf(source));
  expect(scripts).toHaveLength(1);
  expect(policy).toBe(
    `default-src 'none'; style-src ${digestOf(style)}; script-src ${scripts.join(' ')}; img-src data:; base-uri 'none'; form-action 'none'`,
  );
  expect(document.querySelectorAll('[style], [onclick], [onload]')).toHaveLength(0);
});

test('with a live what-if it has the section behind the projection, and the policy allows its packed code as it runs', () => {
  const code = 'let x = "</b>" < 2;';
  const base = {
    ...{ plan: examplePlan, coefficients: exampleCoefficients, deployment: exampleDeployment },
    ...{ prices: usEast1Prices, loadlineVersion: '1.2.3', basis: [] },
  };
  const live = renderHtml(
    runDocument(report),
    whatIfPage(dataJson({ base, rules: {}, asked: '', notCopied: [], settings: null }), {
      ...{ code, command: 'plan', behind: 'projection' },
    }),
  );
  const page = parseHTML(live).document;
  const ids = [...page.querySelectorAll('nav a')].map((link) => link.getAttribute('href'));
  expect(ids.slice(0, 4)).toEqual(['#headroom', '#projection', '#what-if', '#latency']);
  const digestOf = (source: string) => `'sha256-${createHash('sha256').update(source).digest('base64')}'`;
  const policy = page.querySelector('meta[http-equiv]')?.getAttribute('content') ?? '';
  const own = [...live.matchAll(/<(?:style|script)>([\s\S]*?)<\/(?:style|script)>/g)].map(([, source = '']) => source);
  expect([...own, code].filter((source) => !policy.includes(digestOf(source)))).toEqual([]);
  const unpacked = (id: string) =>
    inflateRawSync(Buffer.from(bytesOf(page.querySelector(`#what-if-${id}`)?.textContent ?? ''))).toString();
  expect(unpacked('code')).toBe(code);
  expect(readData(unpacked('data')).base).toEqual(base);
});

test('begins with the answer: title, verdict and five tiles, each with its evidence; metadata is last', () => {
  const [title, verdict, tiles, nav] = document.querySelector('header')?.children ?? [];
  expect(title?.textContent).toBe('Capacity report: sync on the local target');
  expect(verdict?.textContent).toBe(report.verdict.sentence);
  expect(verdict?.querySelector('strong')?.textContent).toBe('OK');
  expect(nav?.localName).toBe('nav');
  const shown = [...(tiles?.querySelectorAll('.tile') ?? [])].map((tile) => [
    tile.querySelector('dt')?.textContent,
    tile.querySelector('strong')?.textContent,
    tile.querySelector('a')?.getAttribute('href'),
  ]);
  expect(shown).toEqual([
    ['SLO', 'Held', '#latency'],
    ['Binds now', '4.6% used', '#quota-httpApiThrottle'],
    ['Runs out', '2027-07-08', '#projection'],
    ['Costs a month', expect.stringMatching(/^\$[\d.]+$/), '#cost'],
    ['Do next', expect.stringMatching(/^By 20/), '#recommendations'],
  ]);
  const sections = [...document.querySelectorAll('section h2')].map(({ id }) => id);
  expect(sections).toEqual([
    ...['headroom', 'projection', 'latency', 'timeline', 'delivery', 'resources', 'cost', 'recommendations', 'ledger'],
    ...['validity', 'warnings', 'method', 'run'],
  ]);
  expect(document.querySelectorAll('h1').length).toBe(1);
  expect(document.querySelector('title')?.textContent).toBe('Capacity report: sync on the local target');
  expect(document.documentElement?.getAttribute('lang')).toBe('en');
});

test('every link leads somewhere, and no id is used twice', () => {
  const links = [...document.querySelectorAll('a')].map((link) => link.getAttribute('href')?.slice(1) ?? '');
  expect(document.querySelectorAll('nav a').length).toBe(13);
  for (const id of links) expect(document.getElementById(id)).not.toBeNull();
  const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
});

test('rows of which nothing reaches 10% are one line that opens; what binds is never among them', () => {
  const rest = document.querySelector('#headroom ~ details.rest');
  expect(rest?.querySelector('summary')?.textContent).toMatch(
    /^\d+ more rows of which nothing reaches 10%, today or later$/,
  );
  const shares = [...(rest?.querySelectorAll('td') ?? [])].flatMap(
    (cell) => /^([\d.]+)%/.exec(cell.textContent ?? '')?.[1] ?? [],
  );
  expect(shares.length).toBeGreaterThanOrEqual(12);
  expect(shares.filter((share) => Number(share) >= 10)).toEqual([]);
  expect(rest?.querySelector('#quota-httpApiThrottle')).toBeNull();
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

test('each chart is described in words and repeated as a table; one without values is a sentence', () => {
  const figures = [...document.querySelectorAll('#timeline ~ .charts figure')];
  expect(figures.length).toBe(5);
  for (const figure of figures) {
    const plot = figure.querySelector('[role=img]');
    const [title, sentence] = ['aria-labelledby', 'aria-describedby'].map((name) =>
      document.getElementById(plot?.getAttribute(name) ?? ''),
    );
    expect(title?.textContent).not.toBe('');
    expect(sentence?.textContent).toMatch(/ over time: .* (?:at most .*, at second \d+|0 throughout)/);
    expect(figure.querySelectorAll('details table tbody tr').length).toBeGreaterThan(0);
  }
  expect(document.querySelector('#timeline ~ .items')?.textContent).toContain('Errors by kind over time: ');
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

  test('in every text of a document, charts among them, stay text', () => {
    const link = { text: hostile, anchor: hostile };
    const cell = { text: hostile, detail: hostile, tone: 'bad', bar: 1 } as const;
    const about = {
      ...{ title: hostile, sentence: hostile, x: { name: hostile, scale: 'linear' as const, from: 0, to: 2 } },
      ...{ spans: [{ name: hostile, from: 0, to: 1, tone: 'bad' as const }], moments: [{ name: hostile, at: 1 }] },
    };
    const page = renderHtml({
      title: hostile,
      verdict: { tone: 'good', lead: hostile, sentence: `${hostile}: ${hostile}` },
      tiles: [{ id: hostile, name: hostile, value: hostile, detail: hostile, anchor: hostile }],
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
              kind: 'findings',
              findings: [{ text: hostile, labels: [{ text: hostile }], facts: [[hostile, hostile]], detail: hostile }],
            },
            {
              kind: 'table',
              table: {
                ...{ id: hostile, caption: hostile, notes: [hostile] },
                columns: [
                  { name: hostile, numeric: true },
                  { name: hostile, numeric: true },
                ],
                rows: [[{ ...cell, anchor: hostile }, cell]],
                more: { line: hostile, rows: [[cell, cell]] },
              },
            },
            {
              kind: 'charts',
              charts: [
                {
                  ...{ kind: 'lines', id: `1${hostile}`, ...about, y: { name: hostile, scale: 'linear' } },
                  lines: [{ name: hostile, from: hostile, points: [[0, 1]] }],
                  bounds: [{ name: hostile, value: 1.2 }],
                },
                {
                  ...{ kind: 'lanes', id: `2${hostile}`, ...about },
                  lanes: [{ name: hostile, tone: 'bad', spans: [{ from: 0, to: 1, count: 3 }] }],
                },
              ],
            },
          ],
        },
      ],
    } satisfies Document);
    expect(elementsOf(page)).toBe(0);
    const { document } = parseHTML(page);
    expect(document.querySelectorAll('figure svg text').length).toBeGreaterThan(0);
    expect(document.querySelector('.plot')?.getAttribute('data-x')).toBe('0');
    expect(document.querySelector('tbody th')?.id).toBe(hostile);
    const style = document.querySelector('style')?.textContent ?? '';
    const name = /--c2:"([^"]*)"/.exec(style)?.[1] ?? '';
    expect(name.replaceAll(/\\([0-9a-f]+) /g, (_, code) => String.fromCodePoint(Number.parseInt(code, 16)))).toBe(
      hostile,
    );
  });
});

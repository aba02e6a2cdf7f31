/** Names and error texts with what a terminal, a page or an XML parser would obey or refuse: in every renderer. */
import { parseHTML } from 'linkedom';
import { SaxesParser } from 'saxes';
import { describe, expect, test } from 'vitest';
import { suiteOf } from '../document/checks.ts';
import { runDocument } from '../document/run-document.ts';
import { exampleObservation } from '../example-observation.fixture.ts';
import { exampleRun } from '../example-run.fixture.ts';
import { buildReport } from '../report.ts';
import { renderHtml } from './html.ts';
import { renderJunit } from './junit.ts';
import { renderMarkdown } from './markdown.ts';
import { inOneLine, printable, printableJson } from './printable.ts';
import { renderTerminal } from './terminal.ts';
import { renderText } from './text.ts';

/** Every control character, direction marks and overrides, separators, a byte order mark, non-characters, halves of pairs, an emoji, and a line of its own. */
const controls = Array.from({ length: 0xa0 }, (_, code) => code)
  .filter((code) => code < 0x20 || code >= 0x7f)
  .map((code) => String.fromCharCode(code))
  .join('');
const nasty = `x${controls}\u061c\u200e\u202a\u202e\u2066\u2069\u2028\u2029\ufeff\ufff9\ufffe\uffff\ud83d!\ude00😀\r\nOK: forged]]>&<b>"'`;

/** What must be in no output, whatever its format. */
const forbidden = /(?![\t\n\r])[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\ufffe\uffff]/u;

const example = exampleObservation();
const run = exampleRun({
  scenario: `${nasty}.yml`,
  planFile: nasty,
  plan: {
    ...exampleRun().plan,
    name: nasty,
    rollout: [
      { stage: nasty, share: 0.1, date: '2026-11-01' },
      { stage: `all ${nasty}`, share: 1, date: '2027-04-01' },
    ],
  },
  target: {
    ...exampleRun().target,
    model: {
      ...{ seed: 1, quotaScale: 1, timeScale: 1, webSocketIdleSeconds: 600, webSocketLifetimeSeconds: 7_200 },
      latencyProfile: { name: nasty, latencies: [] },
      limits: [{ name: nasty, value: nasty, byDefault: 1 }],
      faults: [],
    },
  },
});
const reports = {
  'of a run that completed': buildReport(
    run,
    exampleObservation({
      client: { closeReasons: { [`1008 ${nasty}`]: 3 }, failures: { [`connect ${nasty}`]: 2 } },
      server: {
        series: example.server.series.map((series) =>
          series.kind === 'noData' ? { ...series, reason: nasty, key: `${series.key}${nasty}`, failed: true } : series,
        ),
      },
    }),
  ),
  'of a run that crashed': buildReport({ ...run, outcome: { kind: 'crashed', part: 'target', reason: nasty } }, null),
  'of a run that was interrupted': buildReport({ ...run, outcome: { kind: 'interrupted', signal: nasty } }, example),
  'of a folder that was damaged': buildReport(run, example, {
    ofRun: [],
    since: [{ kind: 'linesMissing', file: nasty, line: 3, fleet: nasty, count: 2 }],
  }),
};

describe.each(Object.entries(reports))('a report %s', (_of, report) => {
  const document = runDocument(report);

  test('as JUnit is XML that a strict parser takes', () => {
    const xml = renderJunit(suiteOf(report));
    const names: string[] = [];
    const problems: Error[] = [];
    const parser = new SaxesParser();
    parser.on('error', (error) => problems.push(error));
    parser.on('opentag', ({ attributes }) => names.push(...Object.values(attributes)));
    parser.write(xml).close();
    expect(problems).toEqual([]);
    expect(xml).not.toMatch(forbidden);
    expect(names.join('')).toContain('<b>"\'');
  });

  test('as HTML has no such character, and no element of the name’s', () => {
    const html = renderHtml(document);
    expect(html).not.toMatch(forbidden);
    expect(html.isWellFormed()).toBe(true);
    expect(parseHTML(html).document.querySelectorAll('b')).toHaveLength(0);
  });

  test('as Markdown, text and on the terminal has no such character, and no line of the name’s', () => {
    for (const text of [renderMarkdown(document), renderText(document), renderTerminal(report, `runs/${nasty}.html`)]) {
      expect(text).not.toMatch(forbidden);
      expect(text.isWellFormed()).toBe(true);
      expect(text.split('\n').filter((line) => line.startsWith('OK: forged'))).toEqual([]);
    }
  });

  test('as JSON for the terminal is the same value', () => {
    const json = printableJson(report);
    expect(json).not.toMatch(forbidden);
    expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(report)));
  });
});

test('what is replaced is seen; what people write stays', () => {
  expect(printable('a\u001b[2Jb')).toBe('a\ufffd[2Jb');
  expect(printable('\ud83dx')).toBe('\ufffdx');
  const fine = 'Zoë 👩‍💻 日本語 עברית — “x”\ttab\nline';
  expect(printable(fine)).toBe(fine);
  expect(inOneLine('a\r\n\tb')).toBe('a b');
});

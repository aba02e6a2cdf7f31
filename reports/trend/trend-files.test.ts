import { createHash } from 'node:crypto';
import { parseHTML } from 'linkedom';
import { describe, expect, test } from 'vitest';
import { judgeHistory } from '../../history/judged-history.ts';
import type { Acknowledgement, Line } from '../../history/line.ts';
import { lineOf, linesOfValues, noisyValues, yearOfNights } from '../../history/lines.fixture.ts';
import { saxesParse } from './parsed-markup.fixture.ts';
import { trendFiles } from './trend-files.ts';
import type { TrendContext } from './words.ts';

const context: TrendContext = {
  repository: 'https://example.com/o/r',
  commitsBetween: () => ({
    commits: [{ hash: 'a'.repeat(40), subject: 'Sign events <twice>', author: 'A & B' }],
    all: 3,
  }),
};
const filesOf = (lines: readonly Line[], acknowledgements: Acknowledgement[] = []) =>
  trendFiles(judgeHistory({ lines: [...lines], acknowledgements, skipped: [] }), context, '2026-11-26T02:00:00.000Z');
const worse = linesOfValues(noisyValues(40, { factor: 1.2, from: 30 }));
const carried = linesOfValues(noisyValues(40), {
  series: 'capacity.carried',
  unit: 'messages/s',
  harm: 'lower',
  statistic: 'median',
});
const files = filesOf([...worse, ...carried]);
const json = (name: string): unknown => JSON.parse(files.get(name) ?? '');

test('of several regressions the newest comes first, however strong an older one is', () => {
  const exact = linesOfValues([...Array(20).fill(1), ...Array(20).fill(3)], { series: 'costs.webhook-calls' });
  expect(filesOf([...exact, ...worse]).get('comment.md')).toMatch(
    /^\*\*Worse\*\*: costs\.webhook-cpu rose by .* And 1 more\./,
  );
});

describe('the page', () => {
  test('forty series: every one has its chart, the change its commits and links', () => {
    const page = filesOf(yearOfNights(100)).get('trend.html') ?? '';
    expect(page.match(/<figure/g)?.length).toBe(40);
    expect(page.match(/<svg /g)?.length).toBe(40);
    expect(page).toContain('entry2.metric-7 rose by');
    expect(page).toContain('href="https://example.com/o/r/commit/');
    expect(page).toContain('Sign events &lt;twice&gt;');
    expect(page).not.toMatch(/<script [^>]|src=|https:\/\/(?!example\.com)/);
  });

  test('its policy allows its own style and script by their digests', () => {
    const page = filesOf(worse).get('trend.html') ?? '';
    const [style, script] = ['style', 'script'].map((name) => {
      const text = new RegExp(`<${name}>([\\s\\S]*?)</${name}>`).exec(page)?.[1] ?? '';
      return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
    });
    const policy = parseHTML(page).document.querySelector('meta[http-equiv]')?.getAttribute('content');
    expect(policy).toBe(
      `default-src 'none'; style-src ${style}; script-src ${script}; img-src data:; base-uri 'none'; form-action 'none'`,
    );
    expect(parseHTML(page).document.querySelectorAll('[style]')).toHaveLength(0);
  });

  test('says who accepted what', () => {
    const acknowledgement: Acknowledgement = {
      ...{ v: 1, kind: 'acknowledgement', series: 'costs.webhook-cpu', night: '2026-01-31' },
      ...{ reason: 'events are signed <twice>', by: 'somebody', at: '2026-02-20T08:00:00.000Z' },
    };
    const page = filesOf(worse, [acknowledgement]).get('trend.html') ?? '';
    expect(page).toContain('Accepted by somebody on 2026-02-20: events are signed &lt;twice&gt;');
    expect(page).toContain('No regression');
  });

  test('has a chart where all values are alike, and none without a value', () => {
    const page = filesOf([lineOf(0, 5), lineOf(1, 5), lineOf(1, null, { series: 'b.c', invalid: 'It crashed.' })]).get(
      'trend.html',
    );
    expect(page?.match(/<svg /g)?.length).toBe(1);
    expect(page).not.toContain('NaN');
  });
});

test('the comment says what changed, how sure, and since when', () => {
  const comment = files.get('comment.md') ?? '';
  expect(comment).toMatch(/^\*\*Worse\*\*: costs\.webhook-cpu rose by \d/);
  expect(comment).toMatch(
    /on 2026-01-31: worse \([\d.]+ standard deviations of its noise, seen in 2 runs, confirmed by the run after it\)/,
  );
  expect(comment).toContain('3 commits after 0029cccccc (2026-01-30), up to 0030cccccc (2026-01-31)');
  expect(comment).toContain('/compare/0029');
});

test('the badge counts regressions, and is an image', () => {
  const badge = files.get('badge.svg') ?? '';
  expect(badge).toContain('nightly: 1 regression');
  expect(saxesParse(badge)).toContain('svg');
});

describe('formats of others', () => {
  const last = worse.at(-1);
  test('Bencher: a measure for each metric and unit, with the range of the repeats', () => {
    expect(json('bencher.json')).toEqual({
      costs: {
        'webhook-cpu-us-per-webhook': {
          value: last?.value,
          lower_value: last?.value,
          upper_value: (last?.value ?? 0) * 1.02,
        },
      },
      capacity: { 'carried-messages-per-s': expect.objectContaining({ value: carried.at(-1)?.value }) },
    });
  });

  test('Bencher: routes that differ in signs which a measure’s name has not, have a measure each', () => {
    const names = ['roundTripP99', 'roundTripP99-発言', 'roundTripP99-send', 'roundTripP99-Send'];
    const lines = names.map((name, n) => lineOf(0, n + 1, { series: `mix.${name}`, unit: 'ms' }));
    expect(JSON.parse(filesOf(lines).get('bencher.json') ?? '')).toMatchObject({
      mix: {
        'round-trip-p99-ms': { value: 1 },
        'round-trip-p99-ms-2': { value: 2 },
        'round-trip-p99-send-ms': { value: 3 },
        'round-trip-p99-send-ms-2': { value: 4 },
      },
    });
  });

  test('github-action-benchmark: one file for each direction', () => {
    expect(json('smaller-is-better.json')).toEqual([
      {
        ...{ name: 'costs.webhook-cpu', unit: 'µs/webhook', value: last?.value },
        range: expect.stringMatching(/^± [\d.]+$/),
        extra: 'night 2026-02-09\nminimum of 3\n2 × some processor',
      },
    ]);
    expect(json('bigger-is-better.json')).toMatchObject([{ name: 'capacity.carried', unit: 'messages/s' }]);
  });

  test('Otava: every night, as JSON and CSV', () => {
    const otava = json('otava-costs.json');
    expect(Array.isArray(otava) && otava.length).toBe(40);
    expect(otava).toMatchObject(
      [
        {
          timestamp: 1_767_232_800,
          metrics: [{ name: 'webhook-cpu', value: worse[0]?.value }],
          attributes: { commit: worse[0]?.commit },
        },
      ].concat(Array(39).fill({})),
    );
    const lines = (files.get('otava-costs.csv') ?? '').trim().split('\n');
    expect(lines.length).toBe(41);
    expect(lines.slice(0, 2)).toEqual([
      'time,commit,webhook-cpu',
      `2026-01-01T02:00:00.000Z,${worse[0]?.commit},${worse[0]?.value}`,
    ]);
  });

  test('Otava takes no gaps: nights in which a series of the entry has no value are left out', () => {
    const both = [
      lineOf(0, 1),
      lineOf(0, 2, { series: 'costs.b' }),
      lineOf(1, 3),
      lineOf(1, null, { series: 'costs.b', invalid: 'no' }),
    ];
    const table = filesOf(both).get('otava-costs.csv') ?? '';
    expect(table.trim().split('\n').length).toBe(2);
  });

  test('OpenMetrics: one gauge a series, and its end', () => {
    const text = files.get('openmetrics.txt') ?? '';
    expect(text.split('\n')[0]).toBe('# TYPE loadline_nightly gauge');
    expect(text).toMatch(
      /^loadline_nightly\{entry="costs",metric="webhook-cpu",unit="µs\/webhook",target="local",worse="higher",machine="m1"\} [\d.]+ 1770602400$/m,
    );
    expect(text.endsWith('# EOF\n')).toBe(true);
  });
});

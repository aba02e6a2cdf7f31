/** The pages of runs, plans, storms, searches, comparisons and histories in a real browser: both themes, a phone, paper, by axe, without a request; and with names from hell. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { planDocument } from '../../reports/document/plan-document.ts';
import { runDocument } from '../../reports/document/run-document.ts';
import { exampleObservation, histogramOfMs, noData } from '../../reports/example-observation.fixture.ts';
import { exampleRun } from '../../reports/example-run.fixture.ts';
import { buildPlanReport } from '../../reports/plan-report.ts';
import { maxPoints } from '../../reports/render/charts/draw.ts';
import { renderHtml } from '../../reports/render/html.ts';
import { buildReport } from '../../reports/report.ts';
import { livePlan, liveRun } from '../../reports/what-if/live-page.ts';
import { commandLine } from '../../scripts/command-line.fixture.ts';
import { exampleBase } from '../what-if/example-inputs.fixture.ts';
import { accessibilityProblems } from './accessibility.ts';
import { startChromium } from './chromium.ts';
import { overflowing, printed, scrollingSideways } from './layout.ts';
import { openPage } from './opened-page.ts';
import { comparePage, searchPage, trendPage } from './search-compare-trend.fixture.ts';

const names = ['<script>ran = 1</script>', `עברית \u202e<b>`, 'W'.repeat(200), '👩‍👩‍👧‍👦'.repeat(20)];
const stages = ['2026-10-01', '2026-12-15', '2027-03-01', '2027-06-01'].map((date, n) => ({
  stage: names[n] ?? '',
  share: (n + 1) / 4,
  date,
}));

/** As many seconds as a chart has points, with latencies that scatter: the longest that a page of a run becomes. */
function longObservation(): ReturnType<typeof exampleObservation> {
  const short = exampleObservation();
  const { firstSecond } = short.clock;
  const all = maxPoints;
  const scattered = (n: number) =>
    histogramOfMs([
      [20 + ((n * 37) % 31), 5],
      [60 + ((n * 53) % 71), 4],
      [150 + ((n * 97) % 113), 1],
    ]);
  const seconds = Array.from({ length: all }, (_, i) => {
    const from = i < 5 ? i : i < all - 5 ? 5 + ((i * 7) % 60) : 70 - (all - i);
    const isSteady = i >= 5 && i < all - 5;
    const histograms = isSteady ? { roundTripMicros: scattered(i), deliveryMicros: scattered(3 * i) } : {};
    return short.client.seconds.slice(from, from + 1).map((each) => ({ ...each, second: firstSecond + i, histograms }));
  }).flat();
  const clock = { ...short.clock, lastSecond: firstSecond + all - 1, steadyLastSecond: firstSecond + all - 6 };
  return { ...short, clock, client: { ...short.client, seconds } };
}

let folder: string;
let browser: Browser;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'loadline-pages-'));
  const plan = async (base: typeof exampleBase) =>
    renderHtml(
      planDocument(buildPlanReport(base)),
      await livePlan(base, { asked: ' --run none', notCopied: [], settings: {} }),
    );
  const run = async (change: Parameters<typeof exampleRun>[0] = {}, observation = exampleObservation()) => {
    const record = exampleRun(change);
    const report = buildReport(record, observation);
    return renderHtml(runDocument(report), await liveRun(record, report));
  };
  const hostile = { name: names.join(' '), rollout: stages };
  writeFileSync(join(folder, 'plan.html'), await plan(exampleBase));
  writeFileSync(
    join(folder, 'hostile-plan.html'),
    await plan({ ...exampleBase, plan: { ...exampleBase.plan, ...hostile } }),
  );
  writeFileSync(join(folder, 'run.html'), await run());
  writeFileSync(join(folder, 'long-run.html'), await run({}, longObservation()));
  writeFileSync(
    join(folder, 'hostile-run.html'),
    await run(
      {
        scenario: `${names[2]}.yml`,
        planFile: names[0] ?? '',
        plan: { ...exampleRun().plan, name: hostile.name },
      },
      // Rows that are unknown, with a reason that has a word as long as this.
      exampleObservation({
        series: ['avg', 'avg.window', 'p99.window'].map((each) => noData(`lambda.message.duration.${each}`)),
      }),
    ),
  );
  for (const [name, page] of Object.entries({ search: searchPage, compare: comparePage, trend: trendPage }))
    writeFileSync(join(folder, `${name}.html`), page(names));
  await commandLine(['storm', '--clients', '2000', '--webhooks', '500', '--report', '.'], { folder });
  browser = await startChromium();
});
afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

test.each(['plan', 'run', 'long-run'])(
  'the page of a %s is one file of at most 250 KB, with the live what-if in it',
  (name) => {
    const page = readFileSync(join(folder, `${name}.html`));
    expect(page.includes('id="what-if-code"')).toBe(true);
    expect(page.byteLength).toBeLessThanOrEqual(250_000);
  },
);

/** A storm has charts alone where nothing was left waiting, and so has a history. */
const withoutTables: readonly string[] = ['storm', 'trend'];

describe.each(['plan', 'run', 'storm', 'hostile-plan', 'hostile-run', 'search', 'compare', 'trend'])(
  'the page of a %s',
  (name) => {
    // Both ways of backing off may come to the same of the webhooks, in the same words.
    const problems = async (page: Page) =>
      (await accessibilityProblems(page)).filter((each) => name !== 'storm' || !each.startsWith('landmark-unique'));
    const open = (looks: Parameters<typeof openPage>[2]) => openPage(browser, join(folder, `${name}.html`), looks);

    test('on a laptop, in light: nothing runs over or scrolls sideways, axe finds nothing; on paper every column is there', async () => {
      await using opened = await open({});
      const { page, faults } = opened;
      expect(await overflowing(page)).toEqual([]);
      expect(await scrollingSideways(page)).toEqual([]);
      expect(await problems(page)).toEqual([]);
      const columns: string[] = await page.evaluate(
        `[...new Set([...document.querySelectorAll('main section > :not(details) thead th, main section > table thead th')].filter((each) => each.offsetParent).map((each) => each.innerText.trim()))]`,
      );
      const { text, tooWide } = await printed(page);
      const squeezed = (words: string) => words.replaceAll(/\s+/g, '');
      // The font has Latin letters only.
      const latin = columns.filter((column) => /^\p{Script=Latin}/u.test(column));
      if (!withoutTables.includes(name)) expect(latin.length).toBeGreaterThan(0);
      expect(latin.filter((column) => !squeezed(text).includes(squeezed(column)))).toEqual([]);
      expect(tooWide).toEqual([]);
      expect(await page.evaluate('typeof ran')).toBe('undefined');
      expect(faults).toEqual([]);
    });

    test('on a phone, in the dark: nothing runs over, each value has the name of its column, and axe finds nothing', async () => {
      await using opened = await open({ viewport: 'phone', theme: 'dark' });
      const { page, faults } = opened;
      expect(await overflowing(page)).toEqual([]);
      expect(await problems(page)).toEqual([]);
      const cells: [shown: string, column: string][] = await page.evaluate(`(() => {
      const table = [...document.querySelectorAll('table.cards')].find((each) => each.offsetParent);
      if (!table) return [];
      const columns = [...table.querySelectorAll('thead th')].map((each) => each.textContent);
      const cells = [...table.querySelectorAll('tbody tr:first-child td')];
      return cells.map((each, i) => [JSON.parse(getComputedStyle(each, '::before').content), columns[i + 1]]);
    })()`);
      if (!withoutTables.includes(name)) expect(cells.length).toBeGreaterThan(0);
      expect(cells.map(([shown]) => shown)).toEqual(cells.map(([, column]) => column));
      expect(faults).toEqual([]);
    });

    test('without script it is whole', async () => {
      await using opened = await open({ javaScript: false });
      const { page, faults } = opened;
      expect(await page.locator('.tile').count()).toBe(5);
      expect(await page.locator('main h2').count()).toBeGreaterThan(3);
      expect(faults).toEqual([]);
    });
  },
);

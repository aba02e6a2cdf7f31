/** The live what-if of a comparison as a person meets it, with the answers of the command. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ChooseReport } from '../../reports/choose/choose-report.ts';
import { fragmentOf } from '../../reports/what-if/scenario.ts';
import { commandLine } from '../../scripts/command-line.fixture.ts';
import { exampleChoiceControls, exampleOwn, reachableChoices } from '../what-if/example-choice.fixture.ts';
import { startChromium } from './chromium.ts';
import { allLooks, openLivePage, problemsWithAllOpen } from './live-page.ts';
import { type Looks, openPage } from './opened-page.ts';

const mostBytes = 250_000;
let folder: string;
let file: string;
let browser: Browser;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'loadline-choose-what-if-'));
  file = join(folder, 'report/choose.html');
  const { code } = await choose('--report', 'report');
  expect(code).toBe(0);
  browser = await startChromium();
});
afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

const choose = (...args: string[]) => commandLine(['choose', '--run', 'none', ...args], { folder });

const openLive = (looks: Looks = {}) => openLivePage(browser, file, looks);

/** Without what the report had in their place. */
const firstTexts = (page: Page, selector: string): Promise<string[]> =>
  page.evaluate(`[...document.querySelectorAll('${selector}')].map((each) => each.firstChild.textContent)`);
const sentenceOn = async (page: Page): Promise<string | null> => await page.locator('.what-if-sentence').textContent();

const reportIn = (json: string): ChooseReport => JSON.parse(json);

test('the page is one file of at most 250 KB, and begins with the report’s own answer', async () => {
  expect(readFileSync(file).byteLength).toBeLessThan(mostBytes);
  await using opened = await openLive();
  const { page, faults } = opened;
  expect(await sentenceOn(page)).toBe(reportIn(readFileSync(join(folder, 'report/choose.json'), 'utf8')).sentence);
  expect(await page.locator('#what-if-variants small', { hasText: 'In the report' }).count()).toBe(0);
  expect(faults).toEqual([]);
});

test('a slider moves the variants, the crossover and the recommendation, and back', async () => {
  await using opened = await openLive();
  const { page, faults } = opened;
  const before = {
    sentence: await sentenceOn(page),
    costs: await firstTexts(page, '#what-if-variants td.number'),
    crossover: await firstTexts(page, '#what-if-crossover li'),
  };
  const connections = page.getByRole('spinbutton', { name: 'Connections at the peak', exact: true });
  await connections.fill('60000');
  const costs = await firstTexts(page, '#what-if-variants td.number');
  expect(costs.filter((cost, n) => cost === before.costs[n])).toEqual([]);
  expect(await firstTexts(page, '#what-if-crossover li')).not.toEqual(before.crossover);
  expect(await sentenceOn(page)).toContain('60,000 connections');
  expect(await page.locator('#what-if-variants small', { hasText: 'In the report' }).count()).toBeGreaterThan(8);
  expect(await page.evaluate('location.hash')).toBe('#connections=60000');
  const slider = page.getByRole('slider', { name: 'Connections at the peak, slider' });
  await slider.focus();
  await page.keyboard.press('ArrowRight');
  expect(await slider.getAttribute('aria-valuetext')).toMatch(/^6[1-9],000 connections$/);
  await page
    .locator('#what-if-connections-says', { hasText: 'a service of tasks up to 40,000 connections, then functions' })
    .waitFor();
  await page.locator('#what-if-reset').press('Enter');
  expect(await sentenceOn(page)).toBe(before.sentence);
  expect(await page.evaluate('location.hash')).toBe('');
  expect(faults).toEqual([]);
});

describe('the command says the same of what the page gives to be copied', () => {
  const inputs = fc.sample(reachableChoices, { numRuns: 3, seed: 14 });
  test.each(inputs.map((each) => fragmentOf(each, exampleOwn, exampleChoiceControls)))('%s', async (fragment) => {
    await using opened = await openLive({ fragment });
    const { page, faults } = opened;
    for (const name of ['plan', 'settings']) {
      await page.locator(`#what-if-copy-${name}`).click();
      await page.locator('.what-if-note', { hasText: 'Copied' }).waitFor();
      writeFileSync(join(folder, `${name}.yml`), await page.locator('#what-if-text').inputValue());
    }
    const { code, stdout, stderr } = await choose('plan.yml', '--settings', 'settings.yml', '--json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(await sentenceOn(page)).toBe(reportIn(stdout).sentence);
    expect(faults).toEqual([]);
  });
});

test.each(allLooks)('%s, everything open: nothing runs over, and axe finds nothing', async (_how, looks) => {
  await using opened = await openLive({ ...looks, fragment: 'connections=60000' });
  expect(await problemsWithAllOpen(opened)).toEqual([]);
});

test('without script the page is read, and says what is missing', async () => {
  await using opened = await openPage(browser, file, { javaScript: false });
  const { page, faults } = opened;
  expect(await page.locator('#what-if-still').textContent()).toContain('loadline choose my-plan.yml');
  expect(await page.locator('#what-if-app').isVisible()).toBe(false);
  expect(await page.locator('#table-variants').count()).toBe(1);
  expect(await page.locator('#table-moves').count()).toBe(1);
  expect(faults).toEqual([]);
});

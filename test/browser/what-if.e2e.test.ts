/** The live what-if as a person meets it: from disk, by keyboard, on a phone, in the dark, without script; and with the answers of the command. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { fragmentOf } from '../../reports/what-if/scenario.ts';
import { commandLine } from '../../scripts/command-line.fixture.ts';
import { exampleControls, exampleInputs, reachableInputs } from '../what-if/example-inputs.fixture.ts';
import { startChromium } from './chromium.ts';
import { allLooks, openLivePage, problemsWithAllOpen } from './live-page.ts';
import { type Looks, openPage } from './opened-page.ts';

const mostBytes = 250_000;
let folder: string;
let file: string;
let browser: Browser;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'loadline-what-if-'));
  file = join(folder, 'report/plan.html');
  // A plan of a day that is not over.
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-11-22T00:00:00Z') });
  const { code } = await plan('--report', 'report');
  expect(code).toBe(0);
  browser = await startChromium();
});
afterAll(async () => {
  vi.useRealTimers();
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

const plan = (...args: string[]) => commandLine(['plan', '--run', 'none', ...args], { folder });

const openLive = (looks: Looks = {}) => openLivePage(browser, file, looks);

/** The first lines of the answer, by name. Without what the report had in their place. */
const answerOn = (page: Page): Promise<Record<string, string>> =>
  page.evaluate(`Object.fromEntries([...document.querySelectorAll('.what-if-summary dt')].map((name) =>
    [name.textContent, name.nextElementSibling.firstChild.textContent]))`);

test('the page is one file of at most 250 KB, whose data and code load nothing', async () => {
  expect(readFileSync(file).byteLength).toBeLessThan(mostBytes);
  await using opened = await openLive();
  const { page, faults } = opened;
  const json = JSON.parse(readFileSync(join(folder, 'report/plan.json'), 'utf8'));
  expect(await answerOn(page)).toEqual(Object.fromEntries(json.summary));
  expect(faults).toEqual([]);
});

test('by keyboard: a number, a slider, a stage that is added and removed, and back', async () => {
  await using opened = await openLive();
  const { page, faults } = opened;
  const users = page.getByRole('spinbutton', { name: 'Users', exact: true });
  const hash = () => page.evaluate('location.hash');
  await users.focus();
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.type('93000');
  expect((await answerOn(page)).Binds).toContain('Webhook API stage throttle (webhook): 99.');
  expect(await hash()).toBe('#users=93000');
  await page.keyboard.press('Tab');
  const slider = page.getByRole('slider', { name: 'Users, slider' });
  expect(await slider.evaluate((each) => each === each.ownerDocument.activeElement)).toBe(true);
  await page.keyboard.press('ArrowRight');
  expect(await hash()).toBe('#users=94000');
  expect((await answerOn(page)).When).toContain('Exceeded today: Webhook API stage throttle (webhook) is at 10');
  expect(await slider.getAttribute('aria-valuetext')).toBe('94,000 users');
  const says = page.locator('#what-if-users-says');
  await says.filter({ hasText: 'every quota holds' }).waitFor();
  expect(await says.textContent()).toBe(
    'Webhook API stage throttle (webhook) binds at 101%; every quota holds up to 93,000 users, then Webhook API stage throttle (webhook) is full',
  );
  await page.locator('#what-if-group-growth > summary').focus();
  await page.keyboard.press('Enter');
  await page.locator('#what-if-add-stage').focus();
  await page.keyboard.press('Enter');
  expect(await page.getByRole('textbox', { name: 'Stage 5', exact: true }).inputValue()).toBe('stage 5');
  expect(await page.evaluate('document.activeElement.id')).toBe('what-if-add-stage');
  expect(await hash()).toContain('stage=1,2027-07-01,stage+5');
  await page.locator('#what-if-remove-stage').press('Enter');
  expect(await hash()).toBe('#users=94000');
  await page.locator('#what-if-reset').press('Enter');
  expect(await hash()).toBe('');
  expect(await users.inputValue()).toBe('2000');
  expect(faults).toEqual([]);
});

test('a link is a scenario; what of it is of no use is said; links inside the page keep it', async () => {
  await using opened = await openLive({ fragment: 'users=4000&broadcast=on&colour=red' });
  const { page } = opened;
  expect(await page.getByRole('spinbutton', { name: 'Users', exact: true }).inputValue()).toBe('4000');
  expect(await page.locator('.what-if-note').textContent()).toBe(
    'Not used of the link: colour: nothing here is called so.',
  );
  await page.locator('nav a').first().click();
  expect(await page.evaluate('location.hash')).toBe('#broadcast=on&users=4000');
});

test('what cannot be calculated is said, and the last answer stays', async () => {
  await using opened = await openLive();
  const { page } = opened;
  const before = await answerOn(page);
  await page.getByRole('spinbutton', { name: 'Online at the peak', exact: true }).fill('1.5');
  expect(await page.locator('.what-if-problems').textContent()).toBe(
    'Online at the peak: expected a number of at most 1, found 1.5.',
  );
  expect(await answerOn(page)).toEqual(before);
  expect(await page.locator('#what-if-copy-plan').isDisabled()).toBe(true);
});

test('what cannot be calculated is not calculated either where a group of controls is opened', async () => {
  await using opened = await openLive();
  const { page } = opened;
  await page.locator('#what-if-group-growth > summary').click();
  const ahead = page.getByRole('spinbutton', { name: 'Look ahead', exact: true });
  await ahead.fill('99999999');
  expect(await page.locator('.what-if-problems').textContent()).toContain('Look ahead: expected a number of at most');
  // What a slider does is calculated by timers.
  const timersAfter = (selector: string) =>
    page.evaluate(`new Promise((resolve) => {
      const group = document.querySelector('${selector}');
      const wait = setTimeout;
      let begun = 0;
      window.setTimeout = (...args) => { begun += 1; return wait(...args); };
      group.addEventListener('toggle', () => { window.setTimeout = wait; resolve(begun); }, { once: true });
      group.open = !group.open;
    })`);
  expect(await timersAfter('#what-if-group-settings')).toBe(0);
  await ahead.fill('24');
  // One for the group that was opened; the timers of what is being calculated already may run as well.
  expect(await timersAfter('#what-if-group-settings')).toBeGreaterThan(0);
});

describe('the command says the same of what the page gives to be copied', () => {
  const inputs = fc.sample(reachableInputs, { numRuns: 6, seed: 14 });
  test.each(inputs.map((each) => fragmentOf(each, exampleInputs, exampleControls)))('%s', async (fragment) => {
    await using opened = await openLive({ fragment });
    const { page, faults } = opened;
    const copied = async (name: string) => {
      await page.locator(`#what-if-copy-${name}`).click();
      await page.locator('.what-if-note', { hasText: 'Copied' }).waitFor();
      writeFileSync(join(folder, `${name}.yml`), await page.locator('#what-if-text').inputValue());
      return await page.evaluate('navigator.clipboard.readText()');
    };
    expect(await copied('plan')).toBe(readFileSync(join(folder, 'plan.yml'), 'utf8'));
    await copied('settings');
    const { code, stdout, stderr } = await plan('plan.yml', '--settings', 'settings.yml');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    // A long line goes on below, under its text.
    const printed = stdout.slice(0, stdout.indexOf('\n\n')).replaceAll(/\n +/g, ' ').split('\n');
    expect(Object.entries(await answerOn(page))).toEqual(printed.map((line) => line.split(/ {2,}/)));
    expect(faults).toEqual([]);
  });
});

test.each(allLooks)('%s, everything open: nothing runs over, and axe finds nothing', async (_how, looks) => {
  await using opened = await openLive({ ...looks, fragment: 'channels=on&broadcast=on&largest=on&users=4000' });
  expect(await problemsWithAllOpen(opened)).toEqual([]);
});

test('without script the page is read, and says what is missing', async () => {
  await using opened = await openPage(browser, file, { javaScript: false });
  const { page, faults } = opened;
  expect(await page.locator('#what-if-still').textContent()).toContain('needs JavaScript');
  expect(await page.locator('#what-if-app').isVisible()).toBe(false);
  expect(await page.locator('main table').count()).toBeGreaterThan(3);
  expect(faults).toEqual([]);
});

test('its policy lets no other script run', async () => {
  await using opened = await openLive();
  const { page, faults } = opened;
  await page.evaluate(
    `document.body.append(Object.assign(document.createElement('script'), { textContent: 'ran = true' }))`,
  );
  expect(await page.evaluate('typeof ran')).toBe('undefined');
  expect(faults).toEqual([expect.stringContaining('Content Security Policy')]);
});

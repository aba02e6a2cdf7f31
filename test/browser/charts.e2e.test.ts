/** Charts of a report in a real browser: their values are read out by pointer and keyboard, and links open what is folded. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runDocument } from '../../reports/document/run-document.ts';
import { exampleObservation, seriesOf } from '../../reports/example-observation.fixture.ts';
import { exampleRun } from '../../reports/example-run.fixture.ts';
import { renderHtml } from '../../reports/render/html.ts';
import { buildReport } from '../../reports/report.ts';
import { startChromium } from './chromium.ts';
import { openPage } from './opened-page.ts';

let folder: string;
let browser: Browser;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'loadline-charts-'));
  const refused = seriesOf('local.quotaRefusals newConnections.sum', [[3, 40]]);
  const report = buildReport(exampleRun(), exampleObservation({ series: [refused] }));
  writeFileSync(join(folder, 'report.html'), renderHtml(runDocument(report)));
  browser = await startChromium();
});
afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

test('arrow keys, Home and End go through the values; a pointer reads the nearest', async () => {
  await using opened = await openPage(browser, join(folder, 'report.html'));
  const { page, faults } = opened;
  const figure = page.locator('#chart-connections');
  const plot = figure.locator('.plot');
  const reading = figure.locator('.reading');
  await plot.focus();
  await plot.press('Home');
  expect(await reading.textContent()).toBe('second 0: open connections 20');
  await plot.press('ArrowRight');
  expect(await reading.textContent()).toBe('second 1: open connections 40');
  expect(await plot.getAttribute('aria-valuetext')).toBe('second 1: open connections 40');
  await plot.press('End');
  expect(await reading.textContent()).toBe('second 69: open connections 0');
  // The middle, 220 of 440 px: (220 − 50) / (420 − 50) of 69 s is 31.7.
  await plot.hover();
  expect(await reading.textContent()).toBe('second 32: open connections 100');
  expect(faults).toEqual([]);
});

test('lanes read what there was when one of them began', async () => {
  await using opened = await openPage(browser, join(folder, 'report.html'));
  const figure = opened.page.locator('#chart-happenings');
  await figure.locator('.plot').focus();
  expect(await figure.locator('.reading').textContent()).toBe('second 3: WebSocket new connections rate refused 40×');
});

test('a link to a folded row opens it, also from the address; without script everything is there', async () => {
  const anchor = 'quota-environmentScaling';
  await using opened = await openPage(browser, join(folder, 'report.html'), { fragment: anchor });
  const row = opened.page.locator(`#${anchor}`);
  expect(await row.isVisible()).toBe(true);
  await using plain = await openPage(browser, join(folder, 'report.html'), { javaScript: false });
  expect(await plain.page.locator('.plot[role=img]').count()).toBeGreaterThan(8);
  expect(plain.faults).toEqual([]);
});

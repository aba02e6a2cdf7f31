/** The harness finds what is wrong with a page: else its silence would say nothing. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { accessibilityProblems } from './accessibility.ts';
import { startChromium } from './chromium.ts';
import { overflowing, printed, scrollingSideways } from './layout.ts';
import { openPage } from './opened-page.ts';

const bad = `<!doctype html><html lang="en"><title>Bad</title><body><main><h1>Bad</h1>
<p style="width:2000px">too wide</p><p style="position:relative;left:2500px;white-space:nowrap">off the sheet</p>
<div style="overflow-x:auto;width:100px" tabindex="0" aria-label="box"><div style="width:300px">x</div></div>
<p style="color:#ccc">pale</p><img src="http://elsewhere.example/x.png">
<script>console.log('said')</script><script>throw new Error('thrown')</script></main></body></html>`;

let folder: string;
let browser: Browser;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'loadline-browser-'));
  writeFileSync(join(folder, 'bad.html'), bad);
  browser = await startChromium();
});
afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

test('what runs over, what is cut off on paper, what axe finds, what it said and asked for', async () => {
  await using opened = await openPage(browser, join(folder, 'bad.html'));
  const { page, faults } = opened;
  expect(await overflowing(page)).toEqual([
    expect.stringMatching(/^the page is \d{4} px wide$/),
    expect.stringContaining('too wide'),
    expect.stringContaining('off the sheet'),
  ]);
  expect(await scrollingSideways(page)).toEqual(['box: 300 of 100 px']);
  expect((await accessibilityProblems(page)).map((each) => each.split(':')[0]).toSorted()).toEqual([
    'color-contrast',
    'image-alt',
  ]);
  const { pages, text, tooWide } = await printed(page);
  expect(pages).toBe(1);
  expect(text).toContain('too wide');
  expect(text).not.toContain('off the sheet');
  expect(tooWide.slice(1)).toEqual([expect.stringContaining('too wide'), expect.stringContaining('off the sheet')]);
  expect(faults).toEqual(
    expect.arrayContaining([
      'console log: said',
      'error: thrown',
      'request: http://elsewhere.example/x.png',
      expect.stringContaining('ERR_NAME_NOT_RESOLVED'),
    ]),
  );
});

/**
 * Looks at a page in a real browser, opened from disk.
 * `npm run --silent look -- report.html [--dark] [--phone | --width 1024] [--no-js] [--fragment users=4000] [--png page.png] [--pdf page.pdf]`
 */
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseOptions } from '../parse-options.ts';
import { accessibilityProblems } from './accessibility.ts';
import { startChromium } from './chromium.ts';
import { overflowing, printed, scrollingSideways } from './layout.ts';
import { openPage, viewports } from './opened-page.ts';

const help =
  'Usage: npm run --silent look -- PAGE.html [--dark] [--phone | --width 1280] [--no-js] [--fragment users=4000] [--png whole-page.png] [--pdf A4.pdf]';
const { values, positionals } = parseOptions(help, {
  allowPositionals: true,
  options: {
    dark: { type: 'boolean', default: false },
    phone: { type: 'boolean', default: false },
    width: { type: 'string' },
    'no-js': { type: 'boolean', default: false },
    fragment: { type: 'string' },
    png: { type: 'string' },
    pdf: { type: 'string' },
  },
});
const [file] = positionals;
if (file === undefined) {
  console.error(help);
  process.exit(2);
}
const size = values.phone ? viewports.phone : viewports.laptop;
const browser = await startChromium();
try {
  await using opened = await openPage(browser, resolve(file), {
    viewport: { ...size, width: Number(values.width ?? size.width) },
    theme: values.dark ? 'dark' : 'light',
    javaScript: !values['no-js'],
    ...(values.fragment !== undefined && { fragment: values.fragment }),
  });
  const { page, faults } = opened;
  if (values.png !== undefined) await page.screenshot({ path: values.png, fullPage: true });
  list('wider than the screen', await overflowing(page));
  list('scroll sideways', await scrollingSideways(page));
  if (!values['no-js']) list('accessibility (axe)', await accessibilityProblems(page));
  const { pages, tooWide } = await printed(page);
  list(`wider than the paper (${pages} pages of A4)`, tooWide);
  if (values.pdf !== undefined) await writeFile(values.pdf, await page.pdf({ format: 'A4' }));
  list('console, errors, requests', faults);
} finally {
  await browser.close();
}

function list(name: string, found: readonly string[]): void {
  console.log(`${name}: ${found.length === 0 ? 'none' : found.length}`);
  for (const each of found) console.log(`  ${each}`);
}

/** What the live what-ifs of all pages have in common. */
import type { Browser } from 'playwright-core';
import { accessibilityProblems } from './accessibility.ts';
import { overflowing } from './layout.ts';
import { type Looks, type OpenedPage, openPage } from './opened-page.ts';

export const allLooks: readonly [how: string, Looks][] = [
  ['in light', { theme: 'light' }],
  ['in the dark', { theme: 'dark' }],
  ['on a phone', { viewport: 'phone' }],
];

/** Settles once its script has taken over. */
export async function openLivePage(browser: Browser, file: string, looks: Looks = {}): Promise<OpenedPage> {
  const opened = await openPage(browser, file, looks);
  await opened.page.locator('#what-if-app:not([hidden])').waitFor();
  return opened;
}

/** With everything opened that can be: what runs over, what axe finds, and what the page should not have done. */
export async function problemsWithAllOpen({ page, faults }: OpenedPage): Promise<string[]> {
  await page.evaluate(`document.querySelectorAll('#what-if-app details').forEach((each) => { each.open = true; })`);
  return [...(await overflowing(page)), ...(await accessibilityProblems(page)), ...faults];
}

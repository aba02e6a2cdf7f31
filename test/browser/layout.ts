/** What of a page is cut off or runs over: on a screen, and on paper. */
import type { Page } from 'playwright-core';
import { getDocumentProxy } from 'unpdf';

/**
 * Elements beyond the right or left edge of the screen, the outermost of each place. What scrolls by itself inside its own box does not count; neither does what is
 * hidden from everybody, such as a link that shows on focus.
 */
export const overflowing = (page: Page): Promise<string[]> =>
  page.evaluate(`(() => {
  const width = document.documentElement.clientWidth;
  const scrolls = (element) => {
    for (let at = element.parentElement; at; at = at.parentElement)
      if (['auto', 'scroll', 'hidden', 'clip'].includes(getComputedStyle(at).overflowX)) return true;
    return false;
  };
  const beyond = [...document.body.querySelectorAll('*')].filter((element) => {
    const { left, right, width: own } = element.getBoundingClientRect();
    return own > 0 && right > 0 && (right > width + 1 || left < -1) && !scrolls(element);
  });
  const names = beyond.filter((each) => !beyond.includes(each.parentElement)).map((each) => each.outerHTML.slice(0, 120));
  return document.documentElement.scrollWidth > width ? ['the page is ' + document.documentElement.scrollWidth + ' px wide', ...names] : names;
})()`);

/** Boxes that scroll sideways because their content is wider than they are: part of it is off screen. */
export const scrollingSideways = (page: Page): Promise<string[]> =>
  page.evaluate(`(() =>
  [...document.body.querySelectorAll('*')]
    .filter((each) => ['auto', 'scroll'].includes(getComputedStyle(each).overflowX) && each.scrollWidth > each.clientWidth + 1)
    .map((each) => (each.getAttribute('aria-label') ?? each.id ?? each.tagName) + ': ' + each.scrollWidth + ' of ' + each.clientWidth + ' px')
)()`);

export interface Printed {
  pages: number;
  /** All of it, with single spaces. What lies beyond the edge of its sheet is not there. */
  text: string;
  /** What is wider than the sheet: this browser shrinks a page to its widest part, others cut that off. */
  tooWide: string[];
}

/** What A4 (210 mm) leaves between margins of 14 mm, in CSS pixels of 1/96 inch. */
const paperWidth = Math.floor(((210 - 2 * 14) / 25.4) * 96);

/** The page as printed on A4. */
export async function printed(page: Page): Promise<Printed> {
  const sheets = await getDocumentProxy(new Uint8Array(await page.pdf({ format: 'A4', preferCSSPageSize: false })));
  const texts: string[] = [];
  for (let number = 1; number <= sheets.numPages; number++) {
    const sheet = await sheets.getPage(number);
    for (const item of (await sheet.getTextContent()).items) if ('str' in item) texts.push(item.str);
  }
  const text = texts.join(' ').replaceAll(/\s+/g, ' ');
  return { pages: sheets.numPages, text, tooWide: await tooWideForPaper(page) };
}

async function tooWideForPaper(page: Page): Promise<string[]> {
  const before = page.viewportSize();
  await page.emulateMedia({ media: 'print' });
  if (before) await page.setViewportSize({ ...before, width: paperWidth });
  const found = await overflowing(page);
  await page.emulateMedia({ media: null });
  if (before) await page.setViewportSize(before);
  return found;
}

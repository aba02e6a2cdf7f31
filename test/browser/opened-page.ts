/** A page opened from disk as a person would, with everything that it should not do written down. */
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';

/** Sizes in CSS pixels: a small laptop, a phone of ordinary size. */
export const viewports = { laptop: { width: 1_280, height: 800 }, phone: { width: 390, height: 844 } } as const;

export interface Looks {
  viewport?: keyof typeof viewports | { width: number; height: number };
  theme?: 'light' | 'dark';
  javaScript?: boolean;
  /** Of the URL, without `#`. */
  fragment?: string;
}

export interface OpenedPage extends AsyncDisposable {
  page: Page;
  /** What the page should not have done: a line to the console, an error, a request beyond its own file. Nothing of it is awaited. */
  faults: string[];
}

export async function openPage(browser: Browser, file: string, looks: Looks = {}): Promise<OpenedPage> {
  const { viewport = 'laptop', theme = 'light', javaScript = true, fragment } = looks;
  const context = await browser.newContext({
    viewport: typeof viewport === 'string' ? viewports[viewport] : viewport,
    colorScheme: theme,
    javaScriptEnabled: javaScript,
    reducedMotion: 'reduce',
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  const page = await context.newPage();
  const faults: string[] = [];
  const url = pathToFileURL(file).href;
  page.on('console', (message) => faults.push(`console ${message.type()}: ${message.text()}`));
  page.on('pageerror', ({ message }) => faults.push(`error: ${message}`));
  page.on('request', (request) => {
    const [asked] = request.url().split('#');
    if (asked !== url && !request.url().startsWith('data:')) faults.push(`request: ${request.url()}`);
  });
  await page.goto(fragment === undefined ? url : `${url}#${fragment}`);
  return { page, faults, [Symbol.asyncDispose]: () => context.close() };
}

/** The published client in a real browser, against the stack on this machine. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Line, openLine } from '../../run/demo/line.ts';
import { type LocalTarget, startLocalTarget } from '../../run/target/local-target.ts';
import { parseSettings } from '../../stack/settings.ts';
import { startChromium } from '../browser/chromium.ts';
import { openSite, postWebhook, type Site, Tab } from './site.ts';

let local: LocalTarget;
let browser: Browser;
let site: Site;
let line: Line;
let url: string;
beforeAll(async () => {
  [local, browser] = await Promise.all([startLocalTarget({ settings: parseSettings() }), startChromium()]);
  site = await openSite(local.target);
  const at = new URL(local.target.webSocketUrl);
  line = await openLine(Number(at.port));
  at.port = String(line.port);
  url = at.href;
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await line?.[Symbol.asyncDispose]();
  await site?.[Symbol.asyncDispose]();
  await local?.stop();
});

test('two tabs of a user have every webhook, and what one publishes; with the socket killed they are back by themselves', async () => {
  const options = { user: 'ada', url, channel: 'team' };
  const tabs = await Promise.all([Tab.open(browser, site, options), Tab.open(browser, site, options)]);
  for (const tab of tabs) await tab.until(`states.includes('subscribed')`);
  expect(await tabs[0]?.publish('team', { n: 1 })).toEqual({ recipients: 2, failed: 0 });
  await postWebhook(local.target, 'ada', 'e-1');
  for (const tab of tabs) await tab.until(`events.length === 1 && messages.length === 1`);

  line.cut();
  for (const tab of tabs) await tab.until(`states.join() === 'open,subscribed,connecting,open'`);
  await postWebhook(local.target, 'ada', 'e-2');
  for (const tab of tabs) {
    const told = await tab.until(`events.length === 2`);
    // Without kept events, a connection that was lost is a gap.
    expect(told).toMatchObject({ state: 'open', events: ['e-1', 'e-2'], messages: [{ n: 1 }], gaps: 1 });
  }
  await Promise.all(tabs.map(({ page }) => page.close()));
});

/** The published client in a real browser, against a gateway that soon ends every connection, and against the service of tasks. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Demo, serveDemo, webhooksTo } from '../../run/demo/demo-server.ts';
import { type Line, openLine } from '../../run/demo/line.ts';
import { type LocalTarget, startLocalTarget } from '../../run/target/local-target.ts';
import { parseSettings } from '../../stack/settings/settings.ts';
import { startChromium } from '../browser/chromium.ts';
import { Seen, secondsUntil } from './seen.ts';
import { openSite, type Site, Tab } from './site.ts';

const conduct = { configSeconds: 1, backOffBaseSeconds: 0.2, backOffCapSeconds: 0.5 };
/** In place of two hours. */
const lifetimeSeconds = 5;

const seen = new Seen();
let browser: Browser;
let functions: LocalTarget;
let tasks: LocalTarget;
let lineToTasks: Line;
let demo: Demo;
const sites: Site[] = [];
beforeAll(async () => {
  const limits = { webSocketLifetimeMs: lifetimeSeconds * 1_000 };
  const server = { closeOverSeconds: 1, deregistrationDelaySeconds: 0, deliverTimeoutSeconds: 2 };
  [browser, functions, tasks] = await Promise.all([
    startChromium(),
    startLocalTarget({ settings: parseSettings({ fallback: {} }), limits }),
    startLocalTarget({ settings: parseSettings({ compute: 'server', server }) }),
  ]);
  sites.push(...(await Promise.all([functions, tasks].map(({ target }) => openSite(target)))));
  // It lets everybody have the connection.
  demo = await serveDemo(functions.target, 0);
  lineToTasks = await openLine(Number(new URL(tasks.target.webSocketUrl).port));
}, 120_000);
afterAll(async () => {
  console.log(seen.table());
  await browser?.close();
  await demo?.[Symbol.asyncDispose]();
  await lineToTasks?.[Symbol.asyncDispose]();
  for (const site of sites) await site[Symbol.asyncDispose]();
  await Promise.all([functions?.stop(), tasks?.stop()]);
});

const siteOf = (n: number): Site => {
  const site = sites[n];
  if (site === undefined) throw new Error('There is no such site.');
  return site;
};

test('a gateway that ends each connection after a while never ends one that is replaced before: nobody notices', async () => {
  const { webSocketUrl: url, fallbackUrl: httpUrl = '' } = functions.target;
  const shared = { url, httpUrl, user: 'ida' };
  const planned = { ...conduct, minAgeSeconds: 1, maxAgeSeconds: 1.5, overlapSeconds: 0.3 };
  const [replacing, waiting] = await Promise.all([
    Tab.open(browser, siteOf(0), { ...shared, conduct: planned }),
    Tab.open(browser, siteOf(0), { ...shared, conduct }),
  ]);
  await Promise.all([replacing, waiting].map((tab) => tab.until(`state === 'open'`)));
  const sockets = await replacing.countSockets();
  const sent: string[] = [];
  const cut = waiting.until(`state !== 'open'`).then(() => secondsUntil([waiting], `state === 'open'`));
  let backSeconds: number | null = null;
  void cut.then((seconds) => {
    backSeconds = seconds;
  });
  while (backSeconds === null) {
    sent.push(await demo.sendWebhook('ida'));
    await replacing.page.waitForTimeout(100);
  }
  sent.push(await demo.sendWebhook('ida'));
  await seen.allOnce('2 h in 5 s, replaced before', [{ tab: replacing, sent }], { backSeconds: null });
  await seen.allOnce('2 h in 5 s, ended by the gateway', [{ tab: waiting, sent }], { backSeconds });
  expect((await replacing.told()).states).toEqual(['open']);
  expect(sockets()).toBeGreaterThanOrEqual(3);
  await Promise.all([replacing, waiting].map(({ page }) => page.close()));
});

test('the service of tasks has the same client, without polling: back after a cut, it says that events may be missing', async () => {
  const send = webhooksTo(tasks.target);
  const url = new URL(tasks.target.webSocketUrl);
  url.port = String(lineToTasks.port);
  const options = { url: url.href, conduct, user: 'mary', channel: 'team' };
  const tabs = await Promise.all([Tab.open(browser, siteOf(1), options), Tab.open(browser, siteOf(1), options)]);
  for (const tab of tabs) await tab.until(`states.includes('subscribed')`);
  expect(await tabs[0]?.publish('team', { n: 1 })).toEqual({ recipients: 2, failed: 0 });
  const sent = [await send('mary'), await send('mary')];
  for (const tab of tabs) await tab.until('messages.length === 1 && events.length === 2');

  lineToTasks.setDown(true);
  for (const tab of tabs) await tab.until(`state === 'connecting'`);
  lineToTasks.setDown(false);
  const backSeconds = await secondsUntil(tabs, `state === 'open'`);
  for (const tab of tabs) await tab.until('gaps === 1');
  // The subscription is kept as well.
  await expect
    .poll(() => tabs[1]?.publish('team', { n: 2 }), { timeout: 60_000 })
    .toEqual({ recipients: 2, failed: 0 });
  sent.push(await send('mary'));
  await seen.allOnce(
    'service of tasks, sockets cut',
    tabs.map((tab) => ({ tab, sent })),
    { backSeconds, gaps: 1 },
  );
  await Promise.all(tabs.map(({ page }) => page.close()));
});

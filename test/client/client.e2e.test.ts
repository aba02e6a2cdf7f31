/** The published client in a real browser, against the stack on this machine. */
import { once } from 'node:events';
import { connect as connectTo } from 'node:net';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Demo, serveDemo } from '../../run/demo/demo-server.ts';
import { type LocalTarget, startLocalTarget } from '../../run/target/local-target.ts';
import { parseSettings } from '../../stack/settings/settings.ts';
import { startChromium } from '../browser/chromium.ts';
import { Seen, secondsUntil } from './seen.ts';
import { openSite, type Site, Tab, type TabOptions } from './site.ts';

/** As the standard, in a few seconds. */
const conduct = { configSeconds: 0.5, pollSeconds: 0.5, backOffBaseSeconds: 0.2, backOffCapSeconds: 0.5 };

const seen = new Seen();
let local: LocalTarget;
let browser: Browser;
let site: Site;
let demo: Demo;
let at: Pick<TabOptions, 'url' | 'httpUrl' | 'conduct'>;
beforeAll(async () => {
  const settings = parseSettings({ fallback: {} });
  [local, browser] = await Promise.all([startLocalTarget({ settings }), startChromium()]);
  [site, demo] = await Promise.all([openSite(local.target), serveDemo(local.target, 0)]);
  const url = new URL(local.target.webSocketUrl);
  url.port = String(demo.line.port);
  at = { url: url.href, httpUrl: local.target.fallbackUrl ?? '', conduct };
}, 120_000);
afterAll(async () => {
  console.log(seen.table());
  await browser?.close();
  await demo?.[Symbol.asyncDispose]();
  await site?.[Symbol.asyncDispose]();
  await local?.stop();
});

test('two tabs of a user have every webhook, and what one publishes; with the sockets cut they are back by themselves, and have missed nothing', async () => {
  const options = { ...at, user: 'ada', channel: 'team' };
  const tabs = await Promise.all([Tab.open(browser, site, options), Tab.open(browser, site, options)]);
  for (const tab of tabs) await tab.until(`states.includes('subscribed')`);
  expect(await tabs[0]?.publish('team', { n: 1 })).toEqual({ recipients: 2, failed: 0 });
  const sent = [await demo.sendWebhook('ada')];
  for (const tab of tabs) await tab.until('events.length === 1 && messages.length === 1');

  demo.line.setDown(true);
  for (const tab of tabs) await tab.until(`state !== 'open'`);
  sent.push(await demo.sendWebhook('ada'));
  demo.line.setDown(false);
  const backSeconds = await secondsUntil(tabs, `state === 'open'`);
  sent.push(await demo.sendWebhook('ada'));
  await seen.allOnce(
    'sockets cut',
    tabs.map((tab) => ({ tab, sent })),
    { backSeconds },
  );
  for (const tab of tabs) expect((await tab.told()).messages).toEqual([{ n: 1 }]);
  await Promise.all(tabs.map(({ page }) => page.close()));
});

test('while the WebSocket API is gone a tab polls; then it is back, without a loss and without duplicates', async () => {
  const tab = await Tab.open(browser, site, { ...at, user: 'grace' });
  await tab.until(`state === 'open'`);
  demo.line.setDown(true);
  await tab.until(`state === 'polling'`);
  const sent = [await demo.sendWebhook('grace'), await demo.sendWebhook('grace')];
  await tab.until('events.length === 2');
  demo.line.setDown(false);
  const backSeconds = await secondsUntil([tab], `state === 'open'`);
  sent.push(await demo.sendWebhook('grace'));
  await seen.allOnce('WebSocket API gone', [{ tab, sent }], { backSeconds });
  expect((await tab.told()).states).toEqual(['open', 'connecting', 'polling', 'open']);
  await tab.page.close();
});

test('a tab that is hidden for long gives its connection up and asks for nothing; shown again, it has what it missed', async () => {
  const tab = await Tab.open(browser, site, { ...at, conduct: { ...conduct, hiddenSeconds: 0.3 }, user: 'hedy' });
  await tab.until(`state === 'open'`);
  const sent = [await demo.sendWebhook('hedy')];
  await tab.until('events.length === 1');
  await tab.setHidden(true);
  await tab.until(`state === 'asleep'`);
  await expect.poll(() => demo.line.connections, { timeout: 60_000 }).toBe(0);
  const asked = [await tab.countRequests('/config'), await tab.countRequests('/events')];
  sent.push(await demo.sendWebhook('hedy'), await demo.sendWebhook('hedy'));
  // Twice as long as between two reads of the stage, and two polls.
  await tab.page.waitForTimeout(1_000);
  expect(asked.map(({ size }) => size)).toEqual([0, 0]);
  await tab.setHidden(false);
  const backSeconds = await secondsUntil([tab], `state === 'open'`);
  sent.push(await demo.sendWebhook('hedy'));
  await seen.allOnce('tab asleep', [{ tab, sent }], { backSeconds });
  await tab.page.close();
});

test('the demo’s page shows both tabs with each webhook once, and says nothing to the console', async () => {
  const page = await browser.newPage();
  const faults: string[] = [];
  page.on('console', (message) => faults.push(message.text()));
  page.on('pageerror', ({ message }) => faults.push(message));
  await page.goto(demo.url);
  await page.waitForFunction(
    `[...document.querySelectorAll('.tab')].length === 2 && [...document.querySelectorAll('.tab')].every((tab) => tab.querySelector('.state').textContent === 'open' && tab.querySelectorAll('li').length >= 2)`,
  );
  const twice = await page.evaluate(
    `[...document.querySelectorAll('.tab dl div:nth-child(2) dd')].map((each) => each.textContent)`,
  );
  expect([twice, faults]).toEqual([['0', '0'], []]);
  await page.close();
});

// From here on the stage changes, which the stack notices after 5 s.
test('a tab that polls asks for the consent of another origin once', async () => {
  await demo.setStage({ share: 0, off: false });
  const tab = await Tab.open(browser, site, { ...at, conduct: { ...conduct, pollSeconds: 0.1 }, user: 'joan' });
  const asked = await tab.countRequests('/events');
  await tab.until(`state === 'polling'`);
  await expect.poll(() => asked.get('GET') ?? 0, { timeout: 60_000 }).toBeGreaterThanOrEqual(4);
  const sent = await demo.sendWebhook('joan');
  expect((await tab.until('events.length === 1')).events).toEqual([sent]);
  expect(asked.get('OPTIONS') ?? 0).toBeLessThanOrEqual(1);
  await tab.page.close();
});

test('a rollout from 0 to 100% and back takes 50 tabs with it, without a new build; each event is told once', async () => {
  const users = Array.from({ length: 50 }, (_, n) => `user-${n}`);
  // Fewer requests each: they share a machine.
  const unhurried = { ...at, conduct: { ...conduct, configSeconds: 1, pollSeconds: 2 } };
  const tabs = await Promise.all(users.map((user) => Tab.open(browser, site, { ...unhurried, user })));
  await secondsUntil(tabs, `state === 'polling'`);
  expect(demo.line.connections).toBe(0);
  const sent = users.map((): string[] => []);
  const sendAll = () => Promise.all(users.map(async (user, n) => sent[n]?.push(await demo.sendWebhook(user))));
  await sendAll();
  await demo.setStage({ share: 1, off: false });
  const onSeconds = await secondsUntil(tabs, `state === 'open'`);
  await expect.poll(() => demo.line.connections, { timeout: 60_000 }).toBe(users.length);
  await sendAll();
  await demo.setStage({ share: 1, off: true });
  const offSeconds = await secondsUntil(tabs, `state === 'polling'`);
  await sendAll();
  await seen.allOnce(
    'rollout from 0 to 100%, and switched off',
    tabs.map((tab, n) => ({ tab, sent: sent[n] ?? [] })),
    { backSeconds: Math.max(onSeconds, offSeconds) },
  );
  await expect.poll(() => demo.line.connections, { timeout: 60_000 }).toBe(0);
  // Each environment of the stack remembers a stage for 5 s: a tab that asks two of them may come and go.
  for (const tab of tabs) expect((await tab.told()).states.join()).toMatch(/polling.*open.*polling/);
  await Promise.all(tabs.map(({ page }) => page.close()));
});

test('the demo outlives what is no URL and a request that is given up; and answers no page but its own', async () => {
  const { hostname, port } = new URL(demo.url);
  for (const [head, answer] of [
    ['GET // HTTP/1.1\r\nhost: localhost', 'HTTP/1.1 404'],
    ['GET /state HTTP/1.1\r\nhost: rebound.example', 'HTTP/1.1 403'],
    ['GET /state HTTP/1.1\r\nhost: localhost\r\norigin: https://other.example', 'HTTP/1.1 403'],
    ['POST /cut HTTP/1.1\r\nhost: localhost\r\nsec-fetch-site: cross-site', 'HTTP/1.1 403'],
    ['GET /state HTTP/1.1\r\nhost: localhost\r\nsec-fetch-site: same-origin', 'HTTP/1.1 200'],
  ] as const)
    expect(await firstLine(Number(port), hostname, head)).toContain(answer);
  const abandoned = connectTo(Number(port), hostname);
  abandoned.write('POST /webhook HTTP/1.1\r\nhost: localhost\r\ncontent-length: 100\r\nexpect: 100-continue\r\n\r\n');
  // Its handler waits for the body.
  await once(abandoned, 'data');
  abandoned.resetAndDestroy();
  await once(abandoned, 'close');
  expect((await fetch(`${demo.url}/state`)).status).toBe(200);
});

async function firstLine(port: number, host: string, head: string): Promise<string> {
  const socket = connectTo(port, host);
  socket.write(`${head}\r\nconnection: close\r\n\r\n`);
  const [first]: Buffer[] = await once(socket, 'data');
  socket.destroy();
  return String(first).split('\r\n', 1)[0] ?? '';
}

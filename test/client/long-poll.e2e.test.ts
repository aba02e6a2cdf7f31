/** Long poll in a real browser, with no WebSocket to be had: against the functions, and against the service of tasks. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { webhooksTo } from '../../run/demo/demo-server.ts';
import { type LocalTarget, startLocalTarget } from '../../run/target/local-target.ts';
import { parseSettings } from '../../stack/settings/settings.ts';
import { startChromium } from '../browser/chromium.ts';
import { openSite, type Site, Tab } from './site.ts';

let browser: Browser;
/** As docs/client.md shows them. */
const rows: string[] = [];
const targets: LocalTarget[] = [];
const sites: Site[] = [];
beforeAll(async () => {
  const server = { closeOverSeconds: 1, deregistrationDelaySeconds: 0, deliverTimeoutSeconds: 2, tasks: { count: 2 } };
  const [started, ...both] = await Promise.all([
    startChromium(),
    startLocalTarget({ settings: parseSettings({ fallback: { holdSeconds: 20 } }) }),
    startLocalTarget({ settings: parseSettings({ compute: 'server', server, fallback: {} }) }),
  ]);
  browser = started;
  targets.push(...both);
  sites.push(...(await Promise.all(both.map(({ target }) => openSite(target)))));
}, 120_000);
afterAll(async () => {
  console.log(rows.join('\n'));
  await browser?.close();
  for (const site of sites) await site[Symbol.asyncDispose]();
  await Promise.all(targets.map((target) => target.stop()));
});

test.each([
  ['a function looks each second', 0, 1_600],
  ['a task is told by another', 1, 1_000],
] as const)(
  '%s: without a WebSocket an event is there at once, and nothing is asked meanwhile',
  async (what, n, withinMs) => {
    const [local, site] = [targets[n], sites[n]];
    if (local === undefined || site === undefined) throw new Error('There is no such target.');
    const send = webhooksTo(local.target);
    // Nobody is in the stage, until somebody sets it.
    const tab = await Tab.open(browser, site, {
      ...{ url: local.target.webSocketUrl, httpUrl: local.target.fallbackUrl ?? '', user: 'rosa' },
    });
    const asked = await tab.countRequests('/events');
    await tab.until(`state === 'polling'`);
    // The first read says from when on; the one that waits follows it.
    await expect.poll(() => asked.get('GET') ?? 0, { timeout: 60_000 }).toBeGreaterThanOrEqual(1);
    const latencies: number[] = [];
    const sent: string[] = [];
    for (let k = 0; k < 4; k++) {
      await tab.page.waitForTimeout(1_100);
      const sentAtMs = performance.now();
      sent.push(await send('rosa'));
      await tab.until(`events.length === ${k + 1}`);
      latencies.push(performance.now() - sentAtMs);
    }
    expect((await tab.told()).events).toEqual(sent);
    rows.push(`| ${what} | ${latencies.map((ms) => `${(ms / 1_000).toFixed(2)} s`).join(', ')} |`);
    // The fastest of them: another may have met a busy machine.
    expect(Math.min(...latencies)).toBeLessThan(withinMs);
    expect(asked.get('GET') ?? 0).toBeLessThan(12);
    await tab.page.close();
  },
);

/** The published client in a tab that Chromium froze, against the functions and against the service of tasks: for a while, and for longer than events are kept. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startChromium } from '../browser/chromium.ts';
import { PlainTab } from './plain-tab.ts';
import { Seen, secondsUntil } from './seen.ts';
import { Served } from './served.ts';

/** In place of an hour; fewer than a read goes back for clocks that differ (60 s) would be a gap each time. */
const shortlyKeptSeconds = 62;

const server = { closeOverSeconds: 1, deregistrationDelaySeconds: 0, deliverTimeoutSeconds: 2 };
const stacks = [
  ['functions', {}],
  ['service of tasks', { compute: 'server', server }],
] as const;

const seen = new Seen();
let browser: Browser;
beforeAll(async () => {
  browser = await startChromium();
}, 120_000);
afterAll(async () => {
  console.log(seen.table());
  await browser?.close();
});

/** Freezes it, and shows that no timer runs any longer. */
async function freeze(tab: PlainTab): Promise<void> {
  await tab.evaluate(`window.ticks = 0; window.cycle = []; setInterval(() => window.ticks++, 10);
    for (const name of ['freeze', 'resume']) document.addEventListener(name, () => window.cycle.push(name));`);
  await expect.poll(() => tab.evaluate('window.ticks'), { timeout: 60_000 }).toBeGreaterThan(0);
  await tab.setFrozen(true);
  await expect.poll(() => tab.evaluate('window.cycle.join()'), { timeout: 60_000 }).toBe('freeze');
  const before = await tab.evaluate('window.ticks');
  await sleep(500);
  expect(await tab.evaluate('window.ticks')).toBe(before);
}

test.each(stacks)(
  '%s: a frozen tab whose socket is closed meanwhile is back once it is active, with what it missed',
  async (name, given) => {
    await using served = await Served.start(given, 3_600);
    const tab = await served.openTab(PlainTab.open, { browser, user: 'vera' });
    const sent = [await served.send('vera')];
    await tab.until('events.length === 1');
    await freeze(tab);
    served.line.cut();
    await expect.poll(() => served.line.connections, { timeout: 60_000 }).toBe(0);
    const missed = [await served.send('vera'), await served.send('vera')];
    sent.push(...missed);
    await expect.poll(() => served.kept('vera'), { timeout: 60_000 }).toContain(missed[1]);
    // It does not know yet.
    expect(await tab.told()).toMatchObject({ state: 'open', events: sent.slice(0, 1) });
    await tab.setFrozen(false);
    const backSeconds = await secondsUntil([tab], `states.length === 3 && state === 'open'`);
    sent.push(await served.send('vera'));
    await seen.allOnce(`${name}, a frozen tab`, [{ tab, sent }], { backSeconds });
    expect((await tab.told()).states).toEqual(['open', 'connecting', 'open']);
    await tab.close();
  },
);

test('a tab that slept for longer than events are kept is told of one gap, and loads everything; nothing else is missed, and nothing told twice', async () => {
  await Promise.all(
    stacks.map(async ([name, given]) => {
      await using served = await Served.start(given, shortlyKeptSeconds);
      const tab = await served.openTab(PlainTab.open, { browser, user: 'edith' });
      const sent = [await served.send('edith')];
      await tab.until('events.length === 1');
      await freeze(tab);
      // A machine that sleeps has no network either.
      served.line.setDown(true);
      const lost = await served.send('edith');
      sent.push(lost);
      await expect.poll(() => served.kept('edith'), { timeout: 60_000 }).toContain(lost);
      await expect.poll(() => served.kept('edith'), { timeout: 240_000, interval: 1_000 }).not.toContain(lost);
      const kept = await served.send('edith');
      sent.push(kept);
      await expect.poll(() => served.kept('edith'), { timeout: 60_000 }).toContain(kept);
      served.line.setDown(false);
      await tab.setFrozen(false);
      const backSeconds = await secondsUntil([tab], `states.length === 3 && state === 'open'`);
      const loaded = (await tab.until('loaded.length > 0')).loaded;
      expect(loaded).toEqual(sent);
      sent.push(await served.send('edith'));
      await seen.allOnce(`${name}, asleep for longer than events are kept`, [{ tab, sent }], { backSeconds, gaps: 1 });
      const { events } = await tab.told();
      expect(events).toEqual(sent.filter((id) => id !== lost));
      await tab.close();
    }),
  );
});

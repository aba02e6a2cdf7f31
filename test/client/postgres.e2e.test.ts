/** The published client in a real browser, where events and the stage are kept in PostgreSQL: against the functions, and against the service of tasks. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startChromium } from '../browser/chromium.ts';
import { Seen, secondsUntil } from './seen.ts';
import { Served } from './served.ts';
import { Tab } from './site.ts';

const server = { closeOverSeconds: 1, deregistrationDelaySeconds: 0, deliverTimeoutSeconds: 2 };

const seen = new Seen();
let browser: Browser;
beforeAll(async () => {
  browser = await startChromium();
}, 120_000);
afterAll(async () => {
  console.log(seen.table());
  await browser?.close();
});

test.each([
  ['functions over PostgreSQL', { store: 'postgres' }],
  ['service of tasks over PostgreSQL', { store: 'postgres', compute: 'server', server }],
] as const)(
  '%s: a tab whose socket is cut fetches what it missed, and polls once the kill switch is thrown',
  async (name, given) => {
    await using served = await Served.start(given, 3_600);
    const tab = await served.openTab(Tab.open, { browser, user: 'mina' });
    const sent = [await served.send('mina')];
    await tab.until('events.length === 1');
    served.line.setDown(true);
    await tab.until(`state !== 'open'`);
    sent.push(await served.send('mina'));
    await expect.poll(() => served.kept('mina'), { timeout: 60_000 }).toContain(sent[1]);
    served.line.setDown(false);
    const backSeconds = await secondsUntil([tab], `state === 'open'`);
    sent.push(await served.send('mina'));
    await seen.allOnce(`${name}, sockets cut`, [{ tab, sent }], { backSeconds });
    await served.setStage({ share: 1, off: true });
    const polls = await secondsUntil([tab], `state === 'polling'`);
    await expect.poll(() => served.line.connections, { timeout: 60_000 }).toBe(0);
    sent.push(await served.send('mina'));
    await seen.allOnce(`${name}, switched off`, [{ tab, sent }], { backSeconds: polls });
    await tab.page.close();
  },
);

/** What a plan says of the fallback is what clients do: many of them, each by itself on virtual time, are rolled back. */
import { expect, test } from 'vitest';
import { clientSeconds } from '../../capacity/demand/assumed-usage.ts';
import { asksOf, rollbackAsks } from '../../capacity/fallback/sync-client.ts';
import { createClient } from '../../client/client.ts';
import { VirtualBrowser } from '../../client/virtual-browser.fixture.ts';
import { seededRandom } from '../../engine/src/core/schedule/random.ts';

const clients = 300;
const watchedSeconds = 100;

test('rolled back, clients ask no more often than calculated, and on average as often', async () => {
  const asked = new Array<number>(watchedSeconds).fill(0);
  const before = { stageReads: 0, polls: 0 };
  for (let n = 0; n < clients; n++) {
    const random = seededRandom(n + 1);
    const browser = new VirtualBrowser();
    const client = createClient(
      { url: 'wss://stack.test/prod', httpUrl: 'https://http.test', user: `u-${n}`, token: () => 'token' },
      { ...browser.platform, random },
    );
    await browser.pass(60 + clientSeconds.stage * random());
    const [rolledBackAtMs, asksBefore] = [browser.nowMs, browser.gets.length];
    for (const { path } of browser.gets) before[path === '/config' ? 'stageReads' : 'polls']++;
    browser.config = { share: 1, off: true };
    await browser.pass(watchedSeconds);
    for (const { atMs } of browser.gets.slice(asksBefore)) {
      const second = Math.floor((atMs - rolledBackAtMs) / 1_000);
      if (second < watchedSeconds) asked[second] = (asked[second] ?? 0) + 1;
    }
    client.close();
  }
  const { stage: stageSeconds, poll: pollSeconds } = clientSeconds;
  const online = { peakConnections: clients, sync: { outsideTabs: 0, stageSeconds, pollSeconds } };
  const [rollback, everybody] = rollbackAsks(online).map(
    ({ asks: { stageReads, polls, firstReads } }) => stageReads + polls + firstReads,
  );
  const meanOf = (from: number, to: number) =>
    asked.slice(from, to).reduce((sum, count) => sum + count, 0) / (to - from);
  // The last third of those who notice, and everybody afterwards. Four standard errors of a count.
  expect(meanOf(20, 30)).toBeLessThan((rollback ?? 0) + 4 * Math.sqrt((rollback ?? 0) / 10));
  expect(meanOf(20, 30)).toBeGreaterThan((rollback ?? 0) * 0.75);
  expect(Math.abs(meanOf(40, watchedSeconds) / (everybody ?? 0) - 1)).toBeLessThan(0.05);
  // Before it: one read of events each, and a read of the stage at the start and then each 30 s.
  expect(before.polls).toBe(clients);
  expect(asksOf(online, 0)).toEqual({ stageReads: clients / stageSeconds, polls: 0, firstReads: 0 });
});

/** What comes at the wrong moment: a push while a read is owed, a token that is late, a close by whoever is told. */
import { expect, test } from 'vitest';
import { openTab, type VirtualBrowser } from './virtual-browser.fixture.ts';

const eventReads = (browser: VirtualBrowser) => browser.gets.filter(({ path }) => path === '/events');

test('a push before the read that is owed was answered does not move where that read begins', async () => {
  const { browser, events, gaps } = openTab();
  await browser.pass(5);
  browser.connects = 'refused';
  browser.http = 'down';
  browser.open[0]?.cut();
  await browser.pass(1);
  browser.happens('while away');
  browser.connects = 'open';
  await browser.pass(3);
  expect(browser.open).toHaveLength(1);
  browser.happens('pushed');
  expect(events).toEqual(['pushed']);
  browser.http = 'up';
  await browser.pass(30);
  expect([events, gaps()]).toEqual([['pushed', 'while away'], 0]);
  // Nothing is owed now: the next read begins at the last push.
  browser.happens('last');
  const lastAtMs = browser.nowMs;
  browser.open[0]?.cut();
  await browser.pass(2);
  expect(eventReads(browser).at(-1)?.after).toBe(String(lastAtMs - 1_000));
});

test('a push between two pages does not skip the second', async () => {
  const { browser, events } = openTab();
  await browser.pass(5);
  const secondFromMs = browser.nowMs - 500;
  const page = (eventId: string, resumeFrom: number, more: boolean) => ({
    ...{
      events: [{ type: 'event', eventId, eventType: 'x', object: {}, resumeFrom: 1 }],
      resumeFrom,
      more,
      gap: false,
    },
  });
  browser.pages = [page('e-1', secondFromMs, true), page('e-2', browser.nowMs, false)];
  const before = eventReads(browser).length;
  browser.open[0]?.cut();
  while (eventReads(browser).length === before) await browser.pass(0.001);
  browser.happens('pushed');
  await browser.pass(1);
  expect(events).toEqual(['pushed', 'e-1', 'e-2']);
  const reads = eventReads(browser).slice(before);
  expect(reads.map(({ after }) => after).slice(1)).toEqual([String(secondFromMs)]);
});

test('where the first read fails, and the connection with it, the application is told of a gap: it is not known since when', async () => {
  const { browser, gaps } = openTab((each) => {
    each.pages = [null];
  });
  await browser.pass(0.1);
  browser.open[0]?.cut();
  browser.happens('while away');
  await browser.pass(5);
  expect(gaps()).toBe(1);
  // With the connection open throughout nothing is missed.
  const steady = openTab((each) => {
    each.pages = [null, null];
  });
  await steady.browser.pass(10);
  expect([steady.gaps(), eventReads(steady.browser).length]).toEqual([0, 3]);
});

/** Tokens that come when they are released. */
function lateTokens() {
  const waiting: (() => void)[] = [];
  let isLate = false;
  return {
    token: () => (isLate ? new Promise<string>((resolve) => waiting.push(() => resolve('late'))) : 'at once'),
    beLate: () => {
      isLate = true;
    },
    release: () => {
      isLate = false;
      for (const each of waiting.splice(0)) each();
    },
  };
}

/** A tab whose connection is cut while the token of its replacement is waited for, which comes 0.1 s later. The next attempt is due 0.5 s after the cut. */
async function cutBeforeReplacement(conduct: object = {}) {
  const tokens = lateTokens();
  const tab = openTab(undefined, {
    token: tokens.token,
    conduct: { minAgeSeconds: 10, maxAgeSeconds: 10, ...conduct },
  });
  await tab.browser.pass(9);
  tokens.beLate();
  await tab.browser.pass(2);
  tab.browser.open[0]?.cut();
  await tab.browser.pass(0.1);
  tokens.release();
  return tab;
}

test('a connection that is lost while the token of its replacement is waited for leaves no second one open', async () => {
  const { browser, client } = await cutBeforeReplacement();
  await browser.pass(5);
  expect([client.state, browser.open.length, browser.connectsAtMs.length]).toEqual(['open', 1, 2]);
});

test.each(['close', 'kill switch'] as const)('%s: no attempt survives it', async (how) => {
  const { browser, client } = await cutBeforeReplacement({ configSeconds: 0.1 });
  await browser.pass(0.002);
  if (how === 'close') client.close();
  else {
    browser.config = { share: 1, off: true };
    await browser.pass(0.2);
  }
  const connects = browser.connectsAtMs.length;
  await browser.pass(100);
  expect([browser.open.length, browser.connectsAtMs.length]).toEqual([0, connects]);
});

test('a token that comes after close opens nothing', async () => {
  const tokens = lateTokens();
  tokens.beLate();
  const { browser, client } = openTab(undefined, { token: tokens.token });
  await browser.pass(1);
  client.close();
  tokens.release();
  await browser.pass(100);
  expect(browser.connectsAtMs).toEqual([]);
});

test.each(['open', 'polling'])('closed by whoever is told that it is %s, it does nothing more', async (when) => {
  const opened = openTab(
    (each) => {
      each.config = { share: when === 'open' ? 1 : 0, off: false };
    },
    { onState: (state) => state === when && opened.client.close() },
  );
  const { browser, client } = opened;
  await browser.pass(1);
  const [gets, connects] = [browser.gets.length, browser.connectsAtMs.length];
  await browser.pass(8_000);
  expect([client.state, browser.open.length]).toEqual(['closed', 0]);
  expect([browser.gets.length, browser.connectsAtMs.length]).toEqual([gets, connects]);
  expect(eventReads(browser)).toEqual([]);
});

test('after close nothing is told, though a read is still under way', async () => {
  const { browser, client, events } = openTab();
  await browser.pass(5);
  browser.open[0]?.cut();
  browser.happens('e-1');
  const before = eventReads(browser).length;
  while (eventReads(browser).length === before) await browser.pass(0.001);
  client.close();
  await browser.pass(5);
  expect(events).toEqual([]);
});

test('what a connection still delivers after its end is not told', async () => {
  const { browser, client, messages } = openTab();
  client.subscribe('news');
  await browser.pass(5);
  const [socket] = browser.sockets;
  client.close();
  socket?.deliverLate({ type: 'message', id: 'x', channel: 'news', body: 'late' });
  expect(messages).toEqual([]);
});

test('a channel that is asked for twice is asked of the stack once, and both are told', async () => {
  const { browser, client } = openTab((each) => {
    each.refuse = (_action, channel) => (channel === 'secret' ? 'forbidden' : null);
  });
  const both = [client.subscribe('news'), client.subscribe('news')];
  const refused = [client.subscribe('secret'), client.subscribe('secret')].map((each) =>
    expect(each).rejects.toMatchObject({ code: 'forbidden' }),
  );
  await browser.pass(1);
  await Promise.all([...both, ...refused, client.subscribe('news')]);
  expect(browser.open[0]?.sent.map(({ channel }) => channel)).toEqual(['news', 'secret']);
});

test('close rejects what is not subscribed yet, each caller; afterwards subscribe rejects at once', async () => {
  const { browser, client } = openTab((each) => {
    each.connects = 'silent';
  });
  const waiting = [client.subscribe('news'), client.subscribe('news'), client.subscribe('other')].map((each) =>
    expect(each).rejects.toMatchObject({ code: 'lost' }),
  );
  await browser.pass(1);
  client.close();
  await Promise.all(waiting);
  await expect(client.subscribe('later')).rejects.toMatchObject({ code: 'notConnected' });
});

import { expect, test } from 'vitest';
import { openTab } from './virtual-browser.fixture.ts';

const hour = 3_600;

test('it reads the stage, connects with a token, and tells each event once', async () => {
  const { browser, client, events, states } = openTab();
  await browser.pass(1);
  expect(client.state).toBe('open');
  expect(states).toEqual(['open']);
  expect(browser.open.map(({ url }) => url)).toEqual(['wss://stack.test/prod?token=token-1']);
  browser.happens('e-1');
  browser.open[0]?.push({ type: 'event', eventId: 'e-1', eventType: 'message.created', object: {} });
  browser.happens('e-2');
  expect(events).toEqual(['e-1', 'e-2']);
});

test('subscriptions and publishes settle with the stack’s answers', async () => {
  const { browser, client, messages } = openTab((each) => {
    each.refuse = (_action, channel) => (channel === 'secret' ? 'forbidden' : null);
  });
  const before = client.subscribe('news');
  await browser.pass(1);
  await before;
  const refused = expect(client.subscribe('secret')).rejects.toMatchObject({ code: 'forbidden' });
  const published = client.publish('news', { n: 1 });
  await browser.pass(1);
  await refused;
  expect(await published).toEqual({ recipients: 2, failed: 0 });
  browser.open[0]?.push({ type: 'message', id: 'x', channel: 'news', body: { n: 1 } });
  expect(messages).toEqual([{ n: 1 }]);
  // Refused once: it is not asked for again.
  browser.open[0]?.cut();
  await browser.pass(2);
  expect(browser.open[0]?.sent.map(({ action, channel }) => [action, channel])).toEqual([['subscribe', 'news']]);
});

test('a publish without a connection, without an answer, and over one that is lost, says which', async () => {
  const { browser, client } = openTab();
  await expect(client.publish('news', 1)).rejects.toMatchObject({ code: 'notConnected' });
  await browser.pass(1);
  browser.answers = false;
  const unanswered = expect(client.publish('news', 1)).rejects.toMatchObject({ code: 'timeout' });
  await browser.pass(10);
  await unanswered;
  const lost = expect(client.publish('news', 1)).rejects.toMatchObject({ code: 'lost' });
  browser.open[0]?.cut();
  await browser.pass(1);
  await lost;
});

test('a ping every 300 s keeps a connection from being idle for 600 s; one that does not answer in 10 s is replaced', async () => {
  const { browser, client } = openTab();
  await browser.pass(hour);
  const [socket] = browser.open;
  const pings = socket?.sent.filter(({ action }) => action === 'ping') ?? [];
  expect(pings.map(({ atMs }) => Math.round((atMs - browser.startMs) / 1_000))).toEqual(
    Array.from({ length: 11 }, (_, n) => 300 * (n + 1)),
  );
  // As when the network dies without a word.
  browser.answers = false;
  await browser.pass(311);
  expect(socket?.endedAtMs).not.toBeNull();
  browser.answers = true;
  await browser.pass(2);
  expect(client.state).toBe('open');
  expect(browser.open).toHaveLength(1);
});

test('reconnects wait uniformly up to 1, 2, 4, 8, 16, 30, 30 s; an opened connection begins again at 1 s', async () => {
  const { browser } = openTab((each) => {
    each.connects = 'refused';
    each.http = 'up';
  });
  // The draw that stretches the interval of the config comes when it is needed: every draw is 0.5.
  await browser.pass(60);
  const waits = browser.connectsAtMs.slice(1).map((at, n) => (at - (browser.connectsAtMs[n] ?? 0)) / 1_000);
  expect(waits.slice(0, 7).map((wait) => Math.round(wait * 10) / 10)).toEqual([0.5, 1, 2, 4, 8, 15, 15]);
  browser.connects = 'open';
  await browser.pass(31);
  const { connectsAtMs } = browser;
  const lostAtMs = browser.nowMs;
  browser.open[0]?.cut();
  await browser.pass(1);
  expect((connectsAtMs.at(-1) ?? 0) - lostAtMs).toBe(501);
});

test('a connect that hangs is given up after 10 s', async () => {
  const { browser } = openTab((each) => {
    each.connects = 'silent';
  });
  await browser.pass(11);
  expect(browser.connectsAtMs.length).toBe(2);
});

test('after a connect that did not open, a fresh token is asked for', async () => {
  const { browser, tokens } = openTab(
    (each) => {
      each.connects = 'refused';
    },
    { httpUrl: undefined },
  );
  await browser.pass(0.8);
  expect(tokens).toEqual([{ fresh: false }, { fresh: true }]);
});

test('events that came while there was no connection are fetched from where it stopped: none missed, none twice', async () => {
  const { browser, events, gaps } = openTab();
  await browser.pass(5);
  browser.happens('e-1');
  browser.connects = 'refused';
  browser.open[0]?.cut();
  await browser.pass(1);
  browser.happens('e-2');
  await browser.pass(0.2);
  browser.connects = 'open';
  browser.happens('e-3');
  await browser.pass(20);
  browser.happens('e-4');
  expect(events).toEqual(['e-1', 'e-2', 'e-3', 'e-4']);
  expect(gaps()).toBe(0);
  expect(browser.gets.filter(({ path }) => path.startsWith('/events')).at(-1)?.token).toMatch(/^token-/);
});

test('what the stack no longer keeps is a gap, of which the application is told', async () => {
  const { browser, gaps } = openTab();
  await browser.pass(5);
  browser.open[0]?.cut();
  browser.keptFromMs = browser.nowMs;
  await browser.pass(5);
  expect(gaps()).toBe(1);
});

test('a stack that keeps nothing: every connection after the first is a gap', async () => {
  const { browser, gaps } = openTab(undefined, { httpUrl: undefined });
  await browser.pass(5);
  expect([gaps(), browser.gets]).toEqual([0, []]);
  browser.open[0]?.cut();
  await browser.pass(5);
  expect(gaps()).toBe(1);
});

test('a connection is replaced before 2 h, at an age drawn from 90 to 115 min, with the old one beside the new for 5 s', async () => {
  const { browser, client, messages, states } = openTab();
  client.subscribe('news');
  await browser.pass(6_149);
  expect(browser.sockets).toHaveLength(1);
  await browser.pass(3);
  expect(browser.open).toHaveLength(2);
  // The same push over both, and one over each alone.
  for (const socket of browser.open) socket.push({ type: 'message', id: 'a', channel: 'news', body: 'both' });
  browser.open[1]?.push({ type: 'message', id: 'b', channel: 'news', body: 'new alone' });
  browser.open[0]?.push({ type: 'message', id: 'c', channel: 'news', body: 'old alone' });
  expect(messages).toEqual(['both', 'new alone', 'old alone']);
  await browser.pass(5);
  expect(browser.open).toHaveLength(1);
  expect(states).toEqual(['open']);
  expect(browser.open[0]?.sent[0]).toMatchObject({ action: 'subscribe', channel: 'news' });
});

test.each([
  [0, 5_400],
  [0.999, 6_898],
])('with a draw of %s it is replaced at %s s', async (draw, age) => {
  const { browser } = openTab((each) => {
    // For the first interval of the config, the prefix of ids and the age.
    each.draws = [0.5, 0.5, draw];
  });
  await browser.pass(age - 2);
  expect(browser.sockets).toHaveLength(1);
  await browser.pass(4);
  expect(browser.sockets).toHaveLength(2);
});

test('a connection is replaced a minute before its token expires', async () => {
  const { browser } = openTab(undefined, {
    token: () => `x.${btoa(JSON.stringify({ exp: 1_800_000_000 + 600 }))}.x`,
  });
  await browser.pass(539);
  expect(browser.sockets).toHaveLength(1);
  await browser.pass(3);
  expect(browser.sockets).toHaveLength(2);
});

test('without a network nothing is tried; back in it, the connection is back within a second', async () => {
  const { browser, client, states } = openTab();
  await browser.pass(5);
  browser.goOffline();
  await browser.pass(600);
  expect([client.state, browser.connectsAtMs.length]).toEqual(['offline', 1]);
  const asked = browser.gets.length;
  browser.goOnline();
  await browser.pass(1);
  expect(client.state).toBe('open');
  expect(browser.gets.length).toBeGreaterThan(asked);
  expect(states).toEqual(['open', 'offline', 'connecting', 'open']);
});

test('a tab that is hidden for 5 min gives its connection up and asks for nothing; shown again, it fetches what it missed', async () => {
  const { browser, client, events } = openTab();
  await browser.pass(5);
  browser.hide();
  await browser.pass(299);
  browser.happens('e-1');
  expect(client.state).toBe('open');
  await browser.pass(2);
  expect([client.state, browser.open.length]).toEqual(['asleep', 0]);
  const asked = browser.gets.length;
  browser.happens('e-2');
  await browser.pass(hour);
  expect(browser.gets.length).toBe(asked);
  browser.show();
  await browser.pass(1);
  expect([client.state, events]).toEqual(['open', ['e-1', 'e-2']]);
});

test('a page that is shown asks whether its connection still answers', async () => {
  const { browser, client } = openTab();
  await browser.pass(5);
  browser.hide();
  await browser.pass(60);
  browser.answers = false;
  browser.show();
  await browser.pass(10.5);
  browser.answers = true;
  await browser.pass(1);
  expect([client.state, browser.sockets.length]).toEqual(['open', 2]);
});

test('where three connects do not open it polls, goes on trying, and is back without loss or duplicates', async () => {
  const { browser, client, events, states } = openTab();
  await browser.pass(5);
  browser.connects = 'refused';
  browser.open[0]?.cut();
  await browser.pass(5);
  expect(client.state).toBe('polling');
  for (let n = 1; n <= 6; n++) {
    browser.happens(`e-${n}`);
    await browser.pass(10);
  }
  expect(events).toEqual(['e-1', 'e-2', 'e-3', 'e-4', 'e-5', 'e-6']);
  browser.connects = 'open';
  await browser.pass(30);
  expect(client.state).toBe('open');
  const polls = browser.gets.filter(({ path }) => path.startsWith('/events')).length;
  browser.happens('e-7');
  await browser.pass(60);
  expect(browser.gets.filter(({ path }) => path.startsWith('/events')).length).toBe(polls);
  expect(events).toEqual(['e-1', 'e-2', 'e-3', 'e-4', 'e-5', 'e-6', 'e-7']);
  expect(states).toEqual(['open', 'connecting', 'polling', 'open']);
});

test('once closed it does nothing more', async () => {
  const { browser, client, states } = openTab();
  await browser.pass(5);
  client.close();
  await browser.pass(hour);
  browser.show();
  expect([client.state, browser.open.length, browser.connectsAtMs.length]).toEqual(['closed', 0, 1]);
  expect(states).toEqual(['open', 'closed']);
});

test('a URL that is none is a connect that fails', async () => {
  const { browser, client } = openTab((each) => {
    each.platform.open = () => {
      throw new SyntaxError('no URL');
    };
  });
  await browser.pass(10);
  expect(client.state).toBe('polling');
});

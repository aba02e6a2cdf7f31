/** Reads that the stack holds until there is an event, and answers that want to be left alone. */
import { expect, test } from 'vitest';
import { openTab, type VirtualBrowser } from './virtual-browser.fixture.ts';

const eventReads = (browser: VirtualBrowser) => browser.gets.filter(({ path }) => path === '/events');
const held = (browser: VirtualBrowser, config: object = {}) => {
  browser.config = { share: 0, off: false, holdSeconds: 20, ...config };
  browser.holdSeconds = 20;
};

test('where the stack holds reads, an event is told within a second, and a tab asks three times a minute', async () => {
  const { browser, client, events } = openTab((each) => held(each));
  await browser.pass(10);
  expect(client.state).toBe('polling');
  browser.happens('e-1');
  await browser.pass(0.5);
  expect(events).toEqual(['e-1']);
  browser.happens('e-2');
  // The next read begins a second after the last one did, at the earliest.
  await browser.pass(1.2);
  expect(events).toEqual(['e-1', 'e-2']);
  const before = eventReads(browser).length;
  await browser.pass(600);
  expect(eventReads(browser).length - before).toBeLessThanOrEqual(31);
  expect(eventReads(browser).at(-1)?.wait).toBe('20');
  expect(events).toEqual(['e-1', 'e-2']);
});

test('many events one after the other are a read a second at most', async () => {
  const { browser, events } = openTab((each) => held(each));
  await browser.pass(5);
  const before = eventReads(browser).length;
  for (let n = 0; n < 100; n++) {
    browser.happens(`e-${n}`);
    await browser.pass(0.1);
  }
  await browser.pass(2);
  expect(events).toHaveLength(100);
  expect(eventReads(browser).length - before).toBeLessThanOrEqual(13);
});

test('a stack, or a proxy, that says that it holds reads and does not is polled', async () => {
  const { browser } = openTab((each) => held(each));
  await browser.pass(5);
  // What answers now is not the stack: at once, and without events.
  const empty = { events: [], resumeFrom: browser.nowMs, more: false, gap: false, seen: 0 };
  browser.pages = Array.from({ length: 1_000 }, () => ({ ...empty }));
  const before = eventReads(browser).length;
  await browser.pass(300);
  expect(eventReads(browser).length - before).toBeLessThanOrEqual(35);
});

test('a read that is held is given up when the connection opens, when the network is gone, and when the client is closed', async () => {
  const { browser, client, events } = openTab((each) => held(each));
  await browser.pass(5);
  browser.config = { share: 1, off: false, holdSeconds: 20 };
  await browser.pass(31);
  expect([client.state, browser.aborted]).toEqual(['open', 1]);
  // What comes now is pushed, and the read after the connect was not held up.
  browser.happens('e-1');
  expect(events).toEqual(['e-1']);
  const offline = openTab((each) => held(each));
  await offline.browser.pass(5);
  offline.browser.goOffline();
  expect(offline.browser.aborted).toBe(1);
  const closed = openTab((each) => held(each));
  await closed.browser.pass(5);
  closed.client.close();
  expect(closed.browser.aborted).toBe(1);
  const reads = eventReads(closed.browser).length;
  await closed.browser.pass(100);
  expect(eventReads(closed.browser)).toHaveLength(reads);
});

test('a read is given up after as long as it may be held, and then some', async () => {
  const { browser } = openTab((each) => {
    held(each);
    each.heldSeconds = 1_000;
  });
  await browser.pass(100);
  // 20 s and the 10 s in which any answer comes.
  expect(browser.aborted).toBeGreaterThanOrEqual(2);
});

test.each([429, 503])(
  '%i with Retry-After: asked again no sooner, and then spread; the events are there',
  async (status) => {
    const { browser, events } = openTab((each) => {
      each.config = { share: 0, off: false };
    });
    await browser.pass(5);
    browser.refusals = [{ status, retryAfterSeconds: 40 }];
    const before = eventReads(browser).length;
    browser.happens('e-1');
    await browser.pass(15);
    expect(eventReads(browser).length - before).toBe(1);
    await browser.pass(25);
    expect([eventReads(browser).length - before, events]).toEqual([1, []]);
    await browser.pass(10);
    expect(events).toEqual(['e-1']);
  },
);

test('a Retry-After of a day is not believed', async () => {
  const { browser } = openTab((each) => {
    each.config = { share: 0, off: false };
    each.refusals = [{ status: 503, retryAfterSeconds: 86_400 }];
  });
  await browser.pass(310);
  expect(eventReads(browser).length).toBeGreaterThanOrEqual(2);
});

test('a portal that answers everything with a page, and a config that is none: the tab polls, and finds the stack again', async () => {
  for (const config of [null, 'Sign in', [], { share: '1' }, { off: true }, 7]) {
    const { browser, client, events } = openTab((each) => {
      each.config = config;
      each.pages = Array.from({ length: 3 }, () => null);
    });
    await browser.pass(10);
    expect(client.state).toBe('polling');
    await browser.pass(60);
    browser.config = { share: 1, off: false };
    browser.happens('e-1');
    await browser.pass(60);
    expect([client.state, events]).toEqual(['open', ['e-1']]);
  }
});

test('a token that never comes is given up after 10 s: the tab polls, and goes on trying', async () => {
  let calls = 0;
  const { browser, client } = openTab(undefined, {
    token: () => (++calls <= 4 ? new Promise<string>(() => {}) : 'token'),
  });
  await browser.pass(120);
  expect(client.state).toBe('open');
  expect(calls).toBeGreaterThanOrEqual(5);
});

test('a backlog of many pages is read in one go, in order', async () => {
  const { browser, events } = openTab((each) => {
    each.config = { share: 0, off: false };
  });
  await browser.pass(5);
  const from = browser.nowMs;
  const pages = 50;
  browser.pages = Array.from({ length: pages }, (_, n) => ({
    events: Array.from({ length: 100 }, (_event, m) => ({
      ...{ type: 'event', eventId: `e-${n}-${m}`, eventType: 'x', object: {} },
    })),
    ...{ resumeFrom: from + n, more: n < pages - 1, gap: false },
  }));
  await browser.pass(20);
  expect(events).toHaveLength(pages * 100);
  expect(events.at(-1)).toBe('e-49-99');
});

const tokenFor = (times: object) => `x.${btoa(JSON.stringify(times))}.x`;
test.each([
  ['an hour ahead', 3_600],
  ['an hour behind', -3_600],
  ['right', 0],
])(
  'with a clock that is %s a connection is replaced a minute before its token of half an hour expires',
  async (_what, aheadSeconds) => {
    const { browser } = openTab(undefined, {
      token: () => {
        const iat = browser.nowMs / 1_000 - aheadSeconds;
        return tokenFor({ iat, exp: iat + 1_800 });
      },
    });
    await browser.pass(1_735);
    expect(browser.connectsAtMs).toHaveLength(1);
    await browser.pass(10);
    expect(browser.connectsAtMs).toHaveLength(2);
  },
);

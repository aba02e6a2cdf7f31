import { expect, test } from 'vitest';
import { openTab } from './virtual-browser.fixture.ts';

test('the kill switch turns an open tab to polling within 31 s, and back, without a loss', async () => {
  const { browser, client, events } = openTab();
  await browser.pass(100);
  browser.config = { share: 1, off: true };
  await browser.pass(31);
  expect([client.state, browser.open.length]).toEqual(['polling', 0]);
  browser.happens('e-1');
  await browser.pass(20);
  expect(events).toEqual(['e-1']);
  expect(browser.connectsAtMs.length).toBe(1);
  browser.config = { share: 1, off: false };
  browser.happens('e-2');
  await browser.pass(31);
  expect([client.state, events]).toEqual(['open', ['e-1', 'e-2']]);
});

test('a stage of 0 polls; who cannot read the stage at the start polls; what was read stays in force', async () => {
  const out = openTab((each) => {
    each.config = { share: 0, off: false };
  });
  const unread = openTab((each) => {
    each.config = 'no such thing';
  });
  const later = openTab();
  for (const { browser } of [out, unread, later]) await browser.pass(20);
  later.browser.http = 'down';
  await later.browser.pass(300);
  expect([out, unread, later].map(({ client }) => client.state)).toEqual(['polling', 'polling', 'open']);
});

test('the stage is read at most every 30 s, also when the page is shown and hidden again and again', async () => {
  const { browser } = openTab();
  for (let n = 0; n < 60; n++) {
    browser.hide();
    await browser.pass(2);
    browser.show();
    await browser.pass(3);
  }
  const reads = browser.gets.filter(({ path }) => path === '/config');
  // 300 s: the first, one at a random part of 30 s, then every 30 s.
  expect(reads.length).toBe(11);
});

test('timers that are a fraction of a millisecond early end no series of reads', async () => {
  const { browser, client } = openTab((each) => {
    each.draws = [0.500_01];
  });
  await browser.pass(300);
  browser.config = { share: 0, off: false };
  await browser.pass(31);
  expect(client.state).toBe('polling');
});

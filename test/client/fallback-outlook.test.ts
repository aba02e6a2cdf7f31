/** Until when the fallback's throttle carries a rollback, and what would do where it does not, worked out by hand. */
import { expect, test } from 'vitest';
import type { UsagePlan } from '../../capacity/demand/plan.ts';
import { fallbackLine, outlookWords, reliefWords } from '../../reports/analysis/fallback-words.ts';
import { calculated, fifth, tabs, useOf } from './fallback.fixture.ts';

const throttle = (ratePerSecond: number, burst = 1) => ({ throttle: { ratePerSecond, burst } });

test('where the throttle is too low it is said what would do: polls further apart, a rollback in parts, or more of it', () => {
  const reliefAt = (...of: Parameters<typeof throttle>) => useOf(tabs, throttle(...of))?.relief;
  expect(reliefAt(2_000, 1_000)).toBeNull();
  // Everybody is 1,333/s; the last of a rollback 1,667/s. In k parts 333/k more: 1,500 leaves 167 for them, so two, in a minute. Or polls 10,000 / (1,500 − 667) s apart.
  expect(reliefAt(1_500)).toEqual({ pollSeconds: 12, parts: { count: 2, minutes: 1 }, ratePerSecond: 1_667 });
  // 10,000 / (1,000 - 667) s apart; in parts it would not do, since everybody's polls are too many.
  expect(reliefAt(1_000)).toEqual({ pollSeconds: 30, parts: null, ratePerSecond: 1_667 });
  expect(reliefAt(300)).toEqual({ pollSeconds: null, parts: null, ratePerSecond: 1_667 });
});

test('without growth and stages the throttle that does today does to the end', () => {
  const outlook = useOf(tabs)?.outlook;
  expect(outlook).toEqual({
    ...{ horizonMonths: 12, until: null, perhapsFrom: null },
    most: { date: '2026-01-01', stage: 'all', utilisation: expect.closeTo(1_666.667 / 2_033.333, 4), relief: null },
  });
  expect(outlook && outlookWords(outlook)).toBe(
    'The throttle carries a rollback for all of the 12 months: 82% at most, on 2026-01-01 (“all”)',
  );
});

test('one that does today is outgrown: until when, and what would do at the end of the horizon', () => {
  const use = useOf({ ...tabs, growthPerMonth: 0.05 });
  expect(use?.relief).toBeNull();
  // 1,666.7/s × 1.05^t = 2,033.3/s: t = ln 1.22 / ln 1.05 = 4.08 months.
  expect(use?.outlook?.until).toEqual({ date: '2026-05-05', stage: 'all', isToday: false });
  // 17,959 tabs: 2,394/s of everybody's are more than 2,000/s. Reads of the stage and those that notice leave 2,000 − 599 and 2,033 − 1,197 for polls: 17,959 / 836.
  expect(use?.outlook?.most).toEqual({
    ...{ date: '2027-01-01', stage: 'all', utilisation: expect.closeTo(2_993.09 / 2_033.333, 3) },
    relief: { pollSeconds: 22, parts: null, ratePerSecond: 2_994 },
  });
  expect(use?.stages.map(({ date, relief }) => [date, relief?.ratePerSecond ?? null])).toEqual([
    ['2026-01-01', null],
    ['2027-01-01', 2_994],
  ]);
  expect(fallbackLine(use)).toEqual([
    [
      'Fallback',
      'The throttle carries a rollback until 2026-05-05 (“all”); 147% at most, on 2027-01-01 (“all”); then polls 22 s apart, or fallback.throttle of 2,994/s would do',
    ],
  ]);
});

test('a stage that takes everybody in is more than the throttle carries on its first day', () => {
  const plan: UsagePlan = {
    ...fifth,
    rollout: [...fifth.rollout, { stage: 'all', share: 1, date: '2026-03-01' }],
  };
  const use = useOf(plan, throttle(1_500));
  // 2,000 notice beside 10,000 who ask and poll: 1,400/s. All 10,000 notice: 1,667/s.
  expect(use?.stages.map(({ stage, relief }) => [stage, relief?.parts ?? null])).toEqual([
    ['a fifth', null],
    ['all', { count: 2, minutes: 1 }],
    ['all', { count: 2, minutes: 1 }],
  ]);
  expect(use?.outlook?.until).toEqual({ date: '2026-03-01', stage: 'all', isToday: false });
  expect(use?.outlook?.most).toMatchObject({
    date: '2026-03-01',
    utilisation: expect.closeTo(1_666.667 / 1_500.033, 4),
  });
});

test('users whose network lets no WebSocket through poll in the stage as well: fewer connections, messages, logins and pushes', () => {
  const blocked = (blockedShare: number) =>
    calculated({
      ...{ ...fifth, messagesPerUserPerMinute: 6, loginWindowSeconds: 600, loginShare: 0.5 },
      syncClient: { stageSeconds: 30, pollSeconds: 10, blockedShare },
    }).load;
  const [none, tenth] = [blocked(0), blocked(0.1)];
  expect([none.peakConnections, none.sync?.outsideTabs]).toEqual([2_000, expect.closeTo(8_000, 6)]);
  expect(tenth).toMatchObject({
    ...{ peakConnections: 1_800, messageRatePerSecond: 180, ownersOnlineShare: 0.9, loginsPerDay: 900 },
    webhookRatePerSecond: none.webhookRatePerSecond,
    sync: { outsideTabs: expect.closeTo(8_200, 6), stageSeconds: 30, pollSeconds: 10 },
  });
});

test('what would do is said as far as it would', () => {
  expect(reliefWords({ pollSeconds: 12, parts: { count: 2, minutes: 1 }, ratePerSecond: 1_667 })).toBe(
    'polls 12 s apart, a rollback in 2 equal parts over 1 min, or fallback.throttle of 1,667/s',
  );
  expect(reliefWords({ pollSeconds: null, parts: null, ratePerSecond: 1_667 })).toBe('fallback.throttle of 1,667/s');
});

test('a throttle that does not do today, and one that perhaps does not later, is said to be so', () => {
  const today = useOf(tabs, throttle(1_500))?.outlook;
  expect(today && outlookWords(today)).toBe(
    'The throttle does not carry a rollback today; 111% at most, on 2026-01-01 (“all”); then polls 12 s apart, a rollback in 2 equal parts over 1 min, or fallback.throttle of 1,667/s would do',
  );
  const most = { date: '2027-01-01', stage: null, utilisation: 0.98, relief: null };
  expect(outlookWords({ horizonMonths: 12, until: null, perhapsFrom: '2026-11-03', most })).toBe(
    'The throttle carries a rollback for all of the 12 months by the best estimate: 98% at most, on 2027-01-01; it may not from 2026-11-03 on',
  );
});

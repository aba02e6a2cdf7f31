/** The ways in which a sum once hid a loss, or made one up: each must come out by id. */
import { describe, expect, test } from 'vitest';
import { type FaultyRun, faultyRun } from './faulty-run.ts';

/** Of the ledger: a push that never came counts as slower than any objective as well. */
const reasonsOf = ({ report }: FaultyRun) =>
  report.verdict.reasons.map(({ code }) => code).filter((code) => code.startsWith('events'));
const sentenceOf = ({ report }: FaultyRun) =>
  report.verdict.reasons.find(({ code }) => code.startsWith('events'))?.sentence;
/** Ids by outcome, of those that are not delivered to all. */
function byId({ observed, settled }: FaultyRun) {
  const of = (outcome: string) => [...observed].filter(([, each]) => each === outcome).map(([id]) => id);
  return Object.fromEntries(
    Object.entries(settled.ids).map(([outcome, ids]) => [
      outcome,
      { observed: of(outcome).sort(), reported: [...ids].sort() },
    ]),
  );
}
function expectSame(run: FaultyRun): void {
  for (const [outcome, { observed, reported }] of Object.entries(byId(run)))
    expect(reported, outcome).toEqual(observed);
  expect(Object.values(run.settled.counts).reduce((sum, each) => sum + each, 0)).toBe(run.observed.size);
}

describe('lost', () => {
  test('messages that somebody else took from the queue, among duplicates in flight', async () => {
    const run = await faultyRun({ seed: 5, faults: { steal: 0.08, duplicate: 0.7 } });
    expectSame(run);
    expect(run.stack.fired.steal).toBeGreaterThan(2);
    expect(run.settled.counts.lost).toBeGreaterThan(0);
    expect(run.report.ledger?.events.lost).toBe(run.settled.counts.lost);
    expect(reasonsOf(run)).toEqual(['eventsLost']);
    expect(run.report.verdict.status).toBe('invalid');
    expect(run.report.verdict.sentence).toContain(run.settled.ids.lost[0]);
  });

  test('an event taken from the queue is lost although its owner was offline', async () => {
    const run = await faultyRun({ seed: 1, load: { offlineShare: 1 }, faults: { steal: 0.1 } });
    expectSame(run);
    expect(run.settled.counts.lost).toBeGreaterThan(0);
    expect(run.settled.counts.ownerOffline).toBeGreaterThan(run.settled.counts.lost);
  });
});

describe('missed', () => {
  test('pushes answered 410 while the only tab of the owner was open', async () => {
    const run = await faultyRun({ seed: 3, load: { tabsPerUser: 1 }, faults: { gone: 0.06 } });
    expectSame(run);
    expect(run.settled.counts.missed).toBeGreaterThan(2);
    // The stack itself calls them offline.
    expect(run.stack.offlineCounted).toBe(run.settled.counts.missed + run.settled.counts.ownerOffline);
    expect(reasonsOf(run)).toEqual(['eventsMissed']);
    expect(run.report.verdict.status).toBe('sloBroken');
    expect(sentenceOf(run)).toContain(run.settled.ids.missed[0]);
  });

  test('pushes of which the end is missing', async () => {
    const run = await faultyRun({ seed: 3, load: { tabsPerUser: 1 }, faults: { cut: 0.1 } });
    expectSame(run);
    expect(run.stack.fired.cut).toBeGreaterThan(2);
    expect(run.settled.counts.missed).toBe(run.stack.fired.cut);
    expect(reasonsOf(run)).toEqual(['eventsMissed']);
    expect(run.observation.client.totals.framesUnreadable).toBe(run.stack.fired.cut);
  });

  test('the first ten are named, and how many more there are', async () => {
    const run = await faultyRun({ seed: 3, load: { tabsPerUser: 1 }, faults: { gone: 1 } });
    expectSame(run);
    const { missed } = run.settled.ids;
    expect(missed.length).toBeGreaterThan(12);
    expect(sentenceOf(run)).toContain(`${missed.slice(0, 10).join(', ')} and ${missed.length - 10} more`);
  });
});

describe('misdelivered', () => {
  test('one push at another user breaks any SLO, and is named with whose it is and whom it reached', async () => {
    const run = await faultyRun({ seed: 3, load: { offlineShare: 0 }, faults: { stray: 0.02 } });
    expectSame(run);
    expect(run.strays.length).toBeGreaterThan(0);
    const { misdeliveries: [first] = [] } = run.observation.client;
    expect(`${first?.id} ${first?.to}`).toBe(run.strays[0]);
    const { status, reasons } = run.report.verdict;
    expect(status).toBe('sloBroken');
    expect(reasons.find(({ code }) => code === 'misdelivered')?.sentence).toContain(
      `${first?.id} of ${run.owners.get(first?.id ?? '')} to ${first?.to}`,
    );
    expect(run.report.slo.find(({ id }) => id === 'pushes.misdelivered')).toMatchObject({ limit: 0, kept: false });
  });

  test('none where nothing strays', async () => {
    const run = await faultyRun({ seed: 3, faults: { duplicate: 0.5 } });
    expect(run.report.slo.find(({ id }) => id === 'pushes.misdelivered')).toMatchObject({ measured: 0, kept: true });
  });
});

describe('missed publishes', () => {
  const load = { channels: [{ count: 2, subscribers: 5 }], publishRatePerSecond: 20, webhookRatePerSecond: 0 };
  test('messages that a subscriber never got, among clients that come and go', async () => {
    const run = await faultyRun({ seed: 8, load: { ...load, churnRatePerSecond: 2 }, faults: { unheard: 0.1 } });
    const { missedPublishes = [] } = run.observation.client;
    expect(new Map(missedPublishes.map(({ id, subscribers }) => [id, subscribers]))).toEqual(run.missedPublishes);
    expect(missedPublishes.length).toBeGreaterThan(4);
    expect(run.report.verdict.status).toBe('sloBroken');
    const [reason] = run.report.verdict.reasons.filter(({ code }) => code === 'publishesMissed');
    expect(reason?.sentence).toContain(`${missedPublishes[0]?.id} on ${missedPublishes[0]?.channel} (u-`);
  });

  test('none, when every connection is lost between the publishes and comes back', async () => {
    const run = await faultyRun({ seed: 8, load, closeAllAtMs: [900, 1_700] });
    expect(run.missedPublishes.size).toBe(0);
    expect(run.observation.client.missedPublishes).toEqual([]);
    expect(run.report.ledger?.fanOut?.publishes.outcomes.answered).toBeGreaterThan(10);
  });
});

describe('neither', () => {
  test('replays and duplicates, delayed until after the drain: they are no new events', async () => {
    const run = await faultyRun({
      seed: 11,
      load: { replayShare: 0.6, duplicateShare: 0.4, drainSeconds: 1 },
      faults: { delay: 0.6, delaySeconds: 8, duplicate: 0.3 },
    });
    expectSame(run);
    expect(run.stack.messages.length).toBeGreaterThan(run.settled.counts.inQueue);
    expect(run.settled.counts).toMatchObject({ lost: 0, missed: 0, unknown: 0 });
    expect(reasonsOf(run)).toEqual([]);
  });

  test.each([-4, 4])('a clock that steps by %d s', async (clockStepSeconds) => {
    const run = await faultyRun({ seed: 2, faults: { clockStepSeconds, clockStepAtMs: 1_000, duplicate: 0.3 } });
    expectSame(run);
    expect(run.settled.counts).toMatchObject({ lost: 0, missed: 0, unknown: 0 });
    expect(reasonsOf(run)).toEqual([]);
  });

  test('an owner who came after the post and was reached, and one who left', async () => {
    const run = await faultyRun({ seed: 4, faults: { delay: 1, delaySeconds: 1.5 }, closeAllAtMs: [900, 1_600] });
    expectSame(run);
    expect(run.settled.counts).toMatchObject({ lost: 0, missed: 0, unknown: 0 });
    expect(run.settled.counts.deliveredToAll).toBeGreaterThan(20);
    expect(reasonsOf(run)).toEqual([]);
  });

  test('the last event of the steady state, with its pushes in the drain', async () => {
    const run = await faultyRun({
      seed: 6,
      load: { webhookRatePerSecond: 0.5, offlineShare: 0 },
      faults: { delay: 1, delaySeconds: 3 },
    });
    expectSame(run);
    expect(run.settled.counts.deliveredToAll).toBe(run.observed.size);
  });
});

describe('where the queue cannot be read', () => {
  const faults = { steal: 0.1, partial: 0.5 };
  test('as many events as there are messages may be in it, the others are lost', async () => {
    const run = await faultyRun({ seed: 9, asked: 'aws', load: { drainSeconds: 0.5 }, faults });
    const untraced = [...run.observed.values()].filter((outcome) => outcome === 'lost' || outcome === 'inQueue').length;
    const messages = run.stack.messages.length;
    expect(run.settled.counts.unknown).toBe(Math.min(messages, untraced));
    expect(run.settled.counts.lost).toBe(Math.max(0, untraced - messages));
    expect(run.report.verdict.status).toBe('invalid');
  });
});

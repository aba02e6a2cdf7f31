import { describe, expect, it } from 'vitest';
import { instantPush, ScriptedPusher } from '../../testing/scripted-pusher.ts';
import { backOffCeilingMs, type PushAttempt, pushFrame } from './push.ts';

const throttled: PushAttempt = { kind: 'throttled' };
const unavailable: PushAttempt = { kind: 'unavailable', reason: 'it was 503' };

async function push(...answers: PushAttempt[]) {
  const pusher = new ScriptedPusher().answer('c1', ...answers);
  const dependencies = instantPush(pusher);
  const outcome = await pushFrame('c1', 'frame', dependencies);
  return { outcome, attempts: pusher.attempts, sleptMs: dependencies.sleptMs };
}

describe('pushFrame', () => {
  it('sends with one attempt', async () => {
    expect(await push({ kind: 'sent' })).toEqual({ outcome: { kind: 'sent', throttles: 0 }, attempts: 1, sleptMs: [] });
  });

  it('backs off when throttled, and counts every 429', async () => {
    expect(await push(throttled, throttled, { kind: 'sent' })).toEqual({
      outcome: { kind: 'sent', throttles: 2 },
      attempts: 3,
      // Half of 50 and of 100 ms: the random number of the tests is one half.
      sleptMs: [25, 50],
    });
  });

  it('gives up after five attempts', async () => {
    expect(await push(throttled)).toEqual({
      outcome: { kind: 'throttled', throttles: 5 },
      attempts: 5,
      sleptMs: [25, 50, 100, 200],
    });
  });

  it('retries if unavailable, and reports why it failed in the end', async () => {
    expect((await push(unavailable, { kind: 'sent' })).outcome).toEqual({ kind: 'sent', throttles: 0 });
    expect(await push(unavailable)).toMatchObject({
      outcome: { kind: 'failed', reason: 'it was 503', throttles: 0 },
      attempts: 5,
    });
  });

  it('takes five 410s in a row for the end of a connection, or as many as it is told, and no fewer', async () => {
    expect(await push({ kind: 'gone' })).toEqual({
      outcome: { kind: 'gone', throttles: 0 },
      attempts: 5,
      sleptMs: [25, 50, 100, 200],
    });
    for (const goneAttempts of [1, 8]) {
      const pusher = new ScriptedPusher().answer('c1', { kind: 'gone' });
      expect((await pushFrame('c1', 'frame', instantPush(pusher), goneAttempts)).kind).toBe('gone');
      expect(pusher.attempts).toBe(goneAttempts);
    }
  });

  it('sends after 410s that had nothing to do with the connection', async () => {
    const gone: PushAttempt = { kind: 'gone' };
    expect((await push(gone, gone, gone, gone, { kind: 'sent' })).outcome).toEqual({ kind: 'sent', throttles: 0 });
  });

  it.each<[string, PushAttempt, object]>([
    ['refused', { kind: 'refused', reason: 'it was 413' }, { kind: 'failed', reason: 'it was 413', throttles: 0 }],
    ['unanswered', { kind: 'unanswered', reason: 'no time' }, { kind: 'failed', reason: 'no time', throttles: 0 }],
  ])('does not retry what is %s', async (_name, answer, outcome) => {
    expect(await push(answer)).toEqual({ outcome, attempts: 1, sleptMs: [] });
  });

  it('begins no attempt once the time is over', async () => {
    const pusher = new ScriptedPusher().answer('c1', throttled);
    const dependencies = instantPush(pusher);
    const budget = {
      leftMs: () => 60 - dependencies.sleptMs.reduce((sum, ms) => sum + ms, 0),
      signal: dependencies.budget.signal,
    };
    expect(await pushFrame('c1', 'frame', { ...dependencies, budget })).toEqual({ kind: 'outOfTime', throttles: 2 });
    expect(pusher.attempts).toBe(2);
  });

  it('waits at most 50, 100, 200 and 400 ms', () => {
    expect([1, 2, 3, 4].map(backOffCeilingMs)).toEqual([50, 100, 200, 400]);
  });
});

describe('a connection that is gone for certain', () => {
  it('is not tried again', async () => {
    const gone: PushAttempt = { kind: 'gone', isCertain: true };
    expect(await push(gone)).toEqual({
      outcome: { kind: 'gone', isCertain: true, throttles: 0 },
      attempts: 1,
      sleptMs: [],
    });
  });
});

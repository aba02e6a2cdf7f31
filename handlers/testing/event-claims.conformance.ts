/** Behaviour of all event claims. The unit tests run it on the in-memory ones, the integration tests on those in DynamoDB and PostgreSQL. */
import { expect, it } from 'vitest';
import type { EventClaims } from '../domain/event-claims.ts';

interface ClaimsOptions {
  eventTtlSeconds: number;
  leaseMs: number;
  nowMs: () => number;
}

export function eventClaimsBehaviour(make: (options: ClaimsOptions) => EventClaims): void {
  const at = { ms: 1_790_000_000_000 };
  const claims = make({ eventTtlSeconds: 86_400, leaseMs: 35_000, nowMs: () => at.ms });
  const fresh = { kind: 'claimed', pushedTo: new Set() };

  it('grants an event to one message; a second message learns that another holds it, the same one that it already holds it', async () => {
    expect(await claims.claim('e1', 'm1')).toEqual(fresh);
    expect(await claims.claim('e1', 'm2')).toEqual({ kind: 'heldByOther' });
    expect(await claims.claim('e1', 'm1')).toEqual({ kind: 'heldBySame' });
    expect(await claims.claim('e2', 'm2')).toEqual(fresh);
  });

  it('grants it to exactly one of many concurrent claims', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, (_, index) => claims.claim('race', `m${index}`)));
    expect(answers.filter(({ kind }) => kind === 'claimed')).toHaveLength(1);
    expect(answers.filter(({ kind }) => kind === 'heldByOther')).toHaveLength(7);
  });

  it('an expired lease is taken over by exactly one of many', async () => {
    await claims.claim('heirs', 'm0');
    at.ms += 35_000;
    const answers = await Promise.all(Array.from({ length: 8 }, (_, index) => claims.claim('heirs', `m${index + 1}`)));
    expect(answers.filter(({ kind }) => kind === 'claimed')).toHaveLength(1);
  });

  it('completing twice is the same as once, and so is completing what was never claimed', async () => {
    await claims.claim('twice', 'm1');
    await Promise.all([claims.complete('twice'), claims.complete('twice'), claims.complete('unclaimed')]);
    expect(await claims.claim('twice', 'm2')).toEqual({ kind: 'done' });
    expect(await claims.claim('unclaimed', 'm2')).toEqual({ kind: 'done' });
  });

  it('remembers a completed event for its TTL and no longer', async () => {
    await claims.claim('e3', 'm1');
    await claims.complete('e3');
    expect(await claims.claim('e3', 'm1')).toEqual({ kind: 'done' });
    at.ms += 86_399_000;
    expect(await claims.claim('e3', 'm2')).toEqual({ kind: 'done' });
    at.ms += 1_000;
    expect(await claims.claim('e3', 'm2')).toEqual(fresh);
  });

  it('lets an expired lease be taken over: its holder has died', async () => {
    await claims.claim('e4', 'm1');
    at.ms += 34_999;
    expect(await claims.claim('e4', 'm1')).toEqual({ kind: 'heldBySame' });
    at.ms += 1;
    expect(await claims.claim('e4', 'm1')).toEqual(fresh);
  });

  it('makes a released event immediately available, with the connections already reached', async () => {
    await claims.claim('e5', 'm1');
    await claims.release('e5', 'm1', ['c1=', 'c2=']);
    expect(await claims.claim('e5', 'm2')).toEqual({ kind: 'claimed', pushedTo: new Set(['c1=', 'c2=']) });
    await claims.release('e5', 'm2', ['c1=', 'c2=', 'c3=']);
    expect(await claims.claim('e5', 'm1')).toEqual({ kind: 'claimed', pushedTo: new Set(['c1=', 'c2=', 'c3=']) });
  });

  it('releases an event that reached no connection', async () => {
    await claims.claim('e6', 'm1');
    await claims.release('e6', 'm1', []);
    expect(await claims.claim('e6', 'm1')).toEqual(fresh);
  });

  it('ignores a release by a message that has lost its claim, and one of a completed event', async () => {
    await claims.claim('e7', 'm1');
    at.ms += 35_000;
    await claims.claim('e7', 'm2');
    await claims.release('e7', 'm1', ['c1=']);
    expect(await claims.claim('e7', 'm3')).toEqual({ kind: 'heldByOther' });
    await claims.complete('e7');
    await claims.release('e7', 'm2', []);
    expect(await claims.claim('e7', 'm3')).toEqual({ kind: 'done' });
  });
}

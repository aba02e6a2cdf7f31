/** A generator that stands still, from the fleet to the verdict, on virtual time. */
import { describe, expect, test } from 'vitest';
import type { Faults } from '../engine/test/fake-stack.ts';
import { runDocument } from '../reports/document/run-document.ts';
import { renderMarkdown } from '../reports/render/markdown.ts';
import type { Report } from '../reports/report.ts';
import { virtualReport } from './virtual-report.fixture.ts';

const row = ({ slo }: Report, id: string) => slo.find((each) => each.id === id);
const codes = ({ verdict }: Report) => verdict.reasons.map(({ code }) => code);

test('a generator that is awake: every objective is judged and met', async () => {
  const report = await virtualReport({});
  expect(report.verdict).toMatchObject({ status: 'ok', reasons: [] });
  expect(report.slo.every(({ notJudged }) => notJudged === null)).toBe(true);
  expect(Object.keys(report.generator?.phases ?? {})).toEqual(['ramp', 'steady', 'drain']);
});

describe('a generator that stands still for 3 s', () => {
  test('in the ramp: connects are not judged, everything else is, and the run is invalid for that alone', async () => {
    const report = await virtualReport({}, { stall: { atMs: 1_500, forMs: 3_000 } });
    expect(row(report, 'connectP99Ms')).toMatchObject({
      ...{ measured: null, kept: null },
      notJudged: { kind: 'generator', phase: 'ramp', of: 'samples' },
    });
    expect(report.verdict.status).toBe('invalid');
    expect(codes(report)).toEqual(['notJudged.connectP99Ms']);
    expect(report.verdict.sentence).toMatch(
      /Connect p99 was not judged: in the ramp the generator stood still for up to 3,\d00 ms/,
    );
    expect(report.verdict.sentence).not.toMatch(/SLO broken/);
    for (const id of ['roundTripP99Ms', 'deliveryP99Ms', 'connects.errorShare', 'messages.errorShare'])
      expect(row(report, id)).toMatchObject({ kept: true, notJudged: null });
    expect(renderMarkdown(runDocument(report))).toMatch(
      /\| connect p99 \| not judged<br><sub>in the ramp the generator stood still/,
    );
  });

  test('in the ramp, and a steady state that breaks its objective while the generator is awake: the SLO is broken', async () => {
    const ping: Faults['ping'] = (n) => (n % 20 === 0 ? 'drop' : 'answer');
    const report = await virtualReport({}, { stall: { atMs: 1_500, forMs: 3_000 }, faults: { ping } });
    expect(report.verdict.status).toBe('sloBroken');
    expect(codes(report)).toEqual([
      'cause.messages.timedOut',
      'slo.roundTripP99Ms',
      'slo.messages.errorShare',
      'notJudged.connectP99Ms',
    ]);
    expect(report.verdict.sentence).toContain('60 of 1,200 messages had no answer within 10 s.');
    expect(report.verdict.sentence).toContain('There is no round trip p99: 5% failed; the plan allows 500 ms.');
  });

  test('in the steady state: round trips and deliveries are not judged, connects are', async () => {
    const report = await virtualReport({}, { stall: { atMs: 30_000, forMs: 3_000 } });
    expect(report.verdict.status).toBe('invalid');
    expect(codes(report)).toEqual(['sendLag', 'loopDelay']);
    for (const id of ['roundTripP99Ms', 'deliveryP99Ms'])
      expect(row(report, id)).toMatchObject({ kept: null, notJudged: { kind: 'generator', phase: 'steady' } });
    expect(row(report, 'connectP99Ms')).toMatchObject({ kept: true, notJudged: null });
  });

  test('in a steady state so long that it is 0.75% of it: a p99 is not the generator’s, and is judged', async () => {
    const report = await virtualReport({ steadySeconds: 400 }, { stall: { atMs: 300_000, forMs: 3_000 } });
    expect(report.verdict.status).toBe('ok');
  });

  test('in a burst that holds most of the webhooks: deliveries are not judged, although it is 0.75% of the steady state', async () => {
    const burst = { burstStartSeconds: 300, burstSeconds: 10, burstRatePerSecond: 100, webhookRatePerSecond: 1 };
    const report = await virtualReport({ ...burst, steadySeconds: 400 }, { stall: { atMs: 308_000, forMs: 3_000 } });
    expect(row(report, 'deliveryP99Ms')).toMatchObject({ kept: null, notJudged: { kind: 'generator' } });
    expect(report.verdict.status).toBe('invalid');
  });

  test('in the drain: only what arises there is touched', async () => {
    const report = await virtualReport({}, { stall: { atMs: 65_060, forMs: 3_000 } });
    expect(report.verdict.status).toBe('ok');
    expect(report.generator?.phases.drain?.longestStallMs).toBeGreaterThan(2_900);
    expect(report.generator?.phases.steady?.longestStallMs).toBeLessThan(50);
  });

  test('for longer than the timeout: messages that timed out meanwhile are not the target’s', async () => {
    const report = await virtualReport(
      { timeoutSeconds: 1, steadySeconds: 400 },
      { stall: { atMs: 300_000, forMs: 3_000 } },
    );
    expect(report.ledger?.messages.outcomes['timed out']).toBeGreaterThan(0);
    expect(report.verdict.status).not.toBe('sloBroken');
  });
});

describe('what the target declared itself counts, however slow the generator was', () => {
  test('error frames for every fifth message break the SLO in spite of a stall in the steady state', async () => {
    const ping: Faults['ping'] = (n) => (n % 5 === 0 ? 'error' : 'answer');
    const report = await virtualReport({}, { stall: { atMs: 30_000, forMs: 3_000 }, faults: { ping } });
    expect(report.verdict.status).toBe('sloBroken');
    expect(report.verdict.sentence).toContain('240 of 1,200 messages were answered with the error “badRequest”.');
    expect(codes(report)).toContain('loopDelay');
    expect(row(report, 'deliveryP99Ms')).toMatchObject({ kept: null, notJudged: { kind: 'generator' } });
  });

  test('but not connections that a target closed while the generator stood still for longer than a keep-alive', async () => {
    const server: NonNullable<Faults['server']> = (peer, after) => {
      // Silent for 30 s, and closed for it, as the stall ends.
      after(300_000, () => peer.close(4000, 'ping timeout'));
      return (text) => peer.send(JSON.stringify({ type: 'pong', id: JSON.parse(text).id }));
    };
    const report = await virtualReport(
      { steadySeconds: 400, connectRatePerSecond: 1_000, connections: 20, webhookRatePerSecond: 0 },
      { stall: { atMs: 270_000, forMs: 31_000 }, faults: { server } },
    );
    expect(report.conduct?.closes).toEqual([{ code: '4000', reason: 'ping timeout', count: 20 }]);
    expect(report.verdict.status).toBe('invalid');
    expect(row(report, 'messages.errorShare')).toMatchObject({ kept: null, notJudged: { kind: 'generator' } });
  });
});

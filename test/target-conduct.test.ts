/** Targets that close, refuse or answer something else, from the fleet to the verdict, on virtual time: none is the generator's fault. */
import { describe, expect, test } from 'vitest';
import type { Faults } from '../engine/test/fake-stack.ts';
import { runDocument } from '../reports/document/run-document.ts';
import { renderMarkdown } from '../reports/render/markdown.ts';
import type { Report } from '../reports/report.ts';
import { virtualReport } from './virtual-report.fixture.ts';

/** 12 connections, 10 messages a second for 6 s: 60 messages. */
const load = {
  ...{ connections: 12, tabsPerUser: 1, connectRatePerSecond: 100 },
  ...{ messageRatePerSecond: 10, webhookRatePerSecond: 0, steadySeconds: 6, timeoutSeconds: 2, drainSeconds: 5 },
};
type Server = NonNullable<Faults['server']>;
const against = (server: Server) => virtualReport(load, { faults: { server } });
const codes = ({ verdict }: Report) => verdict.reasons.map(({ code }) => code);
const markdown = (report: Report) => renderMarkdown(runDocument(report));

/** In every report of this file. */
function expectTheTargetsFault(report: Report): void {
  expect(report.verdict.status).toBe('sloBroken');
  expect(report.verdict.sentence).not.toMatch(/generator|offered rate|were due were sent/);
  expect(report.generator?.sentShare.messages ?? 1).toBe(1);
}

test('a server that closes with 4401 after 2 s: the verdict says so, and the messages that could not be sent have failed', async () => {
  const report = await against((peer, after) => {
    after(2_000, () => peer.close(4401, 'login required'));
    return (text) => peer.send(JSON.stringify({ type: 'pong', id: JSON.parse(text).id }));
  });
  expectTheTargetsFault(report);
  const { noConnection } = report.generator?.unsendable ?? { noConnection: 0 };
  expect(noConnection).toBeGreaterThan(35);
  expect(report.verdict.sentence).toBe(
    `SLO broken: the endpoint did not meet its SLO at 100 connections, 10 messages/s and 50 webhooks/s in a burst. ${noConnection} of 60 messages failed: the target closed 12 connections with 4401 “login required”. There is no round trip p99: ${((100 * noConnection) / 60).toFixed(1)}% failed; the plan allows 500 ms.`,
  );
  expect(codes(report)).toEqual([
    'cause.messages.closed',
    'slo.roundTripP99Ms',
    'slo.messages.errorShare',
    'target.closed',
  ]);
  expect(report.conduct?.closes).toEqual([{ code: '4401', reason: 'login required', count: 12 }]);
  expect(markdown(report)).toContain('| closed a connection | 4401 “login required” | 12 |');
});

describe.each([
  [1008, 'policy'],
  [1011, 'internal error'],
])('a server that closes with %d', (code, reason) => {
  test('at the first message is named with its reason', async () => {
    const report = await against((peer) => () => peer.close(code, reason));
    expectTheTargetsFault(report);
    expect(report.verdict.sentence).toContain(
      `60 of 60 messages failed: the target closed 12 connections with ${code} “${reason}”.`,
    );
    expect(report.verdict.sentence).toContain('There is no round trip p99: 100% failed');
  });
});

test('a graphql-ws server: what it said before it closed stands in the report, without its token', async () => {
  const report = await against((peer) => () => {
    peer.send('{"type":"connection_error","payload":{"message":"Unauthorized","token":"t0p"}}');
    peer.close(4400, 'Invalid message');
  });
  expectTheTargetsFault(report);
  expect(codes(report)).toContain('target.frames');
  const shown = markdown(report);
  expect(shown).toContain('12 frames were not expected, the first: “{"type":"connection\\_error"');
  expect(JSON.stringify(report) + shown).not.toContain('t0p');
});

test('a Socket.IO server that ignores what it does not know: no answer, and its own frames are shown', async () => {
  const report = await against((peer, after) => {
    peer.send('0{"sid":"lv_VI97HAXpY6yYWAAAC","upgrades":[],"pingInterval":25000}');
    after(3_000, () => peer.send('2'));
    return () => {};
  });
  expectTheTargetsFault(report);
  expect(report.verdict.sentence).toContain(
    '60 of 60 messages had no answer within 2 s; the target sent 24 frames that were not expected, the first: “0{"sid":"[hidden]"',
  );
  expect(report.conduct?.firstFrames).toEqual([
    { text: '“0{"sid":"[hidden]","upgrades":[],"pingInterval":25000}”', count: 12 },
    { text: '“2”', count: 12 },
  ]);
});

test.each([1002, 1003])('an MQTT server that closes %d on text frames', async (code) => {
  const report = await against((peer) => () => peer.close(code));
  expectTheTargetsFault(report);
  expect(report.verdict.sentence).toContain(`the target closed 12 connections with ${code}.`);
});

test.each([401, 403, 429, 500, 503])('upgrades refused with %d, most of them: named by status', async (status) => {
  const report = await virtualReport(load, { faults: { upgrade: (n) => (n < 8 ? status : 101) } });
  expectTheTargetsFault(report);
  expect(report.verdict.sentence).toContain(`8 of 12 connects were answered with HTTP ${status}.`);
  expect(report.verdict.sentence).toContain('There is no connect p99: 66.7% failed');
  expect(report.conduct?.refusedConnects).toEqual([{ answer: String(status), count: 8 }]);
});

test('a target that closes a few connections and meets its SLO is OK, with a warning', async () => {
  let n = 0;
  const report = await against((peer, after) => {
    if (n++ === 0) after(1_000, () => peer.close(4000, 'rebalanced'));
    return (text) => peer.send(JSON.stringify({ type: 'pong', id: JSON.parse(text).id }));
  });
  expect(report.verdict.status).toBe('ok');
  expect(report.warnings.find(({ code }) => code === 'target.closed')?.sentence).toBe(
    'The target closed 1 connection: 1 with 4000 “rebalanced”.',
  );
});

/**
 * Quota truth: every token bucket, offered twice its quota, admits its quota within 1%, and first refuses after
 * burst / (λ − rate) within 5%. Limits are small, so that one process can offer twice as much on schedule.
 */
import assert from 'node:assert/strict';
import type { ConformanceCase } from '../conformance/conformance-case.ts';
import { holdMs, pacedConcurrency, routeThrottle } from '../conformance/stack/settings.ts';
import type { Subject } from '../conformance/subject.ts';
import type { TargetNeed } from '../conformance/target-need.ts';
import { type Attempt, offer } from './open-loop.ts';
import { handshakeSender, httpSender, inTurn, messageSender, postSender, readSender, writeSender } from './senders.ts';
import { proveQuota } from './trial.ts';

interface QuotaCase {
  name: string;
  target: TargetNeed;
  prove: (subject: Subject) => Promise<void>;
}

/** A burst of one second: the first refusal comes after a second, and a few ms on a busy machine are a small part of it. */
const perSecond = (ratePerSecond: number) => ({ ratePerSecond, burst: ratePerSecond });
const accountThrottle = perSecond(210);
const newConnections = perSecond(100);
const onDemandWrite = perSecond(110);
const onDemandRead = perSecond(120);
const partitionWrite = perSecond(70);
const partitionRead = perSecond(80);
/** 10 requests/s for each of 12 unreserved executions, with a burst of one second. */
const requestRate = perSecond(120);

/** None of these interferes with another: load below another's rate never reaches it. */
const smallQuotas: TargetNeed = {
  variant: 'selection',
  limits: {
    accountThrottle,
    newConnections,
    accountConcurrency: 12,
    invocationsPerSecondPerConcurrency: 10,
    dynamodbOnDemandWrite: onDemandWrite,
    dynamodbOnDemandRead: onDemandRead,
    dynamodbPartitionWrite: partitionWrite,
    dynamodbPartitionRead: partitionRead,
    dynamodbPartitions: 'key',
  },
};

const tableWrite = perSecond(110);
const tableRead = perSecond(120);
const smallTable: TargetNeed = {
  variant: 'main',
  limits: {
    dynamodbTableWrite: tableWrite,
    dynamodbTableRead: tableRead,
    dynamodbPartitions: 'none',
    // So that only concurrency limits the paced function.
    invocationsPerSecondPerConcurrency: 1_000,
    environmentPatienceMs: 0,
  },
};

const quotaCases: readonly QuotaCase[] = [
  {
    name: 'account throttle, over WebSocket messages, HTTP requests and @connections together',
    target: smallQuotas,
    async prove(subject) {
      // The sockets' own handshakes take tokens, and an earlier trial may have left none.
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      const send = inTurn([
        await messageSender(subject, 96),
        httpSender(subject, '/plain', 429),
        await postSender(subject),
      ]);
      // Longer than the others: three entry points, whose requests take different times to be decided.
      await proveQuota({ quota: accountThrottle, send, seconds: 6 });
    },
  },
  {
    name: 'new connections',
    target: smallQuotas,
    prove: (subject) => proveQuota({ quota: newConnections, send: handshakeSender(subject) }),
  },
  {
    name: 'route throttle',
    target: smallQuotas,
    prove: (subject) => proveQuota({ quota: routeThrottle, send: httpSender(subject, '/throttled', 429) }),
  },
  {
    name: 'Lambda request rate',
    target: smallQuotas,
    async prove(subject) {
      // A cold start would delay the first second.
      await subject.http('/plain');
      await proveQuota({ quota: requestRate, send: httpSender(subject, '/plain', 503) });
    },
  },
  {
    name: 'on-demand table, writes',
    target: smallQuotas,
    prove: (subject) => proveQuota({ quota: onDemandWrite, send: writeSender(subject, 1_000) }),
  },
  {
    name: 'on-demand table, reads',
    target: smallQuotas,
    prove: (subject) => proveQuota({ quota: onDemandRead, send: readSender(subject, 1_000) }),
  },
  {
    name: 'one partition, writes',
    target: smallQuotas,
    prove: (subject) => proveQuota({ quota: partitionWrite, send: writeSender(subject, 1) }),
  },
  {
    name: 'one partition, reads',
    target: smallQuotas,
    prove: (subject) => proveQuota({ quota: partitionRead, send: readSender(subject, 1) }),
  },
  {
    name: 'table, writes',
    target: smallTable,
    prove: (subject) => proveQuota({ quota: tableWrite, send: writeSender(subject, 1_000) }),
  },
  {
    name: 'table, reads',
    target: smallTable,
    prove: (subject) => proveQuota({ quota: tableRead, send: readSender(subject, 1_000) }),
  },
  { name: 'reserved concurrency of a function of known duration', target: smallTable, prove: proveConcurrency },
];

/**
 * Reserved concurrency c = 4, a handler of d = 450 ms, a request every 60 ms: an environment that is taken is free again 7.5 requests
 * later, so four of every eight are admitted: 8.3/s of 16.7/s, which is c / 480 ms. If requests are late or a handler takes longer,
 * other requests find a free environment: the model therefore uses the actual send times.
 */
async function proveConcurrency(subject: Subject): Promise<void> {
  const everyMs = 60;
  const send = httpSender(subject, '/paced', 503);
  // Four environments, warm.
  await Promise.all(Array.from({ length: pacedConcurrency }, () => send(0)));
  await new Promise((resolve) => setTimeout(resolve, 200));
  const nowMs = () => performance.now();
  const attempts = await offer({ ratePerSecond: 1_000 / everyMs, seconds: 96 * (everyMs / 1_000), send, nowMs });
  const firstRefused = attempts.findIndex(({ outcome }) => outcome === 'refused');
  assert.equal(
    firstRefused,
    pacedConcurrency,
    'the first refusal is the request after those that fill the concurrency',
  );
  const letIn = attempts.filter(({ outcome }) => outcome === 'accepted');
  const expected = admittedBySlots(attempts, pacedConcurrency);
  assert.ok(
    Math.abs(letIn.length / expected - 1) <= 0.01 || Math.abs(letIn.length - expected) <= 1,
    `${letIn.length} of ${attempts.length} were admitted; ${pacedConcurrency} environments of ${holdMs.paced} ms can serve ${expected}`,
  );
}

/** How many of these a number of slots would admit, each for the duration of its response, or the median if it was refused. */
function admittedBySlots(attempts: readonly Attempt[], slots: number): number {
  const lengths = attempts
    .filter(({ outcome }) => outcome === 'accepted')
    .map(({ sentAtMs, doneAtMs }) => doneAtMs - sentAtMs)
    .toSorted((a, b) => a - b);
  const medianMs = lengths[Math.floor(lengths.length / 2)] ?? 0;
  let busyUntilMs: number[] = [];
  let admitted = 0;
  for (const { sentAtMs, doneAtMs, outcome } of attempts.toSorted((a, b) => a.sentAtMs - b.sentAtMs)) {
    busyUntilMs = busyUntilMs.filter((untilMs) => untilMs > sentAtMs);
    if (busyUntilMs.length >= slots) continue;
    busyUntilMs.push(outcome === 'accepted' ? doneAtMs : sentAtMs + medianMs);
    admitted += 1;
  }
  return admitted;
}

const proves = (row: string, name: string): ConformanceCase => {
  const found = quotaCases.find((one) => one.name.startsWith(name));
  if (found === undefined) throw new Error(`Unknown trial ${name}.`);
  return {
    row,
    target: found.target,
    slow: true,
    alone: true,
    check: found.prove,
  };
};

/** The same trials as rows of the conformance suite. */
export const quotaTruthCases: readonly ConformanceCase[] = [
  proves('A1.account-rate', 'account throttle'),
  proves('A1.account-burst', 'account throttle'),
  proves('A2.new-connections-rate', 'new connections'),
  proves('A2.new-connections-burst', 'new connections'),
  proves('A4.request-rate', 'Lambda request rate'),
  proves('A7.partition', 'one partition, writes'),
  proves('A7.table', 'table, writes'),
  proves('A7.on-demand-start', 'on-demand table, writes'),
  {
    row: 'A7.on-demand-growth',
    slow: true,
    alone: true,
    target: {
      variant: 'selection',
      limits: {
        dynamodbOnDemandWrite: { ratePerSecond: 50, burst: 50 },
        dynamodbGrowthWindowMs: 6_000,
        dynamodbPartitions: 'none',
      },
    },
    async check(subject) {
      const write = writeSender(subject, 1_000);
      const nowMs = () => performance.now();
      const accepted = async (ratePerSecond: number, seconds: number) => {
        const attempts = await offer({ ratePerSecond, seconds, send: write, nowMs });
        return attempts.filter(({ outcome }) => outcome === 'accepted').length;
      };
      // Consumption over more than a window is a previous peak one window later, and twice as much is admitted: 100/s, burst 100.
      await accepted(50, 7);
      await new Promise((resolve) => setTimeout(resolve, 6_500));
      const taken = await accepted(400, 1);
      // A mean of 200 ms may admit a few requests more than 10. At the start's 50/s it would be 100, at four times 400.
      assert.ok(taken >= 190 && taken <= 260, `${taken} writes in a second, but about 200 were expected`);
    },
  },
];

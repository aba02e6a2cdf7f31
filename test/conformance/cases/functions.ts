/** A4 and C: Lambda, through its Invoke API and through the socket. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { InvokeCommand, type InvokeCommandInput, TooManyRequestsException } from '@aws-sdk/client-lambda';
import type { ConformanceCase } from '../conformance-case.ts';
import { sumOf } from '../metrics.ts';
import { initMs, messageTimeoutSeconds } from '../stack/settings.ts';
import type { Subject } from '../subject.ts';
import { awaitRecord } from './dead-letters.ts';
import { functionMetric } from './metric-names.ts';
import { frameOf } from './routing.ts';

const sixMegabytes = 6 * 1_024 * 1_024;

function invoke(subject: Subject, name: string, payload: unknown = {}, options: Partial<InvokeCommandInput> = {}) {
  const Payload = JSON.stringify(payload);
  return subject.lambda.send(new InvokeCommand({ FunctionName: subject.nameOf(name), Payload, ...options }));
}

/** How many of this many concurrent invocations were refused, and for which reasons. */
async function refusals(subject: Subject, count: number, waitMs: number): Promise<string[]> {
  const payload = { body: JSON.stringify({ waitMs }) };
  const ended = await Promise.allSettled(Array.from({ length: count }, () => invoke(subject, 'message', payload)));
  return ended.flatMap((one) => {
    if (one.status === 'fulfilled') return [];
    if (one.reason instanceof TooManyRequestsException) return [one.reason.Reason ?? 'no reason'];
    throw one.reason;
  });
}

interface InvocationRecord {
  timestamp: string;
  requestContext: { functionArn: string; condition: string };
  responsePayload?: unknown;
}

/** That of an asynchronous invocation, in the message of a queue. */
const recordIn = ({ body }: { body: string }): InvocationRecord => JSON.parse(body);

export const functionCases: readonly ConformanceCase[] = [
  {
    row: 'A4.account-concurrency',
    slow: true,
    // 16 less the 4 that are reserved: 12.
    target: { variant: 'main', limits: { accountConcurrency: 16, maxEnvironments: 20 } },
    check: async (subject) => {
      const reasons = await refusals(subject, 20, 2_000);
      assert.deepEqual(
        reasons,
        Array.from({ length: 8 }, () => 'ConcurrentInvocationLimitExceeded'),
      );
    },
  },
  {
    row: 'A4.unreserved-floor',
    slow: true,
    check: async (subject) => {
      await assert.rejects(
        subject.startAnother({ variant: 'main', limits: { accountConcurrency: 103 } }),
        /unreserved/,
      );
    },
  },
  {
    row: 'A4.environment-scaling',
    slow: true,
    target: { variant: 'main', limits: { environmentScaling: { ratePerSecond: 0.01, burst: 3 }, maxEnvironments: 20 } },
    check: async (subject) => {
      assert.equal((await refusals(subject, 6, 1_500)).length, 3);
    },
  },
  {
    row: 'A4.sync-payload',
    check: async (subject) => {
      const payloadOf = (bytes: number) => 'x'.repeat(bytes - 2);
      await assert.rejects(invoke(subject, 'message', payloadOf(sixMegabytes + 1)), {
        name: 'RequestTooLargeException',
      });
      await invoke(subject, 'message', payloadOf(sixMegabytes));
      const answer = await invoke(subject, 'http', {
        rawPath: '/large',
        queryStringParameters: { bytes: String(sixMegabytes + 200) },
      });
      assert.equal(answer.FunctionError, 'Unhandled');
      assert.match(new TextDecoder().decode(answer.Payload), /ResponseSizeTooLarge/);
    },
  },
  {
    row: 'A4.async-payload',
    check: async (subject) => {
      const send = (bytes: number) => invoke(subject, 'message', 'x'.repeat(bytes - 2), { InvocationType: 'Event' });
      assert.equal((await send(1_048_576)).StatusCode, 202);
      await assert.rejects(send(1_048_577), { name: 'RequestTooLargeException' });
    },
  },
  {
    row: 'A4.timeout',
    check: async (subject) => {
      const socket = await subject.connect();
      await socket.ask({ action: 'twoWay', say: 'warm' });
      const started = performance.now();
      assert.match(await socket.ask({ action: 'twoWay', waitMs: 4_500 }), frameOf('Internal server error'));
      const tookMs = performance.now() - started;
      const limitMs = messageTimeoutSeconds * 1_000;
      assert.ok(tookMs >= limitMs - 10 && tookMs < 4_400, `ended after ${tookMs} ms, but the timeout is ${limitMs} ms`);
    },
  },
  {
    row: 'A4.memory',
    slow: true,
    target: { variant: 'main', limits: { cpuByMemory: true } },
    check: async (subject) => {
      const payload = { body: JSON.stringify({ burnMs: 60 }) };
      await invoke(subject, 'message', payload);
      const started = performance.now();
      await invoke(subject, 'message', payload);
      const tookMs = performance.now() - started;
      // 60 ms of a whole CPU are 60 × 1,769 / 256 = 415 ms of 256 MB.
      assert.ok(tookMs >= 400, `60 ms of CPU time took ${tookMs} ms with 256 MB`);
    },
  },
  {
    row: 'C.invoke-throttled',
    check: async (subject) => {
      await assert.rejects(invoke(subject, 'never'), (error) => {
        assert.ok(error instanceof TooManyRequestsException);
        const { Reason, Type, retryAfterSeconds } = error;
        assert.equal(Reason, 'ReservedFunctionConcurrentInvocationLimitExceeded');
        assert.equal(Type, 'User');
        assert.ok(retryAfterSeconds !== undefined, 'no Retry-After header');
        return true;
      });
    },
  },
  {
    row: 'C.init',
    slow: true,
    target: { variant: 'main', limits: { initLimitMs: initMs / 2 } },
    check: async (subject) => {
      const started = performance.now();
      const answer = await invoke(subject, 'slowInit');
      const tookMs = performance.now() - started;
      assert.equal(answer.FunctionError, undefined);
      assert.ok(tookMs >= initMs * 1.5, `init was cut off at ${initMs / 2} ms and retried, but took only ${tookMs} ms`);
    },
  },
  {
    row: 'C.cold-starts',
    slow: true,
    target: { variant: 'main', limits: { coldStartExtraMs: 1_000 } },
    check: async (subject) => {
      const timed = async () => {
        const started = performance.now();
        await invoke(subject, 'message');
        return performance.now() - started;
      };
      const [cold, warm] = [await timed(), await timed()];
      assert.ok(cold >= 1_000, `the cold start took ${cold} ms`);
      assert.ok(warm < 1_000, `the next invocation took ${warm} ms`);
    },
  },
  {
    row: 'C.one-at-a-time',
    check: async (subject) => {
      // 20 concurrent ones of 85 ms each: with one event per environment at a time, no two in an environment overlap.
      const socket = await subject.connect();
      const answers = Array.from({ length: 12 }, (_, index) => {
        socket.send({ action: 'twoWay', say: String(index), waitMs: 30 });
        return socket.next();
      });
      const received = await Promise.all(answers);
      assert.deepEqual(
        received.map(Number).toSorted((a, b) => a - b),
        Array.from({ length: 12 }, (_, index) => index),
      );
    },
  },
  {
    row: 'C.async-retry',
    slow: true,
    target: { variant: 'main', limits: { environmentScaling: { ratePerSecond: 0.01, burst: 1 } } },
    check: async (subject) => {
      // It holds the only environment that there can be, for three seconds.
      const holding = invoke(subject, 'http', { rawPath: '/slow' });
      await sleep(300);
      const { StatusCode } = await invoke(subject, 'http', { rawPath: '/plain' }, { InvocationType: 'Event' });
      assert.equal(StatusCode, 202);
      const throttled = await sumOf(subject, functionMetric(subject, 'http')('Throttles'), 2);
      assert.ok(throttled >= 2, `${throttled} attempts`);
      await holding;
      await sumOf(subject, functionMetric(subject, 'http')('Invocations'), 2);
    },
  },
  {
    row: 'C.async-switched-off',
    check: async (subject) => {
      const key = randomUUID();
      await invoke(subject, 'never', { key }, { InvocationType: 'Event' });
      const { requestContext, responsePayload } = recordIn(await awaitRecord(subject, key));
      assert.equal(requestContext.condition, 'ZeroReservedConcurrency');
      assert.equal(responsePayload, undefined);
    },
  },
  {
    row: 'C.async-record',
    check: async (subject) => {
      const event = { rawPath: '/plain', key: randomUUID() };
      const { $metadata } = await invoke(subject, 'http', event, { InvocationType: 'Event' });
      const record = recordIn(await awaitRecord(subject, event.key));
      const { functionArn, ...context } = record.requestContext;
      assert.match(functionArn, /:function:[^:]+:\$LATEST$/);
      assert.deepEqual(
        { ...record, timestamp: typeof record.timestamp, requestContext: context },
        {
          ...{ version: '1.0', timestamp: 'string', requestPayload: event },
          requestContext: { requestId: $metadata.requestId, condition: 'Success', approximateInvokeCount: 1 },
          responseContext: { statusCode: 200, executedVersion: '$LATEST' },
          responsePayload: { plain: true },
        },
      );
    },
  },
];

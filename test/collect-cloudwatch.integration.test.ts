import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { type FauxqsServer, startFauxqs } from 'fauxqs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createCloudWatchHandler } from '../local/cloudwatch/handler.ts';
import { MetricStore } from '../local/cloudwatch/store/metric-store.ts';
import { EndpointUnreachable, sqsClient } from '../metrics/aws-connection.ts';
import { collectCloudWatch } from '../metrics/collect.ts';
import { readQueuesBefore } from '../metrics/queues.ts';
import type { SeriesKey } from '../metrics/series-query.ts';
import { waitUntilSettled } from '../metrics/settle.ts';
import { localTarget } from '../metrics/target.fixture.ts';
import { readCollection, writeCollection } from '../record/collection.ts';
import type { TargetDescription } from '../record/target.ts';

const startSecond = 1_790_000_040; // a whole minute
const endSecond = startSecond + 10;
const nowMs = (endSecond + 5) * 1_000;
const clock = { now: () => nowMs, sleep: async () => {} };
const { signal } = new AbortController();

let store: MetricStore;
let listener: RequestListener;
let requests = 0;
let server: Server;
let queues: FauxqsServer;
let target: TargetDescription;

beforeAll(async () => {
  server = createServer((request, response) => {
    requests++;
    listener(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  queues = await startFauxqs({ port: 0, host: '127.0.0.1', logger: false });
  for (const name of ['events', 'events-dlq']) queues.createQueue(name);
  target = localTarget({
    cloudwatch: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`,
    sqs: `http://127.0.0.1:${queues.port}`,
  });
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await queues.stop();
});
beforeEach(() => {
  store = new MetricStore();
  listener = createCloudWatchHandler(store, { now: () => nowMs });
  requests = 0;
});

const options = () => ({
  target,
  startSecond,
  endSecond,
  periodSeconds: 1,
  queuesBefore: { deadLettered: 0, waiting: 0 },
  undelivered: [],
  signal,
  clock,
});
async function collect(over: Partial<Parameters<typeof collectCloudWatch>[0]> = {}) {
  const collection = await collectCloudWatch({ ...options(), ...over });
  const byKey = new Map(collection.series.map((series) => [series.key, series]));
  return { collection, of: (key: SeriesKey) => byKey.get(key) };
}

describe('collectCloudWatch', () => {
  it('reads every page of a series, and reports the others as having no data', async () => {
    const invocations = store.series('AWS/Lambda', 'Invocations', { FunctionName: 'fn-deliver' }, 'Count');
    for (let second = 0; second < 10; second += 2) {
      invocations.add(1, (startSecond + second) * 1_000);
      invocations.add(1, (startSecond + second) * 1_000 + 999);
    }
    invocations.add(1, endSecond * 1_000); // after the window
    const { of } = await collect({ maxDatapointsPerPage: 2 });
    expect(requests).toBeGreaterThanOrEqual(3);
    expect(of('lambda.deliver.invocations.sum')).toMatchObject({
      kind: 'series',
      metric: 'Invocations',
      periodSeconds: 1,
      points: [0, 2, 4, 6, 8].map((second) => [startSecond + second, 2]),
    });
    expect(of('lambda.deliver.errors.sum')).toEqual({
      kind: 'noData',
      key: 'lambda.deliver.errors.sum',
      namespace: 'AWS/Lambda',
      metric: 'Errors',
      dimensions: { FunctionName: 'fn-deliver' },
      statistic: 'Sum',
      unit: 'Count',
      periodSeconds: 1,
      window: { start: new Date(startSecond * 1_000).toISOString(), end: new Date(endSecond * 1_000).toISOString() },
      reason: 'CloudWatch has no values: no such activity, or not reported yet',
      failed: false,
    });
  });

  it('computes the percentile of the window from all its values, not from per-second percentiles', async () => {
    const latency = store.series('AWS/Lambda', 'Duration', { FunctionName: 'fn-message' }, 'Milliseconds');
    // 990 fast ones in the first second, 10 slow ones in the second: p99 of all is 1 ms, the mean of both p99 is 250.5 ms.
    for (let count = 0; count < 990; count++) latency.add(1, startSecond * 1_000);
    for (let count = 0; count < 10; count++) latency.add(500, (startSecond + 1) * 1_000);
    const { of } = await collect();
    expect(of('lambda.message.duration.p99')).toMatchObject({
      points: [
        [startSecond, 1],
        [startSecond + 1, 500],
      ],
    });
    expect(of('lambda.message.duration.p99.window')).toMatchObject({ points: [[startSecond, 1]], periodSeconds: 60 });
    expect(of('lambda.message.duration.avg.window')).toMatchObject({ points: [[startSecond, 5.99]] });
  });

  it('queries whole minutes for a target on AWS', async () => {
    store
      .series('AWS/Lambda', 'Invocations', { FunctionName: 'fn-deliver' }, 'Count')
      .add(7, (startSecond + 3) * 1_000);
    const { collection, of } = await collect({ target: { ...target, kind: 'aws' } });
    expect(collection.periodSeconds).toBe(60);
    expect(of('lambda.deliver.invocations.sum')).toMatchObject({ points: [[startSecond, 7]], periodSeconds: 60 });
  });

  it('counts the messages in the queues, and round-trips through its file', async () => {
    const client = sqsClient(target);
    await client.send(new SendMessageCommand({ QueueUrl: target.resources.queueUrl, MessageBody: 'a' }));
    await client.send(new SendMessageCommand({ QueueUrl: target.resources.deadLetterQueueUrl, MessageBody: 'b' }));
    await client.send(new SendMessageCommand({ QueueUrl: target.resources.deadLetterQueueUrl, MessageBody: 'c' }));
    client.destroy();
    expect(await readQueuesBefore(target, signal)).toEqual({ deadLettered: 2, waiting: 1 });
    const { collection } = await collect({ queuesBefore: { deadLettered: 1, waiting: 2 } });
    expect(collection.queues).toEqual({
      visible: 1,
      notVisible: 0,
      delayed: 0,
      deadLettered: 2,
      deadLetteredBefore: 1,
      waitingBefore: 2,
    });
    const folder = await mkdtemp(join(tmpdir(), 'loadline-collection-'));
    try {
      await writeCollection(folder, collection);
      expect(await readCollection(folder)).toEqual(collection);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('reports the queues as unavailable if SQS refuses', async () => {
    const queues = target.graph.queues.map((queue) => ({ ...queue, url: `${queue.url}-that-is-not-there` }));
    const { collection } = await collect({ target: { ...target, graph: { ...target.graph, queues } } });
    expect(collection.queues).toBeNull();
  });

  it('retries a query that failed transiently, and gives the reason if it keeps failing', async () => {
    const answer = (StatusCode: string, Id: string) => ({
      Id,
      Label: 'x',
      Timestamps: [startSecond],
      Values: [1],
      StatusCode,
    });
    let calls = 0;
    listener = (request, response) => {
      if (String(request.headers['x-amz-target']).endsWith('.ListMetrics')) {
        response.setHeader('content-type', 'application/x-amz-json-1.0');
        response.end(JSON.stringify({ Metrics: [] }));
        return;
      }
      calls++;
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { MetricDataQueries } = JSON.parse(Buffer.concat(chunks).toString());
        const results = MetricDataQueries.map(({ Id }: { Id: string }) =>
          answer(
            Id === 'q0'
              ? 'InternalError'
              : Id === 'q1'
                ? 'Forbidden'
                : Id === 'q2' && calls === 1
                  ? 'PartialData'
                  : 'Complete',
            Id,
          ),
        );
        response.setHeader('content-type', 'application/x-amz-json-1.0');
        response.end(JSON.stringify({ MetricDataResults: results }));
      });
    };
    const { collection } = await collect();
    expect(calls).toBe(3);
    expect(
      collection.series.slice(0, 4).map((series) => (series.kind === 'noData' ? series.reason : series.points)),
    ).toEqual([
      'CloudWatch returned InternalError',
      'CloudWatch returned Forbidden',
      [[startSecond, 1]],
      [[startSecond, 1]],
    ]);
  });

  it('gives the reason for a refused call with every series', async () => {
    listener = (_, response) => {
      response.writeHead(403, { 'content-type': 'application/x-amz-json-1.0' });
      response.end(JSON.stringify({ __type: 'AccessDeniedException', message: 'not you' }));
    };
    const { collection } = await collect();
    expect(new Set(collection.series.map((series) => (series.kind === 'noData' ? series.reason : 'data')))).toEqual(
      new Set(['the call failed: AccessDeniedException: not you']),
    );
  });

  it('throws EndpointUnreachable within seconds if CloudWatch is down', async () => {
    const gone = { ...target, endpoints: { ...localTarget({ cloudwatch: 'http://127.0.0.1:1', sqs: '' }).endpoints } };
    const collected = collect({ target: gone as TargetDescription });
    await expect(collected).rejects.toBeInstanceOf(EndpointUnreachable);
    await expect(collected).rejects.toThrow(
      'CloudWatch could not be reached at http://127.0.0.1:1 (ECONNREFUSED): is the target still running?',
    );
  });

  it('throws EndpointUnreachable if SQS is down', async () => {
    const gone = localTarget({ cloudwatch: '', sqs: 'http://127.0.0.1:1' });
    await expect(readQueuesBefore(gone, signal)).rejects.toBeInstanceOf(EndpointUnreachable);
  });

  it('stops when aborted', async () => {
    const reason = new Error('interrupted');
    await expect(collect({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
});

describe('waitUntilSettled', () => {
  /** Time passes only by sleeping; each sleep runs the next step. */
  function steppedClock(steps: (() => void)[]) {
    let time = nowMs;
    return {
      now: () => time,
      sleep: async (milliseconds: number) => {
        time += milliseconds;
        steps.shift()?.();
      },
    };
  }
  const put = () => {
    store.series('AWS/ApiGateway', 'Count', { ApiId: 'http1', Stage: '$default' }, 'Count').add(1, startSecond * 1_000);
  };

  it('waits until the sums were unchanged twice', async () => {
    put();
    // Answers: 1, 2, 3, 3, 3: settled after four sleeps of 500 ms.
    const settled = await waitUntilSettled({ ...options(), clock: steppedClock([put, put]) });
    expect(settled).toEqual({ kind: 'settled', waitedMs: 2_000 });
  });

  it('gives up at the deadline while the sums change', async () => {
    const settled = await waitUntilSettled({
      ...options(),
      clock: steppedClock(Array.from({ length: 100 }, () => put)),
    });
    expect(settled).toEqual({ kind: 'gaveUp', waitedMs: 10_000, reason: 'the counters were still changing' });
  });
});

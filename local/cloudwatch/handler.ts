/** CloudWatch over HTTP: finds the protocol, reads the body, calls the action. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { awsJson } from './aws-json.ts';
import { CloudWatchError } from './cloudwatch-error.ts';
import { getMetricData } from './get-metric-data.ts';
import { getMetricStatistics } from './get-metric-statistics.ts';
import {
  getMetricDataInput,
  getMetricStatisticsInput,
  listMetricsInput,
  parseInput,
  putMetricDataInput,
} from './inputs.ts';
import { listMetrics } from './list-metrics.ts';
import type { MetricStore } from './metric-store.ts';
import type { Protocol } from './protocol.ts';
import { putMetricData } from './put-metric-data.ts';

/** PutMetricData takes 1 MB as sent (CloudWatch quotas, read 2026-11). A compressed body may grow to ten times that. */
const maxBodyBytes = 1_048_576;
const maxInflatedBytes = 10 * maxBodyBytes;
const protocols: readonly Protocol[] = [awsJson];
const inflate = promisify(gunzip);

type Action = (store: MetricStore, input: unknown, nowMs: number) => object;
const actions: Record<string, Action> = {
  PutMetricData: (store, input, nowMs) => putMetricData(store, parseInput(putMetricDataInput, input), nowMs),
  GetMetricData: (store, input) => getMetricData(store, parseInput(getMetricDataInput, input)),
  GetMetricStatistics: (store, input) => getMetricStatistics(store, parseInput(getMetricStatisticsInput, input)),
  ListMetrics: (store, input, nowMs) => listMetrics(store, parseInput(listMetricsInput, input), nowMs),
};

/** Serves the store to SDK clients. `now` gives milliseconds since the epoch. */
export function createCloudWatchHandler(
  store: MetricStore,
  { now }: { now: () => number },
): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    const protocol = protocols.find((candidate) => candidate.speaks(request.headers)) ?? awsJson;
    answer(store, request, protocol, now)
      .catch((error: unknown) => protocol.encodeError(asCloudWatchError(error)))
      .then(({ status, headers, body }) => {
        response.writeHead(status, {
          ...headers,
          'x-amzn-requestid': randomUUID(),
          'content-length': Buffer.byteLength(body),
          // What is left of a body that was refused must not be taken for the next request.
          ...(!request.complete && { connection: 'close' }),
        });
        response.end(body);
      })
      .catch(() => response.destroy());
  };
}

async function answer(store: MetricStore, request: IncomingMessage, protocol: Protocol, now: () => number) {
  // The signature itself is not checked: anyone on this machine may read the metrics.
  if (!request.headers.authorization?.startsWith('AWS4-HMAC-SHA256 ')) {
    throw new CloudWatchError('missingToken', 'Request is missing Authentication Token');
  }
  if (request.method !== 'POST' || !protocol.speaks(request.headers)) {
    throw new CloudWatchError(
      'unknownOperation',
      'The local CloudWatch speaks AWS JSON 1.0 only (POST with the header X-Amz-Target).',
    );
  }
  const { action, input } = protocol.decode(request.headers, await readBody(request));
  const act = Object.hasOwn(actions, action) ? actions[action] : undefined;
  if (act === undefined) {
    throw new CloudWatchError(
      'unknownOperation',
      `The local CloudWatch has no action ${action}; it has ${Object.keys(actions).join(', ')}.`,
    );
  }
  return protocol.encode(act(store, input, now()), action);
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > maxBodyBytes) throw new CloudWatchError('tooLarge', `The request body is over ${maxBodyBytes} bytes.`);
    chunks.push(chunk);
  }
  const body = Buffer.concat(chunks);
  if (request.headers['content-encoding'] !== 'gzip') return body;
  try {
    return await inflate(body, { maxOutputLength: maxInflatedBytes });
  } catch (cause) {
    if (cause instanceof RangeError) {
      throw new CloudWatchError('tooLarge', `The request body is over ${maxInflatedBytes} bytes when decompressed.`);
    }
    throw new CloudWatchError('serialization', 'The request body is not gzip, though Content-Encoding says so.');
  }
}

function asCloudWatchError(error: unknown): CloudWatchError {
  if (error instanceof CloudWatchError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new CloudWatchError('internal', `The local CloudWatch failed: ${reason}`);
}

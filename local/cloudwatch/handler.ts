/** CloudWatch over HTTP: detects the protocol, reads the body, calls the action. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
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
import { awsJson } from './protocols/aws-json.ts';
import type { AnswerContext, Protocol, RequestHead } from './protocols/protocol.ts';
import { query } from './protocols/query.ts';
import { rpcV2Cbor } from './protocols/rpc-v2-cbor.ts';
import { putMetricData } from './put-metric-data.ts';
import type { MetricStore } from './store/metric-store.ts';

/** PutMetricData takes 1 MB as sent (CloudWatch quotas, read 2026-11). A compressed body may grow to ten times that. */
const maxBodyBytes = 1_048_576;
const maxInflatedBytes = 10 * maxBodyBytes;
const protocols: readonly Protocol[] = [awsJson, rpcV2Cbor, query];
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
    const { method = '', url: target = '/', headers } = request;
    const head: RequestHead = { method, target, headers };
    const spoken = protocols.find((candidate) => candidate.speaks(head));
    const protocol = spoken ?? awsJson;
    const context: AnswerContext = { requestId: randomUUID() };
    answer(store, request, { head, spoken, context, now })
      .catch((error: unknown) => protocol.encodeError(asCloudWatchError(error), context))
      .then(({ status, headers: answerHeaders, body }) => {
        response.writeHead(status, {
          ...answerHeaders,
          'x-amzn-requestid': context.requestId,
          'content-length': Buffer.byteLength(body),
          // The rest of a refused body must not be read as the next request.
          ...(!request.complete && { connection: 'close' }),
        });
        response.end(body);
      })
      .catch(() => response.destroy());
  };
}

interface Exchange {
  head: RequestHead;
  spoken: Protocol | undefined;
  context: AnswerContext;
  now: () => number;
}

async function answer(store: MetricStore, request: IncomingMessage, { head, spoken, context, now }: Exchange) {
  // The signature itself is not verified: anyone on this machine may read the metrics.
  if (!isSigned(head) && !isPresigned(head)) throw missingToken();
  if (spoken === undefined) {
    throw new CloudWatchError(
      'unknownOperation',
      'The local CloudWatch supports AWS JSON 1.0 (X-Amz-Target), Query (a form with Action) and Smithy RPC v2 CBOR.',
    );
  }
  const { action, input } = spoken.decode(head, await readBody(request));
  context.action = action;
  // A web page can load a presigned URL as if it were an image: no harm in reading.
  if (action === 'PutMetricData' && !isSigned(head)) throw missingToken();
  const act = Object.hasOwn(actions, action) ? actions[action] : undefined;
  if (act === undefined) {
    throw new CloudWatchError(
      'unknownOperation',
      `The local CloudWatch does not support the action ${action}; supported: ${Object.keys(actions).join(', ')}.`,
    );
  }
  return spoken.encode(act(store, input, now()), { action, requestId: context.requestId });
}

const missingToken = () => new CloudWatchError('missingToken', 'Request is missing Authentication Token');

const isSigned = ({ headers }: RequestHead): boolean => headers.authorization?.startsWith('AWS4-HMAC-SHA256 ') ?? false;

/** Signed in the query of its URL. */
const isPresigned = ({ target }: RequestHead): boolean => /[?&]X-Amz-Signature=/i.test(target);

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > maxBodyBytes) throw new CloudWatchError('tooLarge', `The request body exceeds ${maxBodyBytes} bytes.`);
    chunks.push(chunk);
  }
  const body = Buffer.concat(chunks);
  if (request.headers['content-encoding'] !== 'gzip') return body;
  try {
    return await inflate(body, { maxOutputLength: maxInflatedBytes });
  } catch (cause) {
    if (cause instanceof RangeError) {
      throw new CloudWatchError('tooLarge', `The decompressed request body exceeds ${maxInflatedBytes} bytes.`);
    }
    throw new CloudWatchError('serialization', 'The request body is not gzip, though Content-Encoding says so.');
  }
}

function asCloudWatchError(error: unknown): CloudWatchError {
  if (error instanceof CloudWatchError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new CloudWatchError('internal', `The local CloudWatch failed: ${reason}`);
}

/** `GET` and `POST` of the webhook URL, served by the task itself. A webhook is answered with 200 only after the queue has it. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { answerChallenge } from '../domain/challenge.ts';
import { answerOfIngest } from '../domain/ingest-answer.ts';
import { type IngestDependencies, ingestWebhook } from '../domain/ingest-webhook.ts';
import type { MetricCounts } from '../domain/metric-counts.ts';

export interface WebhookEndpointOptions {
  ingest: IngestDependencies;
  count: (counts: MetricCounts) => void;
}

/** Never rejects. `searchParams` of the request's URL. */
export async function serveWebhook(
  request: IncomingMessage,
  response: ServerResponse,
  { ingest, count, searchParams }: WebhookEndpointOptions & { searchParams: URLSearchParams },
): Promise<void> {
  if (request.method === 'GET') {
    const { statusCode = 500, headers, body = '' } = answerChallenge(searchParams.get('challenge') ?? undefined);
    return send(response, { statusCode, headers: { ...headers } as Record<string, string>, body });
  }
  if (request.method !== 'POST') return send(response, { statusCode: 405, headers: { allow: 'GET, POST' }, body: '' });
  const rawBody = await bodyOf(request, ingest.maxBytes);
  // The client has gone.
  if (rawBody === null) return;
  if (rawBody === 'tooLarge')
    return send(response, {
      statusCode: 413,
      headers: { connection: 'close' },
      body: `The body exceeds ${ingest.maxBytes} bytes.`,
    });
  const outcome = await ingestWebhook(
    {
      rawBody,
      signature: headerOf(request, 'x-nylas-signature'),
      encoding: headerOf(request, 'content-encoding'),
      ageMs: 0,
    },
    ingest,
  );
  const answer = answerOfIngest(outcome);
  if (answer.counts !== null) count(answer.counts);
  if (answer.log !== null) console.error(answer.log.sentence, ...('cause' in answer.log ? [answer.log.cause] : []));
  send(response, answer);
}

const headerOf = ({ headers }: IncomingMessage, name: string): string | undefined => {
  const value = headers[name];
  return typeof value === 'string' ? value : value?.join(', ');
};

/** One byte more than allowed is as much as is read: unlike API Gateway, nothing in front of a task limits a body. */
async function bodyOf(request: IncomingMessage, maxBytes: number): Promise<Buffer | 'tooLarge' | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of request) {
      bytes += chunk.length;
      if (bytes > maxBytes) return 'tooLarge';
      chunks.push(chunk);
    }
  } catch {
    return null;
  }
  return Buffer.concat(chunks);
}

function send(
  response: ServerResponse,
  {
    statusCode,
    headers,
    body,
  }: { statusCode: number; headers: Readonly<Record<string, string | number>>; body: string },
): void {
  response.writeHead(statusCode, { ...headers, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}

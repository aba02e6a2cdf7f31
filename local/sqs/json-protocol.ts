/** SQS's AWS JSON protocol: the action in X-Amz-Target, bodies in JSON. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Layer } from '../process/compose.ts';
import { receiveText } from '../process/receive-text.ts';
import type { SqsAnswer, SqsService } from './sqs-service.ts';

const contentType = 'application/x-amz-json-1.0';
const target = 'AmazonSQS.';
/** Far more than a batch of 1 MiB can take in JSON, where a byte may become six. */
const maxBodyBytes = 11 * 1_024 * 1_024;

/** Answers requests in this protocol, and passes on all others. */
export function jsonLayer(service: Pick<SqsService, 'run'>): Layer {
  return (request, response, next) => {
    const named = request.headers['x-amz-target'];
    const isJson = request.headers['content-type']?.startsWith(contentType) ?? false;
    if (!isJson || request.method !== 'POST' || typeof named !== 'string' || !named.startsWith(target)) {
      next();
      return;
    }
    receiveText(request, maxBodyBytes, (text) => {
      if (text === null) response.writeHead(413, { connection: 'close' }).end();
      else void answer(service, named.slice(target.length), text, { request, response });
    });
  };
}

async function answer(
  service: Pick<SqsService, 'run'>,
  action: string,
  text: string,
  { request, response }: { request: IncomingMessage; response: ServerResponse },
): Promise<void> {
  const input = objectOf(text);
  const { status, body, queryError }: SqsAnswer =
    input === null
      ? { status: 400, body: { __type: 'com.amazon.coral.service#SerializationException' } }
      : await service.run({ action, input, request });
  // A string, not a buffer: Node sends it with the headers in one write.
  const sent = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': contentType,
    'content-length': Buffer.byteLength(sent),
    'x-amzn-requestid': randomUUID(),
    ...(queryError !== undefined && { 'x-amzn-query-error': queryError }),
  });
  response.end(sent);
}

function objectOf(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
  } catch {
    return null;
  }
}

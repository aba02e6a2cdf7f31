/** dynalite behind a listener that meters: every request asks for its consumed capacity, whether its caller did or not. */
import { EventEmitter } from 'node:events';
import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from 'node:http';
import dynalite from 'dynalite';
import { type Consumed, isMetered, type TableMetrics } from './table-metrics.ts';

interface Exchange {
  method: string;
  url: string;
  headers: IncomingHttpHeaders;
  body: string;
}
interface Answer {
  status: number;
  headers: Record<string, string | number>;
  body: string;
}
export interface MeteredDynalite {
  server: Server;
  /** One call without a socket: to make the tables. Throws what DynamoDB answers. */
  call: (operation: string, input: object) => Promise<void>;
}

type Json = Record<string, unknown>;
const isRecord = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export function createMeteredDynalite(metrics: TableMetrics): MeteredDynalite {
  const inner = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  const [listener] = inner.listeners('request');
  if (typeof listener !== 'function')
    throw new Error('dynalite has no request listener: this version cannot be metered.');
  const exchange = (request: Exchange) => serve(listener as unknown as RequestListener, request, metrics);
  const server = createServer({ keepAliveTimeout: 75_000 }, (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = 'POST', url = '/', headers } = request;
      exchange({ method, url, headers, body: Buffer.concat(chunks).toString() }).then(
        (answer) => {
          response.writeHead(answer.status, answer.headers);
          response.end(answer.body);
        },
        () => response.destroy(),
      );
    });
  });
  return {
    server,
    async call(operation, input) {
      const headers = {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': `DynamoDB_20120810.${operation}`,
        'x-amz-date': '20260101T000000Z',
        authorization:
          'AWS4-HMAC-SHA256 Credential=local/20260101/local/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
      };
      const answer = await exchange({ method: 'POST', url: '/', headers, body: JSON.stringify(input) });
      if (answer.status !== 200) throw new Error(`DynamoDB refused ${operation}: ${answer.body}`);
    },
  };
}

async function serve(listener: RequestListener, request: Exchange, metrics: TableMetrics): Promise<Answer> {
  const operation =
    String(request.headers['x-amz-target'] ?? '')
      .split('.')
      .at(-1) ?? '';
  if (!isMetered(operation)) return pass(listener, request);
  const input = parse(request.body);
  if (input === null) return pass(listener, request);
  const asked = input.ReturnConsumedCapacity === 'TOTAL' || input.ReturnConsumedCapacity === 'INDEXES';
  const started = performance.now();
  const metered = asked ? request : { ...request, body: JSON.stringify({ ...input, ReturnConsumedCapacity: 'TOTAL' }) };
  const answer = await pass(listener, metered);
  const output = parse(answer.body);
  if (output === null) return answer;
  if (answer.status !== 200) {
    const conditional = String(output.__type).endsWith('ConditionalCheckFailedException');
    if (conditional) metrics.conditionFailed(String(input.TableName));
    else if (answer.status < 500) metrics.userError();
    return answer;
  }
  const { ConsumedCapacity: consumed, ...rest } = output;
  const charged = withMinimum(consumed, operation, input);
  metrics.succeeded(operation, consumedOf(charged), performance.now() - started);
  const body = JSON.stringify(asked ? { ...rest, ConsumedCapacity: charged } : rest);
  const { 'x-amz-crc32': _checksum, ...headers } = answer.headers;
  return { status: 200, headers: { ...headers, 'content-length': Buffer.byteLength(body) }, body };
}

/**
 * A read that finds nothing still costs half a unit, or one when it is strongly consistent; dynalite says 0.
 * Source: DynamoDB developer guide, read consumption of items that do not exist; for a Query without items: observed.
 */
function withMinimum(consumed: unknown, operation: string, input: Json): unknown {
  if ((operation !== 'GetItem' && operation !== 'Query') || !isRecord(consumed)) return consumed;
  const minimum = input.ConsistentRead === true ? 1 : 0.5;
  return { ...consumed, CapacityUnits: Math.max(Number(consumed.CapacityUnits), minimum) };
}

function consumedOf(consumed: unknown): Consumed[] {
  return [consumed]
    .flat()
    .flatMap((entry) =>
      isRecord(entry) ? [{ tableName: String(entry.TableName), capacityUnits: Number(entry.CapacityUnits) }] : [],
    );
}

function parse(text: string): Json | null {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : null;
  } catch {
    return null;
  }
}

/** Runs dynalite's listener on a request and a response that are no sockets: it uses no more of them than this. */
function pass(listener: RequestListener, { method, url, headers, body }: Exchange): Promise<Answer> {
  return new Promise((resolve) => {
    const request = Object.assign(new EventEmitter(), { method, url, headers });
    const answer: Answer = { status: 200, headers: {}, body: '' };
    const response = {
      statusCode: 200,
      contentType: '',
      setHeader(name: string, value: string | number) {
        answer.headers[name.toLowerCase()] = value;
      },
      end(text = '') {
        resolve({ ...answer, status: response.statusCode, body: text });
      },
    };
    // The two casts: dynalite gets less than Node's classes, and all that it uses.
    listener(
      request as unknown as Parameters<RequestListener>[0],
      response as unknown as Parameters<RequestListener>[1],
    );
    if (body !== '') request.emit('data', Buffer.from(body));
    request.emit('end');
  });
}

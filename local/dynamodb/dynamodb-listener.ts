/** DynamoDB's protocol: AWS JSON 1.0 over HTTP, with the checksum that every SDK verifies. */
import { randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { crc32 } from 'node:zlib';
import dynalite from 'dynalite';
import type { Caller } from '../interference/faults.ts';
import { callerOf } from '../interference/http-interference.ts';
import { receiveText } from '../process/receive-text.ts';
import { isServed, type Json, type Outcome } from './dynalite-store.ts';
import { isStreamsOperation } from './streams/streams-api.ts';
import { isTimeToLiveOperation } from './time-to-live.ts';
import { isTransaction } from './transactions.ts';

/** Maximum size of a request: 16 MB (BatchWriteItem), plus the JSON around it. */
const maxBodyBytes = 16 * 1_024 * 1_024;
const json = 'application/x-amz-json-1.0';
const target = /^(?:DynamoDB|DynamoDBStreams)_20120810\.(\w+)$/;

export interface DynamodbListenerSettings {
  handle: (operation: string, body: Json, caller: Caller) => Promise<Outcome>;
  /** A request that is not for DynamoDB at all, or is unsigned. */
  onUserError: () => void;
}

export function createDynamodbListener({ handle, onUserError }: DynamodbListenerSettings): RequestListener {
  // How it refuses requests that are not for DynamoDB, without using our store.
  const [refuse] = dynalite().listeners('request') as RequestListener[];
  if (!refuse) throw new Error('This version of dynalite has no request listener. Install dynalite 4.0.0.');
  return (request, response) => {
    const operation = operationOf(request);
    const unknown = unknownOperationOf(request);
    if (unknown !== null) {
      onUserError();
      const __type = 'com.amazonaws.dynamodb.v20120810#UnknownOperationException';
      receive(request, response, () =>
        answer(request, response, {
          status: 400,
          body: { __type, message: `The local target has no DynamoDB action ${unknown}.` },
        }),
      );
      return;
    }
    if (operation === null) {
      response.on('finish', () => {
        if (response.statusCode >= 400) onUserError();
      });
      refuse(request as Parameters<RequestListener>[0], response as Parameters<RequestListener>[1]);
      return;
    }
    receive(request, response, (text) => {
      const body = parse(text);
      if (body === null) {
        onUserError();
        answer(request, response, {
          status: 400,
          body: { __type: 'com.amazon.coral.service#SerializationException' },
        });
        return;
      }
      handle(operation, body, callerOf(request)).then(
        (outcome) => answer(request, response, outcome),
        () => response.destroy(),
      );
    });
  };
}

const isKnown = (operation: string): boolean =>
  [isServed, isTimeToLiveOperation, isTransaction, isStreamsOperation].some((serves) => serves(operation));

/** An operation of DynamoDB that is not served, in a request that is right otherwise. AWS says no more than the type. */
function unknownOperationOf({ headers }: IncomingMessage): string | null {
  const operation = target.exec(String(headers['x-amz-target'] ?? ''))?.[1];
  return operation === undefined || isKnown(operation) || !isSigned(headers) ? null : operation;
}

/** The operation of a request whose headers are valid; signatures are not verified. */
function operationOf({ method, headers }: IncomingMessage): string | null {
  const operation = target.exec(String(headers['x-amz-target'] ?? ''))?.[1];
  if (method !== 'POST' || operation === undefined || !isKnown(operation)) return null;
  const contentType = headers['content-type'] ?? '';
  if (!contentType.startsWith(json) && !contentType.startsWith('application/json')) return null;
  return isSigned(headers) ? operation : null;
}

function isSigned({ authorization = '', date, ...headers }: IncomingHttpHeaders): boolean {
  if (!authorization.startsWith('AWS4-') || (headers['x-amz-date'] ?? date) === undefined) return false;
  return ['Credential=', 'Signature=', 'SignedHeaders='].every((part) => authorization.includes(part));
}

function receive(request: IncomingMessage, response: ServerResponse, then: (text: string) => void): void {
  receiveText(request, maxBodyBytes, (text) => {
    if (text === null) response.writeHead(413).end();
    else then(text);
  });
}

function parse(text: string): Json | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : null;
  } catch {
    return null;
  }
}

function answer({ headers }: IncomingMessage, response: ServerResponse, { status, body }: Outcome): void {
  // A string, not a buffer: Node sends it with the headers in one write.
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': headers['content-type']?.startsWith(json) ? json : 'application/json',
    'content-length': Buffer.byteLength(text),
    'x-amz-crc32': crc32(text),
    'x-amzn-requestid': requestId(),
  });
  response.end(text);
}

let entropy = Buffer.alloc(0);
/** 52 letters and digits, from random bytes fetched in bulk. */
function requestId(): string {
  if (entropy.length < 26) entropy = randomBytes(26 * 256);
  const id = entropy.subarray(0, 26).toString('hex').toUpperCase();
  entropy = entropy.subarray(26);
  return id;
}

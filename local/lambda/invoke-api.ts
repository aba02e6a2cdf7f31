/** Lambda's Invoke over REST JSON: POST /2015-03-31/functions/{function}/invocations, as SDKs and the AWS CLI call it. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { checkSignature } from '../gateway/connections-api/sigv4.ts';
import { readBody } from '../gateway/http-body.ts';
import type { Limits } from '../quota/limits.ts';
import type { FunctionModel } from '../template/model.ts';
import type { AsyncInvocations } from './async-invocations.ts';
import { findFunction } from './function-reference.ts';
import { type InvokeOutcome, type LambdaService, maxPayloadBytes } from './lambda-service.ts';

export interface InvokeApiSettings {
  functions: readonly FunctionModel[];
  lambda: Pick<LambdaService, 'invoke'>;
  asynchronous: Pick<AsyncInvocations, 'accept'>;
  limits: Pick<Limits, 'asyncPayloadBytes'>;
}

interface Answer {
  status: number;
  headers?: Readonly<Record<string, string>>;
  body?: string;
}

const pathPattern = /^\/2015-03-31\/functions\/([^/]+)\/invocations\/?$/;
const tailBytes = 4_096;

export class InvokeApi {
  #settings: InvokeApiSettings;

  constructor(settings: InvokeApiSettings) {
    this.#settings = settings;
  }

  /** Whether a request is an invocation. */
  static serves(requestTarget: string): boolean {
    return /^\/2015-03-31\/functions\/[^/]+\/invocations\/?(?:\?|$)/.test(requestTarget);
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const requestId = randomUUID();
    const { status, headers, body = '' } = await this.#answer(request, requestId);
    response.writeHead(status, {
      ...headers,
      'x-amzn-requestid': requestId,
      ...(status !== 204 && { 'content-length': Buffer.byteLength(body), 'content-type': 'application/json' }),
      // The rest of a refused body must not be read as the next request.
      ...(!request.complete && { connection: 'close' }),
    });
    response.end(status === 204 ? undefined : body);
  }

  async #answer(request: IncomingMessage, requestId: string): Promise<Answer> {
    const target = request.url ?? '/';
    const url = new URL(target, 'http://local');
    const match = pathPattern.exec(url.pathname);
    const type = String(request.headers['x-amz-invocation-type'] ?? 'RequestResponse');
    const asynchronous = type === 'Event';
    const maxBytes = asynchronous ? this.#settings.limits.asyncPayloadBytes : maxPayloadBytes;
    const body = await readBody(request, maxBytes);
    // A body over the limit was not kept, so its signature cannot be checked: the size is refused first.
    const signed = { method: request.method ?? '', target, headers: request.headers, body: body ?? Buffer.alloc(0) };
    const signature = body === null ? 'valid' : checkSignature(signed, 'lambda', Date.now());
    if (signature === 'missing')
      return failure(403, 'MissingAuthenticationTokenException', 'Missing Authentication Token');
    if (signature !== 'valid')
      return failure(403, 'InvalidSignatureException', 'The request is not signed for the service lambda.');
    if (!match || request.method !== 'POST')
      return failure(
        404,
        'UnknownOperationException',
        `The local Lambda supports Invoke only, not ${request.method} ${url.pathname}.`,
      );
    const reference = findFunction(
      this.#settings.functions,
      decodedOr(match[1] ?? ''),
      url.searchParams.get('Qualifier'),
    );
    if (reference === null)
      return failure(
        400,
        'ValidationException',
        `${decodedOr(match[1] ?? '')} is neither a function name nor a function ARN.`,
      );
    if (reference.kind === 'unknown')
      return failure(404, 'ResourceNotFoundException', `Function not found: ${reference.arn}`);
    if (body === null)
      return failure(
        413,
        'RequestTooLargeException',
        `The payload exceeds the limit of ${maxBytes} bytes for the ${type} invocation type.`,
      );
    const payload = body.length === 0 ? '{}' : body.toString();
    const problem = jsonProblem(payload);
    if (problem !== null)
      return failure(400, 'InvalidRequestContentException', `Could not parse request body into json: ${problem}`);
    switch (type) {
      case 'DryRun':
        return { status: 204 };
      case 'Event':
        return this.#settings.asynchronous.accept(reference.model.functionName, payload, requestId)
          ? { status: 202 }
          : tooManyRequests('CallerRateLimitExceeded');
      case 'RequestResponse':
        return await this.#invoke(reference.model, payload, {
          ...{ requestId, withTail: request.headers['x-amz-log-type'] === 'Tail' },
        });
      default:
        return failure(
          400,
          'InvalidParameterValueException',
          `${type} is not an invocation type: use RequestResponse, Event or DryRun.`,
        );
    }
  }

  async #invoke(
    { functionName }: FunctionModel,
    payload: string,
    { requestId, withTail }: { requestId: string; withTail: boolean },
  ): Promise<Answer> {
    const lines: string[] = [];
    const onLog = (text: string) => lines.push(text);
    const outcome = await this.#settings.lambda.invoke(functionName, payload, {
      requestId,
      ...(withTail && { onLog }),
    });
    const tail = Buffer.from(lines.join('')).subarray(-tailBytes).toString('base64');
    return answerOf(outcome, withTail ? { 'x-amz-log-result': tail } : {});
  }
}

function answerOf(outcome: InvokeOutcome, tail: Readonly<Record<string, string>>): Answer {
  const headers = { ...tail, 'x-amz-executed-version': '$LATEST' };
  switch (outcome.kind) {
    case 'ok':
      return { status: 200, headers, body: outcome.payload };
    case 'functionError':
      return {
        status: 200,
        headers: { ...headers, 'x-amz-function-error': 'Unhandled' },
        body: JSON.stringify(outcome.error),
      };
    case 'throttled':
      return tooManyRequests(outcome.reason);
    case 'payloadTooLarge':
      return failure(413, 'RequestTooLargeException', `The payload exceeds ${maxPayloadBytes} bytes.`);
  }
}

/** The body has a lower-case `message`, as recorded. The value of Retry-After on AWS is not documented. */
function tooManyRequests(reason: string): Answer {
  return {
    status: 429,
    headers: { 'x-amzn-errortype': 'TooManyRequestsException', 'retry-after': '1' },
    body: JSON.stringify({ Reason: reason, Type: 'User', message: 'Rate Exceeded.' }),
  };
}

function failure(status: number, error: string, message: string): Answer {
  return {
    status,
    headers: { 'x-amzn-errortype': error },
    body: JSON.stringify({ Type: 'User', Message: message, message }),
  };
}

function jsonProblem(text: string): string | null {
  try {
    JSON.parse(text);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function decodedOr(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

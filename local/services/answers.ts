/** Answers in AWS's protocols: JSON with a type, Query's XML, REST JSON. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { escapeXml } from '../process/xml.ts';

export interface ServiceAnswer {
  status: number;
  body: object;
  /** Name of the SDK's error class; absent for a success. */
  error?: string;
}

export const success = (body: object): ServiceAnswer => ({ status: 200, body });
export const failure = (status: number, error: string, message: string): ServiceAnswer => ({
  status,
  error,
  body: { message, Message: message },
});

/** An action that a service does not have here. */
export const unknownAction = (service: string, action: string, known: readonly string[]): ServiceAnswer =>
  failure(
    400,
    'UnknownOperationException',
    `The local target has no ${service} action ${action}. It has ${known.join(', ')}.`,
  );

/** AWS JSON 1.0 and 1.1, and REST JSON: SDKs read the error from the header or from `__type`. */
export function sendJson(
  request: IncomingMessage,
  response: ServerResponse,
  { status, body, error }: ServiceAnswer,
): void {
  const isJsonRpc = request.headers['x-amz-target'] !== undefined;
  const text = JSON.stringify(error === undefined ? body : { __type: error, ...body });
  response.writeHead(status, {
    'content-type': isJsonRpc
      ? String(request.headers['content-type'] ?? 'application/x-amz-json-1.1')
      : 'application/json',
    'content-length': Buffer.byteLength(text),
    'x-amzn-requestid': randomUUID(),
    ...(error !== undefined && { 'x-amzn-errortype': error }),
    ...(!request.complete && { connection: 'close' }),
  });
  response.end(text);
}

export interface QueryAnswer extends ServiceAnswer {
  action: string;
  /** XML namespace of the service. */
  space: string;
}

export function sendXml(request: IncomingMessage, response: ServerResponse, answer: QueryAnswer): void {
  const { status, error, action, space } = answer;
  const requestId = randomUUID();
  const message = 'message' in answer.body ? String(answer.body.message) : '';
  const text =
    error === undefined
      ? `<${action}Response xmlns="${space}"><${action}Result>${elementsOf(answer.body)}</${action}Result>${elementsOf({ ResponseMetadata: { RequestId: requestId } })}</${action}Response>`
      : `<ErrorResponse xmlns="${space}">${elementsOf({ Error: { Type: status < 500 ? 'Sender' : 'Receiver', Code: error, Message: message }, RequestId: requestId })}</ErrorResponse>`;
  response.writeHead(status, {
    'content-type': 'text/xml',
    'content-length': Buffer.byteLength(text),
    'x-amzn-requestid': requestId,
    ...(!request.complete && { connection: 'close' }),
  });
  response.end(text);
}

/** A structure's fields as elements; lists as `member`, maps as `entry`; what is undefined is left out. */
function elementsOf(fields: object): string {
  return Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `<${name}>${contentOf(value)}</${name}>`)
    .join('');
}

function contentOf(value: unknown): string {
  if (value instanceof Map)
    return [...value].map(([key, item]) => `<entry>${elementsOf({ key, value: item })}</entry>`).join('');
  if (Array.isArray(value)) return value.map((item) => `<member>${contentOf(item)}</member>`).join('');
  return typeof value === 'object' && value !== null ? elementsOf(value) : escapeXml(String(value));
}

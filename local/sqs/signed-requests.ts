/**
 * SQS refuses a request without a signature, which every SDK sends, in either protocol. Here the signature itself is not verified: a header that a web page
 * cannot set without asking first is what matters. An HTML form is all that the Query protocol takes, and a page sends one to any port.
 * Source: SQS API reference, common errors: MissingAuthenticationToken, 403.
 */
import { randomUUID } from 'node:crypto';
import type { Layer } from '../process/compose.ts';
import { queryError } from './query-xml.ts';

const message = 'Request is missing Authentication Token';

export const refuseUnsigned: Layer = ({ headers }, response, next) => {
  if (headers.authorization?.startsWith('AWS4-HMAC-SHA256 ')) {
    next();
    return;
  }
  const requestId = randomUUID();
  const isJson = headers['x-amz-target'] !== undefined;
  const text = isJson
    ? JSON.stringify({ __type: 'com.amazon.coral.service#MissingAuthenticationTokenException', message })
    : queryError({ code: 'MissingAuthenticationToken', message, sender: true }, requestId);
  response.writeHead(403, {
    'content-type': isJson ? 'application/x-amz-json-1.0' : 'text/xml',
    'content-length': Buffer.byteLength(text),
    'x-amzn-requestid': requestId,
    // The body is not read.
    connection: 'close',
  });
  response.end(text);
};

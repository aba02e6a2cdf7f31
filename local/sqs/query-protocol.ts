/** Adds SQS's older protocol in front of an app that supports the JSON one. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { buildApp } from 'fauxqs';
import type { Layer } from '../process/compose.ts';
import { queryInput } from './query-form.ts';
import { queryAnswer, queryError } from './query-xml.ts';

type App = ReturnType<typeof buildApp>;
const form = 'application/x-www-form-urlencoded';
/** A batch of 1 MiB in which every byte takes three in the form. */
const maxBodyBytes = 4 * 1_024 * 1_024;

/** Answers requests in the Query protocol through the app, and passes on all others. */
export function queryLayer(app: App): Layer {
  return (request, response, next) => {
    const isForm = request.headers['content-type']?.startsWith(form) ?? false;
    if (!isForm && request.method !== 'GET') {
      next();
      return;
    }
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://sqs');
    if (isForm) {
      receive(request, response, (body) =>
        relay(app, request, response, { form: new URLSearchParams(body), pathname }),
      );
    } else if (searchParams.has('Action')) {
      relay(app, request, response, { form: searchParams, pathname });
    } else next();
  };
}

function receive(request: IncomingMessage, response: ServerResponse, then: (body: string) => void): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= maxBodyBytes) chunks.push(chunk);
  });
  request.on('end', () => {
    if (bytes > maxBodyBytes) response.writeHead(413).end();
    else then(Buffer.concat(chunks).toString());
  });
}

function relay(
  app: App,
  request: IncomingMessage,
  response: ServerResponse,
  { form, pathname }: { form: URLSearchParams; pathname: string },
): void {
  const { action, input } = queryInput(form, pathname);
  const requestId = randomUUID();
  const send = (status: number, xml: string) => {
    const headers = {
      'content-type': 'text/xml',
      'x-amzn-requestid': requestId,
      'content-length': Buffer.byteLength(xml),
    };
    response.writeHead(status, headers);
    response.end(xml);
  };
  const { host, authorization } = request.headers;
  app
    .inject({
      method: 'POST',
      url: '/',
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': `AmazonSQS.${action}`,
        ...(host !== undefined && { host }),
        ...(authorization !== undefined && { authorization }),
      },
      payload: JSON.stringify(input),
    })
    .then((answer) => {
      const output = answer.body === '' ? {} : JSON.parse(answer.body);
      if (answer.statusCode === 200) {
        send(200, queryAnswer(action, output, requestId));
        return;
      }
      const [named = '', fault] = String(answer.headers['x-amzn-query-error'] ?? '').split(';');
      const code = named === '' ? String(output.__type ?? 'InternalError').replace(/^.*#/, '') : named;
      const error = { code, message: String(output.message ?? ''), sender: fault !== 'Receiver' };
      send(answer.statusCode, queryError(error, requestId));
    })
    .catch(() => response.destroy());
}

/** SQS's older protocol: the action and its input in a form, answers in XML. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Layer } from '../process/compose.ts';
import { receiveText } from '../process/receive-text.ts';
import { queryInput } from './query-form.ts';
import { queryAnswer, queryError } from './query-xml.ts';
import type { SqsService } from './sqs-service.ts';

const form = 'application/x-www-form-urlencoded';
/** A batch of 1 MiB in which every byte takes three in the form. */
const maxBodyBytes = 4 * 1_024 * 1_024;

/** Answers requests in the Query protocol, and passes on all others. */
export function queryLayer(service: Pick<SqsService, 'run'>): Layer {
  return (request, response, next) => {
    const isForm = request.headers['content-type']?.startsWith(form) ?? false;
    if (!isForm && request.method !== 'GET') {
      next();
      return;
    }
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://sqs');
    const answerTo = (fields: URLSearchParams) =>
      void answer(service, queryInput(fields, pathname), { request, response }).catch(() => response.destroy());
    if (isForm) {
      receiveText(request, maxBodyBytes, (text) => {
        if (text === null) response.writeHead(413).end();
        else answerTo(new URLSearchParams(text));
      });
    } else if (searchParams.has('Action')) answerTo(searchParams);
    else next();
  };
}

async function answer(
  service: Pick<SqsService, 'run'>,
  { action, input }: ReturnType<typeof queryInput>,
  { request, response }: { request: IncomingMessage; response: ServerResponse },
): Promise<void> {
  const { status, body, queryError: named } = await service.run({ action, input, request });
  const requestId = randomUUID();
  const xml = status === 200 ? queryAnswer(action, body, requestId) : queryError(errorOf(body, named), requestId);
  response.writeHead(status, {
    'content-type': 'text/xml',
    'x-amzn-requestid': requestId,
    'content-length': Buffer.byteLength(xml),
  });
  response.end(xml);
}

function errorOf({ __type, message }: Readonly<Record<string, unknown>>, named = '') {
  const [code = '', fault] = named.split(';');
  return {
    code: code === '' ? String(__type ?? 'InternalError').replace(/^.*#/, '') : code,
    message: String(message ?? ''),
    sender: fault !== 'Receiver',
  };
}

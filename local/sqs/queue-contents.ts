/**
 * The messages of a queue without receiving them: GET /_loadline/queues/<queue name>/messages on the port of SQS. AWS has no such call: a
 * receive there hides the message for a while and counts towards its dead letters.
 */
import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { queueMessagesPath } from '../model.ts';
import type { Layer } from '../process/compose.ts';
import type { SqsQueue, SqsStore, StoredMessage } from './fauxqs-store.ts';

/** One line of the answer, in JSON. */
interface ListedMessage {
  messageId: string;
  /** `notVisible`: received and not deleted. `delayed`: not to be received yet. */
  state: 'visible' | 'notVisible' | 'delayed';
  receiveCount: number;
  body: string;
}

/** Answers requests for this path, and passes on all others. One line a message; all of one moment; in no particular order. */
export function queueContentsLayer(store: SqsStore): Layer {
  return (request, response, next) => {
    const [path = ''] = (request.url ?? '').split('?', 1);
    const name = queueNameOf(path);
    if (name === null) return next();
    // A web page open on this machine could send it as well; no tool sends an Origin.
    if (request.headers.origin !== undefined)
      return refuse(response, 403, 'Requests from a browser are not accepted: use curl or a script.');
    if (request.method !== 'GET') return refuse(response, 405, 'Use GET: messages are listed, not changed.');
    const queue = [...store.allQueues()].find((each) => each.name === name);
    if (queue === undefined) return refuse(response, 404, `Unknown queue "${name}".`);
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    // The client may go away; that is its affair.
    pipeline(Readable.from(linesOf(messagesOf(queue))), response).catch(() => {});
  };
}

function queueNameOf(path: string): string | null {
  const [before = '', after = ''] = queueMessagesPath('*').split('*');
  if (!path.startsWith(before) || !path.endsWith(after)) return null;
  const name = path.slice(before.length, path.length - after.length);
  return /^[\w.-]+$/.test(name) ? name : null;
}

/** References to the messages at this moment: what is received or deleted while they are sent changes nothing. */
function messagesOf(queue: SqsQueue): ListedMessage[] {
  queue.processTimers();
  const as = (state: ListedMessage['state']) => (message: StoredMessage) => ({
    messageId: message.messageId,
    state,
    receiveCount: message.approximateReceiveCount,
    body: message.body,
  });
  return [
    ...Array.from(queue.messages, as('visible')),
    ...Array.from(queue.inflightMessages.values(), ({ message }) => message).map(as('notVisible')),
    ...queue.delayedMessages.map(as('delayed')),
  ];
}

function* linesOf(messages: readonly ListedMessage[]): Generator<string> {
  for (const message of messages) yield `${JSON.stringify(message)}\n`;
}

function refuse(response: ServerResponse, status: number, message: string): void {
  const text = `${JSON.stringify({ message })}\n`;
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
  response.end(text);
}

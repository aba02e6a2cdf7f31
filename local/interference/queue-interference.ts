/** Faults and latencies of SQS at the message level: duplicate or delayed delivery, and the latency of a receive. */
import type { buildApp } from 'fauxqs';
import type { Layer } from '../process/compose.ts';
import { sleep } from '../process/sleep.ts';
import type { SqsStore } from '../sqs/fauxqs-store.ts';
import type { Call } from './fault-state.ts';
import { actionOf, callerOf, faultLayer } from './http-interference.ts';
import type { Interference } from './interference.ts';

type App = ReturnType<typeof buildApp>;
type Json = Record<string, unknown>;

const isRecord = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const listOf = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isRecord) : []);
const receive = 'ReceiveMessage';
const batches = new Set(['SendMessageBatch', 'DeleteMessageBatch', 'ChangeMessageVisibilityBatch']);
/** As SQS names a failure of its own. Source: SQS API reference, BatchResultErrorEntry, read November 2026. */
const entryFailure = { SenderFault: false, Code: 'InternalError', Message: 'We encountered an internal error.' };

/** Call before the app listens. @returns the layer to put in front of it. */
export function interfereWithQueues(app: App, store: SqsStore, interference: Interference): Layer {
  const never = new AbortController().signal;
  app.addHook('preHandler', async (request) => {
    if (!interference.active || !isRecord(request.body)) return;
    const operation = actionOf(request.raw);
    if (operation !== 'SendMessage' && operation !== 'SendMessageBatch') return;
    const call: Call = { service: 'sqs', operation, caller: callerOf(request.raw) };
    for (const message of operation === 'SendMessage' ? [request.body] : listOf(request.body.Entries)) {
      const fault = interference.meets('delayedDelivery', call);
      if (fault) message.DelaySeconds = Math.max(Number(message.DelaySeconds ?? 0), fault.delaySeconds);
    }
  });
  /** Entries that fail, until their request is answered. */
  const failed = new WeakMap<object, Json[]>();
  app.addHook('preHandler', async (request, reply) => {
    if (!interference.active || !isRecord(request.body)) return;
    const operation = actionOf(request.raw);
    if (!batches.has(operation)) return;
    const call: Call = { service: 'sqs', operation, caller: callerOf(request.raw) };
    const entries = listOf(request.body.Entries);
    const failing = entries.filter(() => interference.meets('partialFailure', call) !== null);
    if (failing.length === 0) return;
    failed.set(
      request,
      failing.map(({ Id }) => ({ Id, ...entryFailure })),
    );
    request.body.Entries = entries.filter((entry) => !failing.includes(entry));
    // A batch without entries is another error.
    if (failing.length === entries.length) return reply.send({ Successful: [], Failed: [] });
  });
  app.addHook('preSerialization', async (request, reply, output) => {
    const failing = failed.get(request);
    if (failing === undefined || reply.statusCode !== 200 || !isRecord(output)) return output;
    return { ...output, Failed: [...listOf(output.Failed), ...failing] };
  });
  app.addHook('preSerialization', async (request, _reply, output) => {
    if (!interference.active || actionOf(request.raw) !== receive || !isRecord(output)) return output;
    const messages = listOf(output.Messages);
    if (messages.length === 0) return output;
    const call: Call = { service: 'sqs', operation: receive, caller: callerOf(request.raw) };
    const queue = isRecord(request.body) ? store.getQueue(String(request.body.QueueUrl)) : undefined;
    for (const { ReceiptHandle } of messages) {
      const handle = String(ReceiptHandle);
      // A duplicate is not duplicated again: otherwise a share of 1 would never end.
      if (queue?.inflightMessages.get(handle)?.message.approximateReceiveCount !== 1) continue;
      if (interference.meets('duplicateDelivery', call)) queue.changeVisibility(handle, 0);
    }
    // Not before: a long poll waits for messages, which is not latency.
    const latencyMs = interference.latencyMs('sqs', receive);
    if (latencyMs > 0) await sleep(latencyMs, never);
    return output;
  });
  // Empty receives take as long as the poll; those with messages have their latency above.
  return faultLayer(interference, {
    callOf: (request) => ({ service: 'sqs', operation: actionOf(request) }),
    latency: (operation) => operation !== receive,
  });
}

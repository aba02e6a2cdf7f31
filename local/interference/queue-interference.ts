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

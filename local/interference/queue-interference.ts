/** Faults and latencies of SQS at the message level: duplicate or delayed delivery, and the latency of a receive. */
import { sleep } from '../process/sleep.ts';
import type { Json } from '../sqs/fauxqs-actions.ts';
import type { SqsStore } from '../sqs/fauxqs-store.ts';
import type { SqsInterposition, SqsRequest } from '../sqs/sqs-service.ts';
import type { Call } from './fault-state.ts';
import { actionOf, callerOf, faultLayer } from './http-interference.ts';
import type { Interference } from './interference.ts';

const isRecord = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const listOf = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isRecord) : []);
const receive = 'ReceiveMessage';
const batches = new Set(['SendMessageBatch', 'DeleteMessageBatch', 'ChangeMessageVisibilityBatch']);
/** As SQS names a failure of its own. Source: SQS API reference, BatchResultErrorEntry, read November 2026. */
const entryFailure = { SenderFault: false, Code: 'InternalError', Message: 'We encountered an internal error.' };

const callOf = ({ action, request }: SqsRequest): Call => ({
  service: 'sqs',
  operation: action,
  caller: callerOf(request),
});

export function interfereWithQueues(store: SqsStore, interference: Interference): SqsInterposition {
  const never = new AbortController().signal;
  /** Entries that fail, until their request is answered. */
  const failed = new WeakMap<SqsRequest, Json[]>();

  function delay(call: SqsRequest): void {
    if (call.action !== 'SendMessage' && call.action !== 'SendMessageBatch') return;
    for (const message of call.action === 'SendMessage' ? [call.input] : listOf(call.input.Entries)) {
      const fault = interference.meets('delayedDelivery', callOf(call));
      if (fault) message.DelaySeconds = Math.max(Number(message.DelaySeconds ?? 0), fault.delaySeconds);
    }
  }

  function failEntries(call: SqsRequest): Json | null {
    const { action, input } = call;
    if (!batches.has(action)) return null;
    const entries = listOf(input.Entries);
    const failing = entries.filter(() => interference.meets('partialFailure', callOf(call)) !== null);
    if (failing.length === 0) return null;
    failed.set(
      call,
      failing.map(({ Id }) => ({ Id, ...entryFailure })),
    );
    input.Entries = entries.filter((entry) => !failing.includes(entry));
    // A batch without entries is another error.
    return failing.length === entries.length ? { Successful: [], Failed: [] } : null;
  }

  async function afterReceive(call: SqsRequest, output: Json): Promise<Json> {
    const messages = listOf(output.Messages);
    if (messages.length === 0) return output;
    const queue = store.getQueue(String(call.input.QueueUrl));
    for (const { ReceiptHandle } of messages) {
      const handle = String(ReceiptHandle);
      // A duplicate is not duplicated again: otherwise a share of 1 would never end.
      if (queue?.inflightMessages.get(handle)?.message.approximateReceiveCount !== 1) continue;
      if (interference.meets('duplicateDelivery', callOf(call))) queue.changeVisibility(handle, 0);
    }
    // Not before: a long poll waits for messages, which is not latency.
    const latencyMs = interference.latencyMs('sqs', receive);
    if (latencyMs > 0) await sleep(latencyMs, never);
    return output;
  }

  return {
    // Empty receives take as long as the poll; those with messages have their latency above.
    layer: faultLayer(interference, {
      callOf: (request) => ({ service: 'sqs', operation: actionOf(request) }),
      latency: (operation) => operation !== receive,
    }),
    before(call) {
      if (!interference.active) return null;
      delay(call);
      return failEntries(call);
    },
    after(call, output) {
      const failing = failed.get(call);
      if (failing !== undefined) return { ...output, Failed: [...listOf(output.Failed), ...failing] };
      return interference.active && call.action === receive ? afterReceive(call, output) : output;
    },
  };
}

/** A call of SQS, in whichever protocol: what refuses it, fauxqs's action, and what is counted of it. */
import type { IncomingMessage } from 'node:http';
import type { Layer } from '../process/compose.ts';
import { addDeadLetterSource } from './dead-letter-source.ts';
import { type FauxqsAction, isFauxqsError, type Json } from './fauxqs-actions.ts';
import type { SqsStore } from './fauxqs-store.ts';
import type { QueueMetrics } from './queue-metrics.ts';
import { entriesOf, type Refusal, type RequestChecks } from './request-checks.ts';
import { putBack } from './standard-queue.ts';

export interface SqsRequest {
  action: string;
  /** Parsed, and of this request alone: faults change it. */
  input: Json;
  request: IncomingMessage;
}

export interface SqsAnswer {
  status: number;
  body: Json;
  /** `x-amzn-query-error` of an error: its code in the Query protocol, and whose fault it is. */
  queryError?: string;
}

/** Faults between a client and its queues. */
export interface SqsInterposition {
  /** In front of every listener. */
  layer: Layer;
  /** Before the action, whose input it may change. @returns an output in place of the action's; null: it runs. */
  before(call: SqsRequest): Json | null;
  after(call: SqsRequest, output: Json): Json | Promise<Json>;
}

interface SqsServiceParts {
  store: SqsStore;
  actions: ReadonlyMap<string, FauxqsAction>;
  checks: RequestChecks;
  metrics: QueueMetrics;
  interposition: SqsInterposition | null;
}

export class SqsService {
  #parts: SqsServiceParts;

  constructor(parts: SqsServiceParts) {
    this.#parts = parts;
  }

  /** Never rejects: a defect is an InternalError. */
  async run(call: SqsRequest): Promise<SqsAnswer> {
    try {
      return await this.#run(call);
    } catch (error) {
      if (isFauxqsError(error))
        return { status: error.statusCode, body: error.toJSON(), queryError: error.queryErrorHeader };
      console.error(`SQS ${call.action}:`, error);
      return refused({ code: 'InternalError', queryCode: 'InternalError', status: 500, message: 'Internal error.' });
    }
  }

  async #run(call: SqsRequest): Promise<SqsAnswer> {
    const { store, actions, checks, interposition } = this.#parts;
    const { action, input, request } = call;
    const run = actions.get(action);
    if (run === undefined) {
      const message = `Unknown action: ${action}`;
      return refused({ code: 'InvalidAction', queryCode: 'InvalidAction', status: 400, message });
    }
    // What has become visible again is not in flight any more, whether or not anybody has looked since.
    if (action.startsWith('ChangeMessageVisibility')) store.getQueue(String(input.QueueUrl))?.processTimers();
    const refusal = checks.refusal(action, input, Date.now());
    if (refusal !== null) return refused(refusal);
    const output = interposition?.before(call) ?? objectOf(await run(input, store, request));
    const body = this.#observed(call, output);
    return { status: 200, body: interposition === null ? body : await interposition.after(call, body) };
  }

  /** The output as it is sent, counted. */
  #observed({ action, input, request }: SqsRequest, output: Json): Json {
    const { store, metrics } = this.#parts;
    const queue = action === 'ReceiveMessage' ? store.getQueue(String(input.QueueUrl)) : undefined;
    if (action === 'ReceiveMessage' && request.socket.destroyed) {
      for (const { ReceiptHandle } of entriesOf({ Entries: output.Messages })) {
        if (queue) putBack(queue, String(ReceiptHandle));
      }
      return output;
    }
    if (queue) addDeadLetterSource(queue, input, output);
    metrics.observe(action, input, output);
    return output;
  }
}

/** An action without an output returns nothing. */
const objectOf = (output: unknown): Json => (typeof output === 'object' && output !== null ? { ...output } : {});

const refused = ({ code, queryCode, status, message }: Refusal): SqsAnswer => ({
  status,
  body: { __type: `com.amazonaws.sqs#${code}`, message },
  queryError: `${queryCode};${status < 500 ? 'Sender' : 'Receiver'}`,
});

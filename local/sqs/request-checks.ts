/** Checks that SQS makes and fauxqs does not: limits of a request, and of messages in flight. */
import type { SqsStore } from './fauxqs-store.ts';
import { type FifoLimits, FifoThrottle } from './fifo-throttle.ts';
import { isSqsText } from './sqs-text.ts';
import { isOverInFlight } from './standard-queue.ts';

export type Input = Readonly<Record<string, unknown>>;
/** `queryCode` is the error's code in the Query protocol, and so in older SDKs. */
export interface Refusal {
  code: string;
  queryCode: string;
  status: number;
  message: string;
}
/** Quotas of a queue that refuse a request. */
export type QueueQuota = 'sqsInFlightMessages' | keyof FifoLimits;

export interface SqsLimits extends FifoLimits {
  sqsInFlightMessages: number;
  sqsMessageBytes: number;
}

/** Source: SQS developer guide, message quotas, read November 2026. */
const maxAttributes = 10;
const maxEntryIdCharacters = 80;
const maxDelaySeconds = 900;
const maxGroupIdCharacters = 128;
/** Source: SQS API, PurgeQueue: one in 60 s. */
const purgeIntervalMs = 60_000;

export class RequestChecks {
  #store: SqsStore;
  #limits: SqsLimits;
  #fifo: FifoThrottle;
  #onRefusal: (quota: QueueQuota, queueName: string) => void;
  #purgedAtMs = new Map<string, number>();

  constructor(store: SqsStore, limits: SqsLimits, onRefusal: (quota: QueueQuota, queueName: string) => void) {
    this.#store = store;
    this.#limits = limits;
    this.#fifo = new FifoThrottle(limits);
    this.#onRefusal = onRefusal;
  }

  /** The refusal of this request, before anything happens; null if none. */
  refusal(action: string, input: Input, nowMs: number): Refusal | null {
    return this.#throttled(action, input, nowMs) ?? this.#invalid(action, input, nowMs);
  }

  #throttled(action: string, input: Input, nowMs: number): Refusal | null {
    const queue = this.#store.getQueue(String(input.QueueUrl));
    const quota = queue ? this.#fifo.refusing(queue, action, nowMs) : null;
    if (!queue || quota === null) return null;
    this.#onRefusal(quota, queue.name);
    return refuse('RequestThrottled', `Rate exceeded: ${action} of the FIFO queue ${queue.name}.`);
  }

  #invalid(action: string, input: Input, nowMs: number): Refusal | null {
    switch (action) {
      case 'SendMessage':
        return messageRefusal(input) ?? textRefusal(input) ?? this.#tooLong(input);
      case 'SendMessageBatch':
        return this.#batchRefusal(entriesOf(input));
      case 'DeleteMessageBatch':
      case 'ChangeMessageVisibilityBatch':
        return entryIdRefusal(entriesOf(input));
      case 'DeleteMessage':
        return input.ReceiptHandle === undefined || isReceiptHandle(input.ReceiptHandle)
          ? null
          : refuse('ReceiptHandleIsInvalid', 'The input receipt handle is invalid.', { status: 404 });
      case 'ReceiveMessage':
        return this.#inFlightRefusal(input);
      case 'PurgeQueue':
        return this.#purgeRefusal(input, nowMs);
      default:
        return null;
    }
  }

  #batchRefusal(entries: readonly Input[]): Refusal | null {
    const refusal = entryIdRefusal(entries) ?? entries.map(messageRefusal).find((one) => one !== null) ?? null;
    if (refusal) return refusal;
    const { sqsMessageBytes } = this.#limits;
    const bytes = entries.reduce((sum, entry) => sum + messageBytes(entry), 0);
    if (bytes <= sqsMessageBytes) return null;
    return refuse(
      'BatchRequestTooLong',
      `Batch requests cannot be longer than ${sqsMessageBytes} bytes. You have sent ${bytes} bytes.`,
      { queryCode: 'AWS.SimpleQueueService.BatchRequestTooLong' },
    );
  }

  #tooLong(input: Input): Refusal | null {
    if (messageBytes(input) <= this.#limits.sqsMessageBytes) return null;
    return invalid(`Message must be shorter than ${this.#limits.sqsMessageBytes} bytes.`);
  }

  /** A short poll is refused; a long poll waits and returns nothing. Source: SQS developer guide, quotas. */
  #inFlightRefusal(input: Input): Refusal | null {
    const limit = this.#limits.sqsInFlightMessages;
    const queue = this.#store.getQueue(String(input.QueueUrl));
    if (!queue || queue.isFifo() || !isOverInFlight(queue, limit)) return null;
    this.#onRefusal('sqsInFlightMessages', queue.name);
    const waitSeconds = Number(input.WaitTimeSeconds ?? queue.attributes.ReceiveMessageWaitTimeSeconds);
    if (waitSeconds > 0) return null;
    return refuse('OverLimit', `Too many messages in flight in the queue ${queue.name}: the maximum is ${limit}.`, {
      status: 403,
    });
  }

  #purgeRefusal(input: Input, nowMs: number): Refusal | null {
    const queue = this.#store.getQueue(String(input.QueueUrl));
    if (!queue) return null;
    const lastMs = this.#purgedAtMs.get(queue.name);
    if (lastMs !== undefined && nowMs - lastMs < purgeIntervalMs)
      return refuse(
        'PurgeQueueInProgress',
        `Only one PurgeQueue operation on ${queue.name} is allowed every 60 seconds.`,
        {
          status: 403,
          queryCode: 'AWS.SimpleQueueService.PurgeQueueInProgress',
        },
      );
    this.#purgedAtMs.set(queue.name, nowMs);
    return null;
  }
}

/** Bytes that SQS counts: body, and name, type and value of each attribute. */
export function messageBytes(message: Input): number {
  let bytes = typeof message.MessageBody === 'string' ? Buffer.byteLength(message.MessageBody) : 0;
  for (const [name, attribute] of Object.entries(attributesOf(message))) {
    const { DataType, StringValue, BinaryValue } = attribute;
    bytes += Buffer.byteLength(name);
    for (const part of [DataType, StringValue]) if (typeof part === 'string') bytes += Buffer.byteLength(part);
    if (typeof BinaryValue === 'string') bytes += Buffer.byteLength(BinaryValue, 'base64');
  }
  return bytes;
}

export function entriesOf(input: Input): readonly Input[] {
  return Array.isArray(input.Entries) ? input.Entries.filter(isRecord) : [];
}

function messageRefusal(message: Input): Refusal | null {
  const delay = message.DelaySeconds;
  if (delay !== undefined && !(Number.isInteger(delay) && Number(delay) >= 0 && Number(delay) <= maxDelaySeconds))
    return invalidValue(
      `Value ${delay} for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900.`,
    );
  const group = message.MessageGroupId;
  if (typeof group === 'string' && group.length > maxGroupIdCharacters)
    return invalidValue('The parameter MessageGroupId is invalid. Reason: at most 128 characters.');
  const attributes = Object.entries(attributesOf(message));
  if (attributes.length > maxAttributes)
    return invalidValue(
      `Number of message attributes [${attributes.length}] exceeds the allowed maximum [${maxAttributes}].`,
    );
  for (const [name, { DataType, StringValue, BinaryValue }] of attributes) {
    const refusal = attributeRefusal(name, String(DataType ?? ''), StringValue ?? BinaryValue);
    if (refusal) return refusal;
  }
  return null;
}

/** Of a single message; an entry of a batch fails on its own, which fauxqs sees to. */
function textRefusal({ MessageBody: body }: Input): Refusal | null {
  if (typeof body !== 'string' || isSqsText(body)) return null;
  return refuse('InvalidMessageContents', 'The message contains characters outside the allowed set.');
}

/** Source: SQS developer guide, message attributes: names of 1 to 256 of `A-Za-z0-9_.-`, types String, Number and Binary. */
function attributeRefusal(name: string, type: string, value: unknown): Refusal | null {
  if (!/^[\w.-]{1,256}$/.test(name) || /^\.|\.$|\.\.|^(aws|amazon)\./i.test(name))
    return invalidValue(`Invalid message attribute name '${name}'.`);
  if (!/^(String|Number|Binary)(\..+)?$/.test(type))
    return invalidValue(`The message attribute '${name}' has an invalid message attribute type.`);
  if (value === undefined || value === '')
    return invalidValue(`The message attribute '${name}' must contain a non-empty message attribute value.`);
  if (!type.startsWith('Binary') && !isSqsText(String(value)))
    return invalidValue(`The value of the message attribute '${name}' contains characters that SQS does not accept.`);
  return null;
}

function entryIdRefusal(entries: readonly Input[]): Refusal | null {
  const tooLong = entries.some(({ Id }) => typeof Id === 'string' && Id.length > maxEntryIdCharacters);
  if (!tooLong) return null;
  const message =
    'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.';
  return refuse('InvalidBatchEntryId', message, { queryCode: 'AWS.SimpleQueueService.InvalidBatchEntryId' });
}

/** A handle that fauxqs could have issued. */
function isReceiptHandle(handle: unknown): boolean {
  return typeof handle === 'string' && /^[0-9a-f-]{36}$/.test(handle);
}

const invalid = (reason: string) => invalidValue(`One or more parameters are invalid. Reason: ${reason}`);
const invalidValue = (message: string) => refuse('InvalidParameterValue', message);

function refuse(code: string, message: string, more: { status?: number; queryCode?: string } = {}): Refusal {
  return { code, queryCode: more.queryCode ?? code, status: more.status ?? 400, message };
}

function attributesOf(message: Input): Readonly<Record<string, Input>> {
  return isRecord(message.MessageAttributes) ? (message.MessageAttributes as Record<string, Input>) : {};
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A provider's webhook → what is pushed to tabs, kept to one metered message. */
import { identifierRule, isIdentifier } from './text/identifier.ts';
import { asWritten, isNestedWithin, maxJsonLevels, memberText } from './text/json-text.ts';

/** One metered WebSocket message, in bytes: a frame is kept under it. Source: Amazon API Gateway pricing, read November 2026. */
const meteredMessageBytes = 32_768;
/** API Gateway accepts no larger payload. Source: WebSocket quotas (L-FD0EB744), read November 2026. */
const maxPayloadBytes = 131_072;
/** Ids become DynamoDB keys, which hold 2,048 bytes (up to 4 a character). */
const maxIdLength = 500;

/** The frame that a tab receives for a webhook (docs/reference/protocol.md). */
export interface EventFrame {
  type: 'event';
  eventId: string;
  eventType: string;
  source?: string;
  /** A number, with the provider's own digits. */
  time?: object;
  object: Record<string, unknown>;
}

export interface PushEvent {
  eventId: string;
  /** User id of the owner: in the reference stack, the id of the grant. */
  owner: string;
  /** JSON of an {@link EventFrame}. */
  frame: string;
}

/** `timeSeconds`: the event's own time, in seconds since the epoch, if it has one. */
export type ParsedEvent =
  | { kind: 'event'; event: PushEvent; timeSeconds?: number }
  | { kind: 'malformed'; reason: string };

const stringFields = ['id', 'object', 'thread_id', 'subject', 'snippet'] as const;

/** Reads a webhook body (a CloudEvent in JSON, as text). Fields that a tab does not need are dropped. */
export function parseWebhook(body: string): ParsedEvent {
  if (!isNestedWithin(body, maxJsonLevels)) {
    return { kind: 'malformed', reason: `The body is nested more than ${maxJsonLevels} levels deep.` };
  }
  let envelope: unknown;
  try {
    envelope = JSON.parse(body);
  } catch {
    return { kind: 'malformed', reason: 'The body is not JSON.' };
  }
  if (!isRecord(envelope)) return { kind: 'malformed', reason: 'The body is not a JSON object.' };
  const { id, type, source, time, data } = envelope;
  const object = isRecord(data) ? data.object : undefined;
  const owner = isRecord(object) ? object.grant_id : undefined;
  if (!isIdentifier(id, maxIdLength)) return missing('id');
  if (!isIdentifier(type, maxIdLength)) return missing('type');
  if (!isRecord(object) || !isIdentifier(owner, maxIdLength)) return missing('data.object.grant_id');

  const frame = fitFrame({
    type: 'event',
    eventId: id,
    eventType: type,
    ...(typeof source === 'string' && { source }),
    ...(typeof time === 'number' && { time: numberAt(body, ['time']) }),
    object: pick(object, owner, () => numberAt(body, ['data', 'object', 'date'])),
  });
  if (frame === null) return { kind: 'malformed', reason: 'The event is too large to be pushed, even when truncated.' };
  return {
    kind: 'event',
    event: { eventId: id, owner, frame },
    ...(typeof time === 'number' && { timeSeconds: time }),
  };
}

const missing = (field: string): ParsedEvent => ({
  kind: 'malformed',
  reason: `The field ${field} ${identifierRule(maxIdLength)}`,
});

/** The number at a path of members. JSON.parse would make 9007199254740992 of 9007199254740993, and JSON.stringify null of 1e400. */
function numberAt(json: string, path: readonly string[]): object {
  return asWritten(path.reduce((text, name) => memberText(text, name) ?? '', json));
}

function pick(object: Record<string, unknown>, owner: string, dateOf: () => object): Record<string, unknown> {
  const picked: Record<string, unknown> = {};
  for (const field of stringFields) {
    if (typeof object[field] === 'string') picked[field] = object[field];
    // In the provider's order: grant_id stands after id.
    if (field === 'id') picked.grant_id = owner;
  }
  if (typeof object.date === 'number') picked.date = dateOf();
  if (typeof object.unread === 'boolean') picked.unread = object.unread;
  if (Array.isArray(object.folders) && object.folders.every((folder) => typeof folder === 'string')) {
    picked.folders = object.folders;
  }
  return picked;
}

/**
 * The frame's JSON under {@link meteredMessageBytes}: `snippet` is truncated, then `subject`, nothing else. A frame whose other fields are
 * larger is sent unchanged (and metered as more than one message) up to {@link maxPayloadBytes}; null beyond that.
 */
export function fitFrame(frame: EventFrame): string | null {
  let object = frame.object;
  for (const field of ['snippet', 'subject'] as const) {
    const json = JSON.stringify({ ...frame, object });
    const excess = Buffer.byteLength(json) - (meteredMessageBytes - 1);
    if (excess <= 0) return json;
    const text = object[field];
    if (typeof text === 'string') object = { ...object, [field]: cutToJsonBytes(text, jsonBytes(text) - excess) };
  }
  const json = JSON.stringify({ ...frame, object });
  return Buffer.byteLength(json) <= maxPayloadBytes ? json : null;
}

/** Bytes of a text inside a JSON string, escapes counted, quotes not. */
const jsonBytes = (text: string): number => Buffer.byteLength(JSON.stringify(text)) - 2;

/** The longest prefix of a text that takes at most `maxBytes` inside a JSON string. Never splits a character. */
function cutToJsonBytes(text: string, maxBytes: number): string {
  let bytes = 0;
  let length = 0;
  for (const character of text) {
    bytes += jsonBytes(character);
    if (bytes > maxBytes) break;
    length += character.length;
  }
  return text.slice(0, length);
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What comes from the stack, parsed: docs/reference/protocol.md. */

/** A webhook's event, as it was pushed or kept. */
export interface SyncEvent {
  eventId: string;
  eventType: string;
  /** What a tab needs to refresh; its `id` is that of the object. */
  object: Record<string, unknown>;
  [field: string]: unknown;
}

export interface ChannelMessage {
  /** The publisher's id of it. */
  id: string;
  channel: string;
  body: unknown;
}

export type Frame =
  | { type: 'event'; event: SyncEvent; resumeFrom: number }
  | { type: 'message'; message: ChannelMessage }
  /** Of a request: its id, and what else it says. */
  | { type: 'answer'; id: string; code: string | null; fields: Record<string, unknown> };

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const numberOf = (value: unknown): number => (typeof value === 'number' ? value : 0);

/** Null: nothing that this client knows. */
export function parseFrame(text: string): Frame | null {
  try {
    return frameOf(JSON.parse(text));
  } catch {
    return null;
  }
}

function frameOf(value: unknown): Frame | null {
  if (!isObject(value)) return null;
  const { type, id, eventId, resumeFrom, code } = value;
  if (type === 'event')
    return typeof eventId === 'string' ? { type, event: value as SyncEvent, resumeFrom: numberOf(resumeFrom) } : null;
  if (type === 'message') return { type, message: value as unknown as ChannelMessage };
  if (typeof id !== 'string') return null;
  return { type: 'answer', id, code: type === 'error' ? String(code) : null, fields: value };
}

/** The stage: which users have the connection. */
export interface ClientConfig {
  /** Share of all users, 0 to 1. */
  share: number;
  /** True: nobody, whatever the share. */
  off: boolean;
  /** How long a read of events that finds nothing new is held; 0: not at all. */
  holdSeconds: number;
}

/** No stack holds a request for longer. */
const longestHold = 60;

/** Null: not a config. */
export function parseConfig(body: unknown): ClientConfig | null {
  if (!isObject(body) || typeof body.share !== 'number') return null;
  return { share: body.share, off: body.off === true, holdSeconds: Math.min(numberOf(body.holdSeconds), longestHold) };
}

/** Events that are kept, from a moment on. */
export interface KeptEvents {
  frames: Extract<Frame, { type: 'event' }>[];
  /** Where the next read begins. */
  resumeFrom: number;
  /** There are more, from there on. */
  more: boolean;
  /** Something before the first may have been dropped. */
  gap: boolean;
  /** How many of them were kept from `resumeFrom` on; below 0: the stack does not say. */
  seen: number;
}

/** Null: none. */
export function parseKept(body: unknown): KeptEvents | null {
  if (!isObject(body) || !Array.isArray(body.events)) return null;
  const frames = body.events.map(frameOf).filter((frame) => frame?.type === 'event');
  const { resumeFrom, more, gap, seen = -1 } = body;
  return { frames, resumeFrom: numberOf(resumeFrom), more: more === true, gap: gap === true, seen: numberOf(seen) };
}

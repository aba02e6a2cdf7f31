/** Messages, answers and pushes of a target that is not the reference stack: via templates and matchers, or via the user's hooks. */
import type { FleetHooks, IncomingFrame, OutgoingMessage } from '../../hooks.ts';
import { type Device, tabOf } from '../connections/device.ts';
import type { AnswerMatch, CustomProtocol, PushMatch } from '../fleet/fleet-spec.ts';
import { type Feed, feedColumn, feedPlaceholders, rowOf } from './feed.ts';
import { type JsonPath, parseJsonPath, valueAt } from './json-path.ts';
import type { PayloadOf } from './messages.ts';
import { compileTemplate, type Fill, placeholdersOf, type ValueOf } from './template.ts';

export type ReadText = (text: string, device: Device) => IncomingFrame;
/** Calls back with the id of each event that a text delivers; false if it delivers none. */
export type ReadPushes = (text: string, onEvent: (eventId: string) => void) => boolean;

/** Id of message n: as in the reference stack, so that an answer finds its message by number. */
const idOf = (sequence: number): string => sequence.toString(36);

interface Outgoing {
  sequence: number;
  device: Device;
}

const values = {
  id: ({ sequence }) => idOf(sequence),
  user: ({ device }) => device.user.id,
  tab: ({ device }) => tabOf(device),
  sequence: ({ sequence }) => String(sequence),
} satisfies Record<string, Fill<Outgoing>>;

/** What a message may name, beside the columns of a feed. */
export const messagePlaceholders: readonly string[] = Object.keys(values);

/** Placeholders of a text that are neither among these nor of the feed. */
export const unknownPlaceholders = (template: string, known: readonly string[], feed: Feed): string[] =>
  placeholdersOf(template).filter((name) => !known.includes(name) && !feedPlaceholders(feed).includes(name));

export function payloadWriter({ message, mix, feed }: CustomProtocol, hooks: FleetHooks): PayloadOf {
  const build = hooks.buildMessage?.bind(hooks);
  if (build)
    return (sequence, { user }) => {
      const outgoing: OutgoingMessage = { id: idOf(sequence), sequence, user: user.id, feed: rowOf(feed, user.index) };
      return Buffer.from(build(outgoing));
    };
  const fillOf: ValueOf<Outgoing> = (name) => {
    if (Object.hasOwn(values, name)) return values[name as keyof typeof values];
    const column = feedColumn(name, feed);
    return column === null ? undefined : ({ device }) => rowOf(feed, device.user.index)[column] ?? '';
  };
  const fill = compileTemplate(message, fillOf);
  if (mix === undefined) return (sequence, device) => Buffer.from(fill({ sequence, device }));
  const fills = [fill, ...mix.also.map((text) => compileTemplate(text, fillOf))];
  return (sequence, device, route) => Buffer.from((fills[route] ?? fill)({ sequence, device }));
}

export function answerReader({ answer }: CustomProtocol, hooks: FleetHooks): ReadText {
  const hook = hooks.readFrame?.bind(hooks);
  if (hook) return (text, device) => hook(text, { user: device.user.id });
  return matcherOf(answer);
}

function matcherOf(answer: AnswerMatch): ReadText {
  switch (answer.kind) {
    case 'next':
      return () => ({ kind: 'answer', id: null });
    case 'jsonPath': {
      const path = parseJsonPath(answer.path) ?? [];
      return (text) => byPath(text, path);
    }
    case 'regexp': {
      const pattern = new RegExp(answer.source);
      return (text) => {
        const match = pattern.exec(text);
        return match === null ? { kind: 'other', type: 'unmatched' } : { kind: 'answer', id: match[1] ?? null };
      };
    }
  }
}

function byPath(text: string, path: JsonPath): IncomingFrame {
  const value = jsonOf(text);
  if (value === notJson) return { kind: 'other', type: 'not JSON' };
  const id = valueAt(value, path);
  return typeof id === 'string' || typeof id === 'number'
    ? { kind: 'answer', id: String(id) }
    : { kind: 'other', type: 'unmatched' };
}

/**
 * Which events a text delivers. `prefix`: the beginning of every event id of the run; a text without it is not looked at any further, and what the matcher
 * finds without one is of something else.
 */
export function pushReader(push: PushMatch, prefix: string): ReadPushes {
  const id = new RegExp(`${prefix.replaceAll('.', '\\.')}[\\w-]+`, 'g');
  const placesOf = eventPlaces(push);
  return (text, onEvent) => {
    if (!text.includes(prefix)) return false;
    // The same id may stand in several places of one push.
    const ids = new Set<string>();
    for (const place of placesOf(text)) for (const [found] of place.matchAll(id)) ids.add(found);
    for (const each of ids) onEvent(each);
    return ids.size > 0;
  };
}

/** The parts of a text in which ids count. */
function eventPlaces(push: PushMatch): (text: string) => string[] {
  switch (push.kind) {
    case 'anywhere':
      return (text) => [text];
    case 'jsonPath': {
      const path = parseJsonPath(push.path) ?? [];
      return (text) => {
        const value = valueAt(jsonOf(text), path);
        return (Array.isArray(value) ? value : [value]).filter((id) => typeof id === 'string');
      };
    }
    case 'regexp': {
      const pattern = new RegExp(push.source, 'g');
      return (text) => [...text.matchAll(pattern)].map(([, id = '']) => id);
    }
  }
}

const notJson = Symbol('not JSON');
let lastText = '';
let lastValue: unknown = notJson;

/** A text is asked about twice where both answers and pushes are found by a path: it is parsed once. */
function jsonOf(text: string): unknown {
  if (text === lastText) return lastValue;
  lastText = text;
  try {
    lastValue = JSON.parse(text);
  } catch {
    lastValue = notJson;
  }
  return lastValue;
}

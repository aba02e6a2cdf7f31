/** Messages and answers of a target that is not the reference stack: via a template and a matcher, or via the user's hooks. */
import type { FleetHooks, IncomingFrame, OutgoingMessage } from '../../hooks.ts';
import type { Device } from '../connections/device.ts';
import type { AnswerMatch, CustomProtocol } from '../fleet/fleet-spec.ts';
import { type JsonPath, parseJsonPath, valueAt } from './json-path.ts';
import type { PayloadOf } from './messages.ts';

export type ReadText = (text: string, device: Device) => IncomingFrame;

/** Id of message n: as in the reference stack, so that an answer finds its message by number. */
const idOf = (sequence: number): string => sequence.toString(36);

const placeholder = /\$\{([\w.]+)\}/g;

/** Unknown placeholders of a template; `columns` are those of the feed. */
export function unknownPlaceholders(template: string, columns: readonly string[]): string[] {
  const known = ['id', 'user', 'sequence', ...columns.map((column) => `feed.${column}`)];
  return [...template.matchAll(placeholder)].map(([, name = '']) => name).filter((name) => !known.includes(name));
}

export function payloadWriter(protocol: CustomProtocol, hooks: FleetHooks): PayloadOf {
  const { feed, message } = protocol;
  const build = hooks.buildMessage?.bind(hooks) ?? ((outgoing: OutgoingMessage) => fill(message, outgoing));
  return (sequence, device) => {
    const row = feed[device.index % Math.max(1, feed.length)] ?? {};
    return Buffer.from(build({ id: idOf(sequence), sequence, user: device.user.id, feed: row }));
  };
}

/** The template with its placeholders filled in. */
function fill(template: string, { id, sequence, user, feed }: OutgoingMessage): string {
  return template.replace(placeholder, (whole, name: string) => {
    if (name === 'id') return id;
    if (name === 'user') return user;
    if (name === 'sequence') return String(sequence);
    return name.startsWith('feed.') ? (feed[name.slice('feed.'.length)] ?? whole) : whole;
  });
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
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { kind: 'other', type: 'not JSON' };
  }
  const id = valueAt(value, path);
  return typeof id === 'string' || typeof id === 'number'
    ? { kind: 'answer', id: String(id) }
    : { kind: 'other', type: 'unmatched' };
}

/** Messages of a client, as specified in docs/reference/protocol.md. */
import { identifierRule, isIdentifier } from './text/identifier.ts';
import { isNestedWithin, maxJsonLevels, memberText } from './text/json-text.ts';

const channelPattern = /^[A-Za-z0-9._~-]{1,128}$/;
const maxIdLength = 128;

export type ErrorCode =
  | 'unknownAction'
  | 'badRequest'
  | 'forbidden'
  | 'rateExceeded'
  | 'tooManyRecipients'
  | 'tooManySubscriptions';

export type ClientMessage =
  | { action: 'ping'; id: string }
  | { action: 'subscribe'; id: string; channel: string }
  /** `bodyJson` is the body as it was sent, to the byte. */
  | { action: 'publish'; id: string; channel: string; bodyJson: string }
  | { action: 'error'; id: string | undefined; code: ErrorCode; message: string };

/** Reads a text frame. An invalid one becomes an `error`, to be sent to the client. */
export function readClientMessage(text: string | undefined): ClientMessage {
  const sent = parseObject(text);
  if (sent === undefined) {
    return { action: 'error', id: undefined, code: 'unknownAction', message: 'A message is one JSON object.' };
  }
  const { action, id, channel } = sent;
  const knownId = isIdentifier(id, maxIdLength) ? id : undefined;
  const badRequest = (message: string): ClientMessage => ({
    action: 'error',
    id: knownId,
    code: 'badRequest',
    message,
  });
  if (!isNestedWithin(text ?? '', maxJsonLevels)) {
    return badRequest(`The message is nested more than ${maxJsonLevels} levels deep.`);
  }
  if (action !== 'ping' && action !== 'subscribe' && action !== 'publish') {
    return {
      action: 'error',
      id: knownId,
      code: 'unknownAction',
      message: 'The action must be ping, subscribe or publish.',
    };
  }
  if (knownId === undefined) return badRequest(`The id ${identifierRule(maxIdLength)}`);
  if (action === 'ping') return { action, id: knownId };
  if (typeof channel !== 'string' || !channelPattern.test(channel)) {
    return badRequest('The channel must be 1 to 128 characters of A-Z a-z 0-9 . _ ~ -.');
  }
  if (action === 'subscribe') return { action, id: knownId, channel };
  const bodyJson = memberText(text ?? '', 'body');
  if (bodyJson === undefined) return badRequest('The body is missing. It may be any JSON, including null.');
  return { action, id: knownId, channel, bodyJson };
}

function parseObject(text: string | undefined): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

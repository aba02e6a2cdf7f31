/** Answers one message of a client. */

import { type Caller, type ChannelRules, recipientsCap, refusalOf } from './channels/channel-guard.ts';
import { type ClientMessage, readClientMessage } from './client-message.ts';
import { type AudienceDependencies, pushToAudience } from './pushing/push-to-audience.ts';

/** A connection that closes has to be taken off each channel by one invocation. */
const maxSubscriptions = 100;

export interface MessageDependencies extends Omit<AudienceDependencies, 'slots'> {
  rules: ChannelRules;
}

/** The frame to answer with. A ping is answered without calling anything, and so is what the caller may not do. */
export async function answerMessage(
  text: string | undefined,
  caller: Caller,
  dependencies: MessageDependencies,
): Promise<string> {
  const message = readClientMessage(text);
  if (message.action === 'subscribe' || message.action === 'publish') {
    const refusal = refusalOf(message, caller, dependencies.rules);
    if (refusal !== null) return errorFrame({ id: message.id, ...refusal });
  }
  switch (message.action) {
    case 'ping':
      return JSON.stringify({ type: 'pong', id: message.id });
    case 'subscribe':
      return subscribe(message, caller, dependencies);
    case 'publish':
      return publish(message, recipientsCap(caller, dependencies.rules), dependencies);
    case 'error':
      return errorFrame(message);
  }
}

async function subscribe(
  { id, channel }: Extract<ClientMessage, { action: 'subscribe' }>,
  { connectionId }: Caller,
  { store }: MessageDependencies,
): Promise<string> {
  if ((await store.subscribe(connectionId, channel, maxSubscriptions)) === 'tooMany') {
    const message = `A connection may subscribe to ${maxSubscriptions} channels: open another one for more.`;
    return errorFrame({ id, code: 'tooManySubscriptions', message });
  }
  return JSON.stringify({ type: 'subscribed', id, channel });
}

/** Whoever is not reached while there is time counts as failed. */
async function publish(
  { id, channel, bodyJson }: Extract<ClientMessage, { action: 'publish' }>,
  maxRecipients: number,
  dependencies: MessageDependencies,
): Promise<string> {
  // Never longer than the message that was sent, and so within API Gateway's limit.
  const frame = `${JSON.stringify({ type: 'message', id, channel }).slice(0, -1)},"body":${bodyJson}}`;
  const audience = { kind: 'channel', channel } as const;
  // One more than the cap tells that there are too many: a larger channel is not read to its end.
  const subscribers = await dependencies.store.recipientsOf(audience, maxRecipients + 1);
  if (subscribers.length > maxRecipients) {
    const message = `The channel has more than the ${maxRecipients} subscribers that one publish may reach: nobody was sent it.`;
    return errorFrame({ id, code: 'tooManyRecipients', message });
  }
  const reaches = await pushToAudience(audience, subscribers, frame, dependencies);
  const recipients = reaches.filter(({ kind }) => kind === 'sent').length;
  const gone = reaches.filter(({ kind }) => kind === 'gone').length;
  return JSON.stringify({ type: 'published', id, channel, recipients, failed: reaches.length - recipients - gone });
}

function errorFrame({ id, code, message }: Omit<Extract<ClientMessage, { action: 'error' }>, 'action'>): string {
  return JSON.stringify({ type: 'error', ...(id !== undefined && { id }), code, message });
}

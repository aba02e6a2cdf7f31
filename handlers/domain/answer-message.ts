/** Answers one message of a client. */

import { type Caller, type ChannelRules, recipientsCap, refusalOf } from './channels/channel-guard.ts';
import { type ClientMessage, readClientMessage } from './client-message.ts';
import type { ConnectionStore } from './connection-store.ts';
import { fanOut } from './fan-out.ts';
import { type PushDependencies, pushFrame } from './push.ts';

/** Concurrent pushes of one publish. At 10 ms a push this is 6,400 recipients a second. */
const pushLimit = 64;

export interface MessageDependencies extends PushDependencies {
  store: ConnectionStore;
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
      await dependencies.store.subscribe(caller.connectionId, message.channel);
      return JSON.stringify({ type: 'subscribed', id: message.id, channel: message.channel });
    case 'publish':
      return publish(message, recipientsCap(caller, dependencies.rules), dependencies);
    case 'error':
      return errorFrame(message);
  }
}

async function publish(
  { id, channel, bodyJson }: Extract<ClientMessage, { action: 'publish' }>,
  maxRecipients: number,
  dependencies: MessageDependencies,
): Promise<string> {
  // Never longer than the message that was sent, and so within API Gateway's limit.
  const frame = `${JSON.stringify({ type: 'message', id, channel }).slice(0, -1)},"body":${bodyJson}}`;
  const { store } = dependencies;
  // One more than the cap tells that there are too many: a larger channel is not read to its end.
  const subscribers = await store.subscribersOf(channel, maxRecipients + 1);
  if (subscribers.length > maxRecipients) {
    const message = `The channel has more than the ${maxRecipients} subscribers that one publish may reach: nobody was sent it.`;
    return errorFrame({ id, code: 'tooManyRecipients', message });
  }
  const outcomes = await fanOut(subscribers, pushLimit, async (subscriber) => {
    const outcome = await pushFrame(subscriber, frame, dependencies);
    // A leftover row costs one more push and is removed then: no reason to keep the message from the others.
    if (outcome.kind === 'gone') await store.unsubscribe(subscriber, channel).catch(() => {});
    return outcome.kind;
  });
  return JSON.stringify({
    type: 'published',
    id,
    channel,
    recipients: outcomes.filter((kind) => kind === 'sent').length,
    failed: outcomes.filter((kind) => kind === 'throttled' || kind === 'failed').length,
  });
}

function errorFrame({ id, code, message }: Omit<Extract<ClientMessage, { action: 'error' }>, 'action'>): string {
  return JSON.stringify({ type: 'error', ...(id !== undefined && { id }), code, message });
}

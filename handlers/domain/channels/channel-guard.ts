/** Whether a client may send a message that uses a channel. Costs no call: everything is in the event or in memory. */
import type { ClientMessage, ErrorCode } from '../client-message.ts';
import { allows, type Permissions } from './permissions.ts';
import type { RateCap, UserRates } from './user-rates.ts';

/** Who sent a message, as the authorizer said. */
export interface Caller {
  connectionId: string;
  userId: string;
  permissions: Permissions;
}

export interface ChannelRules {
  rates: UserRates;
  /** Of a user whose token names no cap. */
  rateCap: RateCap;
  /** Largest channel that one publish may reach, for a user whose token names no cap. */
  maxRecipients: number;
  /** Milliseconds since the epoch, against the token's expiry. */
  nowMs: () => number;
  /** Milliseconds, monotonic. */
  monotonicMs: () => number;
}

export interface Refusal {
  code: ErrorCode;
  message: string;
}

/** Why a subscription or a publish is refused; null if it is allowed. A refused one counts against the rate as well. */
export function refusalOf(
  { action, channel }: Extract<ClientMessage, { channel: string }>,
  { userId, permissions }: Caller,
  { rates, rateCap, nowMs, monotonicMs }: ChannelRules,
): Refusal | null {
  const messagesPerSecond = permissions.messagesPerSecond ?? rateCap.messagesPerSecond;
  if (!rates.take(userId, { ...rateCap, messagesPerSecond }, monotonicMs())) {
    return {
      code: 'rateExceeded',
      message: `A user may publish and subscribe ${messagesPerSecond} times a second: wait, then send it again.`,
    };
  }
  if (permissions.expiresAtSeconds * 1_000 <= nowMs()) {
    return { code: 'forbidden', message: 'The token of this connection has expired: connect again with a new one.' };
  }
  if (allows(permissions[action], channel)) return null;
  const what = action === 'publish' ? 'publish on' : 'subscribe to';
  return { code: 'forbidden', message: `The token does not allow to ${what} this channel.` };
}

/** The largest channel that a publish of this user may reach. */
export const recipientsCap = ({ permissions }: Caller, { maxRecipients }: ChannelRules): number =>
  permissions.recipients ?? maxRecipients;

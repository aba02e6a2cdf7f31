/** Types of a user's hooks: the module named by `hooks` in a fleet step exports some of these functions. */

/** A message that is about to be sent. */
export interface OutgoingMessage {
  /** Unique in its fleet; an answer that names it ends the message. */
  id: string;
  /** 0, 1, 2, … in the fleet. */
  sequence: number;
  /** The user whose connection sends it. */
  user: string;
  /** The row of the feed that belongs to the connection; empty without a feed. */
  feed: Readonly<Record<string, string>>;
}

/** A text message from the target, as the hook understands it. */
export type IncomingFrame =
  /** Answers the message with this id; null: the oldest message of the connection that has no answer. */
  | { kind: 'answer'; id: string | null }
  /** Delivers a webhook's event. */
  | { kind: 'event'; eventId: string }
  /** Refuses the message with this id; null: the only one in flight. */
  | { kind: 'error'; id: string | null; code: string }
  /** Anything else: counted by its type. */
  | { kind: 'other'; type: string };

/** Both run in the fleet's event loop, on the measured path: keep them short and do not block. */
export interface FleetHooks {
  buildMessage?(message: OutgoingMessage): string;
  readFrame?(text: string, connection: { user: string }): IncomingFrame;
}

/**
 * Which events have been delivered or are being delivered, so that an event received twice is pushed once.
 *
 * A claim is a lease. While it lasts, another queue message with the same event may be dropped: the claimant's own message stays in the
 * queue until the event is done or the message is a dead letter, so the event cannot be lost with it. The *same* message arriving again
 * (SQS delivers at least once) must not be dropped, because deleting it would delete the only copy. If an environment dies
 * midway, the lease expires before the message is visible again (visibility timeout ≥ 6 × function timeout), and is taken over.
 */
export type Claim =
  /** This message may deliver the event now, except to the connections that an earlier attempt has reached. */
  | { kind: 'claimed'; pushedTo: ReadonlySet<string> }
  /** Delivered, or found offline, before. */
  | { kind: 'done' }
  /** Another message is being processed for it. */
  | { kind: 'heldByOther' }
  /** An earlier receipt of this message is being processed. */
  | { kind: 'heldBySame' };

export interface EventClaims {
  claim(eventId: string, messageId: string): Promise<Claim>;
  /** The event is done: it is remembered for the event TTL. */
  complete(eventId: string): Promise<void>;
  /** Releases the claim before its lease ends, and records who has been reached. Does nothing if the claim was lost meanwhile. */
  release(eventId: string, messageId: string, pushedTo: readonly string[]): Promise<void>;
}

/** Event claims in PostgreSQL (schema.ts). An event costs two statements: claim and complete. Only a duplicate costs a read. */
import type { Claim, EventClaims } from '../../domain/event-claims.ts';
import { type PostgresCall, textsOf } from './postgres-call.ts';

interface PostgresEventClaimsOptions {
  call: PostgresCall;
  /** How long a finished event is remembered. */
  eventTtlSeconds: number;
  /** How long a claim holds: longer than the function can run, shorter than the queue's visibility timeout. */
  leaseMs: number;
  /** Milliseconds since the epoch. */
  nowMs: () => number;
}

export class PostgresEventClaims implements EventClaims {
  readonly #options: PostgresEventClaimsOptions;

  constructor(options: PostgresEventClaimsOptions) {
    this.#options = options;
  }

  async claim(eventId: string, messageId: string): Promise<Claim> {
    const { call, leaseMs, nowMs } = this.#options;
    const now = nowMs();
    const [taken] = await call(
      `insert into event_claims as held (event_id, phase, message_id, lease_until, pushed_to, expires_at)
       values ($1, 'claimed', $2, $3, '{}', $4)
       on conflict (event_id) do update set
         phase = 'claimed', message_id = excluded.message_id, lease_until = excluded.lease_until, done_at = null,
         expires_at = excluded.expires_at
       where held.expires_at <= $5 or (held.phase = 'claimed' and held.lease_until <= $6)
       returning pushed_to`,
      [eventId, messageId, now + leaseMs, this.#expiresAt(now), Math.floor(now / 1_000), now],
    );
    return taken ? { kind: 'claimed', pushedTo: new Set(textsOf(taken.pushed_to)) } : this.#holder(eventId, messageId);
  }

  async complete(eventId: string): Promise<void> {
    const now = this.#options.nowMs();
    await this.#options.call(
      `insert into event_claims (event_id, phase, lease_until, pushed_to, done_at, expires_at) values ($1, 'done', 0, '{}', $2, $3)
       on conflict (event_id) do update set
         phase = 'done', message_id = null, lease_until = 0, pushed_to = '{}', done_at = excluded.done_at, expires_at = excluded.expires_at`,
      [eventId, now, this.#expiresAt(now)],
    );
  }

  async release(eventId: string, messageId: string, pushedTo: readonly string[]): Promise<void> {
    // Without a row, the lease has expired and another message has claimed the event.
    await this.#options.call(
      `update event_claims set lease_until = 0, pushed_to = case when cardinality($3::text[]) > 0 then $3::text[] else pushed_to end
       where event_id = $1 and message_id = $2 and phase = 'claimed'`,
      [eventId, messageId, [...new Set(pushedTo)]],
    );
  }

  /** The holder of an event that could not be claimed. */
  async #holder(eventId: string, messageId: string): Promise<Claim> {
    const [row] = await this.#options.call('select phase, message_id from event_claims where event_id = $1', [eventId]);
    if (row?.phase === 'done') return { kind: 'done' };
    // A row deleted meanwhile holds nothing: the safe answer is the one that leads to another attempt.
    return row === undefined || row.message_id === messageId ? { kind: 'heldBySame' } : { kind: 'heldByOther' };
  }

  #expiresAt(nowMs: number): number {
    return Math.floor(nowMs / 1_000) + this.#options.eventTtlSeconds;
  }
}

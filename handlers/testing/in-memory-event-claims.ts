/** Working event claims for tests, with the same behaviour as the ones in DynamoDB (event-claims.conformance.ts). */
import type { Claim, EventClaims } from '../domain/event-claims.ts';

interface InMemoryOptions {
  eventTtlSeconds: number;
  leaseMs: number;
  /** Milliseconds since the epoch. */
  nowMs: () => number;
}

type Row = { expiresAtMs: number } & (
  | { phase: 'done' }
  | { phase: 'claimed'; messageId: string; leaseUntilMs: number; pushedTo: readonly string[] }
);

export class InMemoryEventClaims implements EventClaims {
  readonly #options: InMemoryOptions;
  readonly #rows = new Map<string, Row>();

  constructor(options: InMemoryOptions) {
    this.#options = options;
  }

  async claim(eventId: string, messageId: string): Promise<Claim> {
    const nowMs = this.#options.nowMs();
    const row = this.#rows.get(eventId);
    if (row !== undefined && row.expiresAtMs > nowMs) {
      if (row.phase === 'done') return { kind: 'done' };
      if (row.leaseUntilMs > nowMs) {
        return row.messageId === messageId ? { kind: 'heldBySame' } : { kind: 'heldByOther' };
      }
    }
    const pushedTo = row?.phase === 'claimed' ? row.pushedTo : [];
    const leaseUntilMs = nowMs + this.#options.leaseMs;
    this.#rows.set(eventId, { phase: 'claimed', messageId, leaseUntilMs, pushedTo, expiresAtMs: this.#expiry() });
    return { kind: 'claimed', pushedTo: new Set(pushedTo) };
  }

  async complete(eventId: string): Promise<void> {
    this.#rows.set(eventId, { phase: 'done', expiresAtMs: this.#expiry() });
  }

  async release(eventId: string, messageId: string, pushedTo: readonly string[]): Promise<void> {
    const row = this.#rows.get(eventId);
    if (row?.phase !== 'claimed' || row.messageId !== messageId) return;
    this.#rows.set(eventId, { ...row, leaseUntilMs: 0, pushedTo: pushedTo.length > 0 ? pushedTo : row.pushedTo });
  }

  #expiry(): number {
    return this.#options.nowMs() + this.#options.eventTtlSeconds * 1_000;
  }
}

/** A working connection store for tests, with the same behaviour as the one in DynamoDB (connection-store.conformance.ts). */
import type { Audience, ConnectionStore, Recipient } from '../domain/connection-store.ts';

interface InMemoryOptions {
  ttlSeconds: number;
  /** Milliseconds since the epoch. */
  nowMs: () => number;
}

type Row = Recipient & { expiresAtSeconds: number };

export class InMemoryConnectionStore implements ConnectionStore {
  readonly #options: InMemoryOptions;
  /** Audience → connection → its row. */
  readonly #rows = new Map<string, Map<string, Row>>();
  /** Connection → its channels. */
  readonly #channels = new Map<string, Set<string>>();

  constructor(options: InMemoryOptions) {
    this.#options = options;
  }

  async addConnection(userId: string, connectionId: string): Promise<void> {
    this.#put({ kind: 'user', userId }, connectionId, this.#options.nowMs());
  }

  async recipientsOf(audience: Audience, atMost?: number): Promise<Recipient[]> {
    return [...this.#of(audience).values()]
      .filter((row) => this.#lasts(row))
      .map(({ connectionId, listedAtMs, doubtedAtMs }) => ({ connectionId, listedAtMs, doubtedAtMs }))
      .toSorted((a, b) => (a.connectionId < b.connectionId ? -1 : 1))
      .slice(0, atMost);
  }

  async isListed(audience: Audience, connectionId: string): Promise<boolean> {
    const row = this.#of(audience).get(connectionId);
    return row !== undefined && this.#lasts(row);
  }

  async doubt(audience: Audience, connectionId: string): Promise<void> {
    const row = this.#of(audience).get(connectionId);
    if (row) row.doubtedAtMs = this.#options.nowMs();
  }

  async trust(audience: Audience, connectionId: string): Promise<void> {
    const row = this.#of(audience).get(connectionId);
    if (row) row.doubtedAtMs = null;
  }

  async unlist(audience: Audience, connectionId: string): Promise<void> {
    this.#of(audience).delete(connectionId);
    if (audience.kind === 'channel') this.#channels.get(connectionId)?.delete(audience.channel);
  }

  async subscribe(connectionId: string, channel: string, atMost: number): Promise<'subscribed' | 'tooMany'> {
    const channels = this.#channels.get(connectionId) ?? new Set();
    if (!channels.has(channel) && channels.size >= atMost) return 'tooMany';
    this.#channels.set(connectionId, channels.add(channel));
    this.#put({ kind: 'channel', channel }, connectionId, null);
    return 'subscribed';
  }

  async unsubscribeAll(connectionId: string): Promise<number> {
    for (const channel of this.#channels.get(connectionId) ?? []) {
      await this.unlist({ kind: 'channel', channel }, connectionId);
    }
    this.#channels.delete(connectionId);
    return 0;
  }

  #of(audience: Audience): Map<string, Row> {
    const name = audience.kind === 'user' ? `user ${audience.userId}` : `channel ${audience.channel}`;
    const rows = this.#rows.get(name) ?? new Map<string, Row>();
    this.#rows.set(name, rows);
    return rows;
  }

  #put(audience: Audience, connectionId: string, listedAtMs: number | null): void {
    const expiresAtSeconds = this.#nowSeconds() + this.#options.ttlSeconds;
    this.#of(audience).set(connectionId, { connectionId, listedAtMs, doubtedAtMs: null, expiresAtSeconds });
  }

  #lasts({ expiresAtSeconds }: Row): boolean {
    return expiresAtSeconds > this.#nowSeconds();
  }

  #nowSeconds(): number {
    return Math.floor(this.#options.nowMs() / 1_000);
  }
}

/** A working connection store for tests, with the same behaviour as the one in DynamoDB (connection-store.conformance.ts). */
import type { ConnectionStore } from '../domain/connection-store.ts';

interface InMemoryOptions {
  ttlSeconds: number;
  /** Milliseconds since the epoch. */
  nowMs: () => number;
}

export class InMemoryConnectionStore implements ConnectionStore {
  readonly #options: InMemoryOptions;
  /** Partition → member → second of its expiry. */
  readonly #partitions = new Map<string, Map<string, number>>();

  constructor(options: InMemoryOptions) {
    this.#options = options;
  }

  async addConnection(userId: string, connectionId: string): Promise<void> {
    this.#add(`user ${userId}`, connectionId);
  }

  async connectionsOf(userId: string): Promise<string[]> {
    return this.#members(`user ${userId}`);
  }

  async removeConnection(userId: string, connectionId: string): Promise<void> {
    this.#partitions.get(`user ${userId}`)?.delete(connectionId);
  }

  async subscribe(connectionId: string, channel: string): Promise<void> {
    this.#add(`channel ${channel}`, connectionId);
    this.#add(`connection ${connectionId}`, channel);
  }

  async subscribersOf(channel: string, atMost?: number): Promise<string[]> {
    return this.#members(`channel ${channel}`).slice(0, atMost);
  }

  async unsubscribe(connectionId: string, channel: string): Promise<void> {
    this.#partitions.get(`channel ${channel}`)?.delete(connectionId);
    this.#partitions.get(`connection ${connectionId}`)?.delete(channel);
  }

  async unsubscribeAll(connectionId: string): Promise<void> {
    for (const channel of this.#members(`connection ${connectionId}`)) await this.unsubscribe(connectionId, channel);
  }

  #nowSeconds(): number {
    return Math.floor(this.#options.nowMs() / 1_000);
  }

  #add(partition: string, member: string): void {
    const members = this.#partitions.get(partition) ?? new Map<string, number>();
    this.#partitions.set(partition, members.set(member, this.#nowSeconds() + this.#options.ttlSeconds));
  }

  #members(partition: string): string[] {
    const now = this.#nowSeconds();
    return [...(this.#partitions.get(partition) ?? [])]
      .filter(([, expiresAt]) => expiresAt > now)
      .map(([member]) => member)
      .toSorted();
  }
}

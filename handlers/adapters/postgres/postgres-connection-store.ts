/** The connection store in PostgreSQL, by the tables of schema.ts: a statement for each operation, and one more for each further page of a read. */
import type { Audience, ConnectionStore, Recipient } from '../../domain/connection-store.ts';
import { millisecondsOf, type PostgresCall, type Row } from './postgres-call.ts';

interface PostgresConnectionStoreOptions {
  call: PostgresCall;
  ttlSeconds: number;
  /** Milliseconds since the epoch. */
  nowMs: () => number;
  /** Recipients that are read at a time; by default {@link pageRows}. */
  rowsPerPage?: number;
}

/** A page of the largest audience is half a megabyte, and takes milliseconds. */
const pageRows = 5_000;

/** Names of an audience's table and of the column that holds whose it is. Never anything that a caller says. */
const placeOf = (audience: Audience) =>
  audience.kind === 'user'
    ? ({ table: 'connections', owner: 'user_id', key: audience.userId, listedAt: 'listed_at' } as const)
    : ({ table: 'subscriptions', owner: 'channel', key: audience.channel, listedAt: 'null' } as const);

export class PostgresConnectionStore implements ConnectionStore {
  readonly #call: PostgresCall;
  readonly #ttlSeconds: number;
  readonly #nowMs: () => number;
  readonly #rowsPerPage: number;

  constructor({ call, ttlSeconds, nowMs, rowsPerPage = pageRows }: PostgresConnectionStoreOptions) {
    this.#call = call;
    this.#ttlSeconds = ttlSeconds;
    this.#nowMs = nowMs;
    this.#rowsPerPage = rowsPerPage;
  }

  async addConnection(userId: string, connectionId: string): Promise<void> {
    await this.#call(
      `insert into connections (user_id, connection_id, listed_at, expires_at) values ($1, $2, $3, $4)
       on conflict (user_id, connection_id) do update set listed_at = excluded.listed_at, doubted_at = null, expires_at = excluded.expires_at`,
      [userId, connectionId, this.#nowMs(), this.#expiresAt()],
    );
  }

  async recipientsOf(audience: Audience, atMost = Number.POSITIVE_INFINITY): Promise<Recipient[]> {
    const { table, owner, key, listedAt } = placeOf(audience);
    const found: Recipient[] = [];
    let after = '';
    while (found.length < atMost) {
      const limit = Math.min(this.#rowsPerPage, atMost - found.length);
      const page = await this.#call(
        `select connection_id, ${listedAt} as listed_at, doubted_at from ${table}
         where ${owner} = $1 and connection_id > $2 and expires_at > $3 order by connection_id limit $4`,
        [key, after, this.#nowSeconds(), limit],
      );
      for (const row of page) found.push(recipientOf(row));
      if (page.length < limit) break;
      after = found.at(-1)?.connectionId ?? '';
    }
    return found;
  }

  async isListed(audience: Audience, connectionId: string): Promise<boolean> {
    const { table, owner, key } = placeOf(audience);
    const rows = await this.#call(
      `select 1 from ${table} where ${owner} = $1 and connection_id = $2 and expires_at > $3`,
      [key, connectionId, this.#nowSeconds()],
    );
    return rows.length > 0;
  }

  async doubt(audience: Audience, connectionId: string): Promise<void> {
    await this.#setDoubt(audience, connectionId, this.#nowMs());
  }

  async trust(audience: Audience, connectionId: string): Promise<void> {
    await this.#setDoubt(audience, connectionId, null);
  }

  async unlist(audience: Audience, connectionId: string): Promise<void> {
    if (audience.kind === 'user') {
      await this.#call('delete from connections where user_id = $1 and connection_id = $2', [
        audience.userId,
        connectionId,
      ]);
      return;
    }
    await this.#call(
      `with inverse as (
         update connection_channels set channels = array_remove(channels, $1) where connection_id = $2 and $1 = any(channels))
       delete from subscriptions where channel = $1 and connection_id = $2`,
      [audience.channel, connectionId],
    );
  }

  async subscribe(connectionId: string, channel: string, atMost: number): Promise<'subscribed' | 'tooMany'> {
    // The row of the inverse is locked by its update, so that subscriptions of one connection are counted one after the other.
    const rows = await this.#call(
      `with inverse as (
         insert into connection_channels as held (connection_id, channels, expires_at)
         select $1, array[$2::text], $4 where $3 > 0
         on conflict (connection_id) do update set
           channels = case when $2 = any(held.channels) then held.channels else held.channels || $2::text end,
           expires_at = excluded.expires_at
         where $2 = any(held.channels) or cardinality(held.channels) < $3
         returning connection_id)
       insert into subscriptions (channel, connection_id, expires_at) select $2, connection_id, $4 from inverse
       on conflict (channel, connection_id) do update set doubted_at = null, expires_at = excluded.expires_at
       returning connection_id`,
      [connectionId, channel, atMost, this.#expiresAt()],
    );
    return rows.length > 0 ? 'subscribed' : 'tooMany';
  }

  /** All or none: there is nothing that is left for later. */
  async unsubscribeAll(connectionId: string): Promise<number> {
    await this.#call(
      `with inverse as (delete from connection_channels where connection_id = $1 returning channels)
       delete from subscriptions using inverse
       where subscriptions.connection_id = $1 and subscriptions.channel = any(inverse.channels)`,
      [connectionId],
    );
    return 0;
  }

  async #setDoubt(audience: Audience, connectionId: string, atMs: number | null): Promise<void> {
    const { table, owner, key } = placeOf(audience);
    await this.#call(`update ${table} set doubted_at = $3 where ${owner} = $1 and connection_id = $2`, [
      key,
      connectionId,
      atMs,
    ]);
  }

  #expiresAt(): number {
    return this.#nowSeconds() + this.#ttlSeconds;
  }

  #nowSeconds(): number {
    return Math.floor(this.#nowMs() / 1_000);
  }
}

const recipientOf = (row: Row): Recipient => ({
  connectionId: String(row.connection_id),
  listedAtMs: millisecondsOf(row.listed_at),
  doubtedAtMs: millisecondsOf(row.doubted_at),
});

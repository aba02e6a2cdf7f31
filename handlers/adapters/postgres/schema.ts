/**
 * The tables of the connection store in PostgreSQL, as migrations: each is applied once, in order, and never changed afterwards.
 *
 *     connections          a connection of a user: listed_at, and doubted_at after pushes found it gone (ms since the epoch)
 *     subscriptions        a subscriber of a channel: doubted_at
 *     connection_channels  the inverse: the channels of a connection, which is what to remove when it closes
 *     event_claims         phase (claimed | done), message_id, lease_until and done_at (ms since the epoch), pushed_to
 *     recent_events        an event that is kept for clients: kept_at (ms since the epoch), frame
 *     rollout_stage        the stage of the rollout, in its one row: share, is_off
 *
 * Every row but the last has expires_at (seconds since the epoch). Expired rows are deleted on a schedule (expiry.ts), so reads filter them out. Ids are compared by
 * their bytes, as DynamoDB does.
 */
export interface Migration {
  version: number;
  statements: readonly string[];
}

const id = 'text collate "C" not null';

export const migrations: readonly Migration[] = [
  {
    version: 1,
    statements: [
      `create table connections (
         user_id ${id}, connection_id ${id}, listed_at bigint not null, doubted_at bigint, expires_at bigint not null,
         primary key (user_id, connection_id))`,
      `create table subscriptions (
         channel ${id}, connection_id ${id}, doubted_at bigint, expires_at bigint not null,
         primary key (channel, connection_id))`,
      `create table connection_channels (
         connection_id ${id} primary key, channels text[] not null, expires_at bigint not null)`,
      `create table event_claims (
         event_id ${id} primary key, phase text not null, message_id text, lease_until bigint not null, pushed_to text[] not null,
         done_at bigint, expires_at bigint not null)`,
      // Of the scheduled delete.
      ...['connections', 'subscriptions', 'connection_channels', 'event_claims'].map(
        (table) => `create index ${table}_expiry on ${table} (expires_at)`,
      ),
    ],
  },
  {
    version: 2,
    statements: [
      // An event that is kept twice has two rows: a key with both ids may be too large for an index.
      `create table recent_events (
         number bigint generated always as identity primary key, user_id ${id}, kept_at bigint not null, frame text not null, expires_at bigint not null)`,
      'create index recent_events_of_user on recent_events (user_id, kept_at)',
      'create index recent_events_expiry on recent_events (expires_at)',
      'create table rollout_stage (id int primary key default 1 check (id = 1), share double precision not null, is_off boolean not null)',
      // Nobody has the connection, until somebody says so.
      'insert into rollout_stage (share, is_off) values (0, false)',
    ],
  },
];

/** With rows that expire. */
export const expiringTables = [
  ...(['connections', 'subscriptions', 'connection_channels', 'event_claims'] as const),
  'recent_events',
] as const;

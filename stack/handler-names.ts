/**
 * The files of handlers/functions/ that are deployed. `challenge` in the `direct` variant only, in place of `ingest`; `fallback` with the setting of that name;
 * the last four with the store in PostgreSQL only, and `rollout` with both.
 */
import type { FunctionRole } from './target.ts';

export type HandlerName = FunctionRole | 'challenge' | 'fallback' | PostgresHandlerName;
export type PostgresHandlerName = (typeof postgresHandlerNames)[number];

const postgresHandlerNames = ['migrate', 'expire', 'finished', 'rollout'] as const;
const commonHandlerNames = [
  'authorize',
  'connect',
  'disconnect',
  'message',
  'ingest',
  'deliver',
  'challenge',
  'fallback',
] as const satisfies readonly HandlerName[];

/** With `server` tasks do the job of all but what looks after the rows. */
export function handlerNames({
  compute,
  store,
}: {
  compute: 'lambda' | 'server';
  store: 'dynamodb' | 'postgres';
}): readonly HandlerName[] {
  const ofStore = store === 'postgres' ? postgresHandlerNames : [];
  return compute === 'server' ? ofStore : [...commonHandlerNames, ...ofStore];
}

/** The stores in the PostgreSQL that the stack names. */
import type { ClientTime } from '../aws-clients.ts';
import { callLimits } from '../call-time.ts';
import { requiredCount, requiredVariable } from '../environment.ts';
import type { MadeStores } from '../made-stores.ts';
import { iamToken } from './iam-token.ts';
import { PostgresClient } from './postgres-call.ts';
import { PostgresConnectionStore } from './postgres-connection-store.ts';
import { PostgresEventClaims } from './postgres-event-claims.ts';
import { postgresRecentEvents, postgresRolloutStages } from './postgres-recent-events.ts';

/** As often as the calls of DynamoDB: while a database restarts, the time of the call ends it, and not their number. */
const attempts = 4;

/** Of the user and its password in DATABASE_PASSWORD, or else of the role of the function or task itself. */
export function makePostgresClient({
  time,
  inSequence,
  bounds,
  credentials,
  connections = 1,
}: ClientTime & { connections?: number }): PostgresClient {
  const at = {
    host: requiredVariable('DATABASE_HOST'),
    port: requiredCount('DATABASE_PORT'),
    user: requiredVariable('DATABASE_USER'),
  };
  const password = process.env.DATABASE_PASSWORD;
  const functionBounds = () =>
    callLimits({ timeoutMs: requiredCount('FUNCTION_TIMEOUT_SECONDS') * 1_000, inSequence, attempts });
  return new PostgresClient({
    database: {
      ...at,
      database: requiredVariable('DATABASE_NAME'),
      password: password ? () => password : iamToken(at, credentials),
      // As libpq has it: a database on this machine has no certificate.
      tls: process.env.PGSSLMODE !== 'disable',
    },
    connections,
    bounds: bounds ?? functionBounds(),
    remainingMs: () => time.remainingMs,
    random: Math.random,
  });
}

export function makePostgresStores(clientTime: ClientTime & { connections?: number }): MadeStores {
  const { call } = makePostgresClient(clientTime);
  return {
    connections: ({ ttlSeconds, nowMs }) => new PostgresConnectionStore({ call, ttlSeconds, nowMs }),
    claims: (options) => new PostgresEventClaims({ call, ...options }),
    recent: (ttlSeconds) => postgresRecentEvents({ call, ttlSeconds }),
    stages: postgresRolloutStages(call),
  };
}

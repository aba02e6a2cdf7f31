/** Statements as the owner of the tables, at the instance itself. */
import type { ClientTime } from '../aws-clients.ts';
import { callLimits } from '../call-time.ts';
import { requiredCount, requiredVariable } from '../environment.ts';
import { type PostgresCall, PostgresClient } from './postgres-call.ts';

/** One statement: what it waits for is the database. */
const attempts = 1;

export function makeOwnerCall(
  { name, password }: { name: string; password: string },
  { time, inSequence }: ClientTime,
): { call: PostgresCall; close: () => Promise<void> } {
  const client = new PostgresClient({
    database: {
      host: requiredVariable('DATABASE_HOST'),
      port: requiredCount('DATABASE_PORT'),
      database: requiredVariable('DATABASE_NAME'),
      user: name,
      password: () => password,
      tls: process.env.PGSSLMODE !== 'disable',
    },
    connections: 1,
    bounds: callLimits({ timeoutMs: requiredCount('FUNCTION_TIMEOUT_SECONDS') * 1_000, inSequence, attempts }),
    remainingMs: () => time.remainingMs,
    random: Math.random,
  });
  return { call: client.call, close: () => client.close() };
}

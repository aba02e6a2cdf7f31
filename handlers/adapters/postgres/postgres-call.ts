/**
 * Statements to PostgreSQL, over few connections that are kept, repeated where that helps, and in time. A Lambda environment has one connection: it runs
 * one event at a time, and connections are what a database has few of. Nothing here outlives its statement (no prepared statements, no SET), so that a
 * proxy that lends connections by the transaction can lend them (RDS Proxy user guide, "Avoiding pinning", read November 2026).
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseError, Pool } from 'pg';
import type { CallBounds } from '../aws/aws-client.ts';

type Value = string | number | null | readonly string[];
export type Row = Readonly<Record<string, unknown>>;
/** @throws pg's DatabaseError, Node's errors of a connection, and an Error when no time is left. */
export type PostgresCall = (text: string, values?: readonly Value[]) => Promise<readonly Row[]>;

interface Database {
  /** A name, an address, or the folder of a Unix socket. */
  host: string;
  port: number;
  database: string;
  user: string;
  /** Asked for with each new connection: a token is good for minutes. */
  password: () => string;
  tls: boolean;
}

interface PostgresOptions {
  database: Database;
  /** Connections that are kept at most. */
  connections: number;
  bounds: CallBounds;
  /** What is left of the invocation, in milliseconds; may be negative. */
  remainingMs: () => number;
  /** Between 0 and 1. */
  random: () => number;
}

/** Before attempt n + 1 it waits up to this · 2^n, at random. */
const backOffMs = 50;
const longestBackOffMs = 1_000;

/**
 * What another attempt may mend: all statements here may run twice. Connections that ended or could not be made (class 08; 57P01 to 57P03: the server
 * stops, has crashed, or starts), no free connection (53300), a deadlock (40P01). Source: PostgreSQL manual, Appendix A.
 */
const retryableStates = /^(08...|57P0[123]|53300|40P01)$/;
const retryableCodes = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOENT']);

function isRetryable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  if (error instanceof DatabaseError) return code !== undefined && retryableStates.test(code);
  // pg has no codes for what it says itself: the connection ended, or took too long.
  return (code !== undefined && retryableCodes.has(code)) || /terminated|timeout|not queryable/i.test(error.message);
}

export class PostgresClient {
  readonly #options: PostgresOptions;
  readonly #pool: Pool;

  constructor(options: PostgresOptions) {
    this.#options = options;
    const { database, connections, bounds } = options;
    const { tls, ...at } = database;
    this.#pool = new Pool({
      ...at,
      ssl: tls,
      max: connections,
      // A frozen environment fires no timers: connections are kept, and found dead by the next statement, which is repeated.
      idleTimeoutMillis: 0,
      connectionTimeoutMillis: bounds.requestTimeoutMs,
      query_timeout: bounds.requestTimeoutMs,
      keepAlive: true,
      allowExitOnIdle: true,
    });
    // A connection that ended while nothing used it: the next statement makes another.
    this.#pool.on('error', () => {});
  }

  readonly call: PostgresCall = async (text, values = []) => {
    const { bounds, remainingMs, random } = this.#options;
    const endsAtMs = performance.now() + Math.min(bounds.callMs, remainingMs());
    for (let attempt = 1; ; attempt++) {
      const leftMs = endsAtMs - performance.now();
      if (leftMs <= 0) throw new Error('No time is left for this statement.');
      try {
        const statement = {
          text,
          values: [...values],
          query_timeout: Math.ceil(Math.min(bounds.requestTimeoutMs, leftMs)),
        };
        const answer: unknown = await this.#pool.query(statement);
        return rowsOf(answer);
      } catch (error) {
        const waitMs = random() * Math.min(longestBackOffMs, backOffMs * 2 ** (attempt - 1));
        if (!isRetryable(error) || performance.now() + waitMs >= endsAtMs) throw error;
        await sleep(waitMs);
      }
    }
  };

  close(): Promise<void> {
    return this.#pool.end();
  }
}

/** Several statements in one text have an answer each, which nobody asks for. */
function rowsOf(answer: unknown): readonly Row[] {
  const rows = typeof answer === 'object' && answer !== null && 'rows' in answer ? answer.rows : [];
  return Array.isArray(rows) ? rows : [];
}

/** A bigint arrives as text: pg does not lose digits of one that a number cannot hold. Null stays null. */
export const millisecondsOf = (value: unknown): number | null =>
  value === null || value === undefined ? null : Number(value);

export const textsOf = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);

/**
 * Recent events and the stage of the rollout in PostgreSQL (schema.ts): a statement more for each event, one for each page that is read, and one for the stage. What has
 * been committed is seen by whoever reads afterwards.
 */
import type { RecentEvents, RecentPage } from '../../domain/recent-events.ts';
import type { RolloutStage, RolloutStages } from '../../domain/rollout-stage.ts';
import { millisecondsOf, type PostgresCall } from './postgres-call.ts';

const pageRows = 100;

export function postgresRecentEvents({ call, ttlSeconds }: { call: PostgresCall; ttlSeconds: number }): RecentEvents {
  return {
    async keep({ owner, frame }, nowMs) {
      await call('insert into recent_events (user_id, kept_at, frame, expires_at) values ($1, $2, $3, $4)', [
        ...[owner, Math.floor(nowMs), frame],
        Math.ceil(nowMs / 1_000) + ttlSeconds,
      ]);
    },
    async since(userId, fromMs): Promise<RecentPage> {
      // One more than a page has says whether there are more.
      const found = await call(
        'select frame, kept_at from recent_events where user_id = $1 and kept_at >= $2 order by kept_at, number limit $3',
        [userId, Math.floor(fromMs), pageRows + 1],
      );
      const page = found.slice(0, pageRows).map((row) => ({
        frame: String(row.frame),
        atMs: millisecondsOf(row.kept_at) ?? 0,
      }));
      return {
        frames: page.map(({ frame }) => frame),
        keptAtMs: page.map(({ atMs }) => atMs),
        continuesAtMs: found.length > pageRows ? (page.at(-1)?.atMs ?? null) : null,
      };
    },
  };
}

export const postgresRolloutStages = (call: PostgresCall): RolloutStages => ({ read: () => readStage(call) });

async function readStage(call: PostgresCall): Promise<RolloutStage> {
  const [row] = await call('select share, is_off from rollout_stage');
  return { share: Number(row?.share ?? 0), off: row?.is_off === true };
}

/** Sets it, and says what it is now. */
export async function setRolloutStage(call: PostgresCall, { share, off }: RolloutStage): Promise<RolloutStage> {
  await call('update rollout_stage set share = $1, is_off = $2::boolean', [share, String(off)]);
  return await readStage(call);
}

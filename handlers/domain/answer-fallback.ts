/** `GET /config` and `GET /events`: what clients ask over HTTP (docs/protocol.md). */
import { authorize } from './authorize.ts';
import { overlapMs, type RecentEvents } from './recent-events.ts';
import type { RolloutStages } from './rollout-stage.ts';
import type { SecretReader } from './secret-reader.ts';

export interface FallbackRequest {
  path: string;
  /** Value of the header. */
  authorization: string | undefined;
  /** Value of the header x-after: in the URL, each read of a page of another origin would cost a preflight. */
  after: string | undefined;
}

export interface FallbackDependencies {
  stages: RolloutStages;
  recent: RecentEvents;
  /** How long events are kept. */
  recentSeconds: number;
  secret: SecretReader;
  maxTokenLifetimeSeconds: number;
  nowMs: () => number;
}

export interface FallbackAnswer {
  status: number;
  headers: Record<string, string>;
  /** JSON. */
  body: string;
}

/** A switch has to reach every client within a minute: 30 s between its reads, and what is cached on the way. */
const configSeconds = 10;

export async function answerFallback(
  request: FallbackRequest,
  dependencies: FallbackDependencies,
): Promise<FallbackAnswer> {
  if (request.path.endsWith('/config'))
    return answer(200, JSON.stringify(await dependencies.stages.read()), `public, max-age=${configSeconds}`);
  if (!request.path.endsWith('/events')) return problem(404, 'There are /config and /events.');
  return await answerEvents(request, dependencies);
}

async function answerEvents(
  { authorization, after }: FallbackRequest,
  { recent, recentSeconds, secret, maxTokenLifetimeSeconds: maxLifetimeSeconds, nowMs }: FallbackDependencies,
): Promise<FallbackAnswer> {
  const now = nowMs();
  const token = /^Bearer (.+)$/i.exec(authorization ?? '')?.[1];
  const verdict = await authorize(token, secret, { maxLifetimeSeconds, nowMs: now });
  if (verdict.kind === 'invalid') return problem(401, 'The token is missing or not accepted.');
  if (after === undefined) return events([], { resumeFrom: now - overlapMs, more: false, gap: false });
  if (!/^\d{1,15}$/.test(after)) return problem(400, 'x-after must be a time in milliseconds, as resumeFrom gave it.');
  const oldestMs = now - recentSeconds * 1_000;
  const fromMs = Math.max(Number(after), oldestMs);
  const { frames, continuesAtMs } = await recent.since(verdict.userId, fromMs);
  return events(frames, {
    resumeFrom: continuesAtMs ?? now - overlapMs,
    more: continuesAtMs !== null,
    gap: Number(after) < oldestMs,
  });
}

/** The frames are JSON as they are: digits stay what the provider sent. */
const events = (frames: readonly string[], rest: { resumeFrom: number; more: boolean; gap: boolean }): FallbackAnswer =>
  answer(200, `{"events":[${frames.join(',')}],${JSON.stringify(rest).slice(1)}`, 'no-store');

const problem = (status: number, message: string): FallbackAnswer =>
  answer(status, JSON.stringify({ message }), 'no-store');

const answer = (status: number, body: string, caching: string): FallbackAnswer => ({
  status,
  headers: { 'content-type': 'application/json', 'cache-control': caching },
  body,
});

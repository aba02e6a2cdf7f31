/** `GET /config` and `GET /events`: what clients ask over HTTP (docs/reference/protocol.md). */
import { authorize } from './authorize.ts';
import { type EventNews, overlapMs, type RecentEvents, type RecentPage } from './recent-events.ts';
import type { RolloutStages } from './rollout-stage.ts';
import type { SecretReader } from './secret-reader.ts';

export interface FallbackRequest {
  path: string;
  /** Values of headers. In the URL, each read of a page of another origin would cost a preflight. */
  authorization: string | undefined;
  after: string | undefined;
  /** For how many seconds the client would wait for more than the events that it has had from `after` on, and how many these are. */
  wait?: string | undefined;
  seen?: string | undefined;
}

export interface FallbackDependencies {
  stages: RolloutStages;
  recent: RecentEvents;
  /** How long events are kept. */
  recentSeconds: number;
  /** Null: every read is answered at once. */
  hold: Hold | null;
  secret: SecretReader;
  maxTokenLifetimeSeconds: number;
  nowMs: () => number;
}

/** How reads that find nothing new are held. */
interface Hold {
  /** At most. */
  seconds: number;
  news: EventNews;
  /** How long the request that is being answered may still be held, whatever the client would; 0 or less: it is not, or no longer. */
  leftMs: () => number;
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
  if (request.path.endsWith('/config')) return await answerConfig(dependencies);
  if (!request.path.endsWith('/events')) return problem(404, 'There are /config and /events.');
  return await answerEvents(request, dependencies);
}

async function answerConfig({ stages, hold }: FallbackDependencies): Promise<FallbackAnswer> {
  const config = { ...(await stages.read()), ...(hold !== null && { holdSeconds: hold.seconds }) };
  return answer(200, JSON.stringify(config), `public, max-age=${configSeconds}`);
}

async function answerEvents(request: FallbackRequest, dependencies: FallbackDependencies): Promise<FallbackAnswer> {
  const { authorization, after } = request;
  const { recent, recentSeconds, hold, secret, maxTokenLifetimeSeconds: maxLifetimeSeconds, nowMs } = dependencies;
  const now = nowMs();
  const token = /^Bearer (.+)$/i.exec(authorization ?? '')?.[1];
  const verdict = await authorize(token, secret, { maxLifetimeSeconds, nowMs: now });
  if (verdict.kind === 'invalid') return problem(401, 'The token is missing or not accepted.');
  const { userId } = verdict;
  if (after === undefined) {
    const resumeFrom = now - overlapMs;
    // What has come before is in what the page has loaded; whoever waits has to know how much that is.
    const page = hold === null ? null : await recent.since(userId, resumeFrom);
    return events([], { resumeFrom, more: false, gap: false, ...(page && seenIn(page, resumeFrom, resumeFrom)) });
  }
  if (!/^\d{1,15}$/.test(after)) return problem(400, 'x-after must be a time in milliseconds, as resumeFrom gave it.');
  const oldestMs = now - recentSeconds * 1_000;
  const fromMs = Math.max(Number(after), oldestMs);
  const page = await heldRead(request, { userId, fromMs }, dependencies);
  const resumeFrom = page.continuesAtMs ?? page.readAtMs - overlapMs;
  return events(page.frames, {
    resumeFrom,
    more: page.continuesAtMs !== null,
    gap: Number(after) < oldestMs,
    ...(hold !== null && seenIn(page, fromMs, resumeFrom)),
  });
}

/** Read again and again until there is more than the client has had, or its time is over. `readAtMs`: from when on the last read may have missed something. */
async function heldRead(
  { wait, seen }: FallbackRequest,
  { userId, fromMs }: { userId: string; fromMs: number },
  { recent, hold, nowMs }: FallbackDependencies,
): Promise<RecentPage & { readAtMs: number }> {
  const read = async () => {
    const readAtMs = nowMs();
    return { ...(await recent.since(userId, fromMs)), readAtMs };
  };
  const had = countOf(seen);
  const waitMs = Math.min(countOf(wait) ?? 0, hold?.seconds ?? 0) * 1_000;
  if (hold === null || had === null || waitMs === 0) return await read();
  const endsAtMs = nowMs() + waitMs;
  const leftMs = () => Math.min(endsAtMs - nowMs(), hold.leftMs());
  // Watched before it is read: what is kept in between is not overlooked.
  const watch = hold.news.watch(userId);
  try {
    let page = await read();
    while (page.continuesAtMs === null && page.frames.length <= had && leftMs() > 0) {
      await watch.within(leftMs());
      page = await read();
    }
    return page;
  } finally {
    watch.end();
  }
}

/** Null: no count. */
const countOf = (text: string | undefined): number | null =>
  text !== undefined && /^\d{1,6}$/.test(text) ? Number(text) : null;

/** How many events were kept from `resumeFrom` on; nothing where the page does not have all of these. */
const seenIn = (
  { keptAtMs, continuesAtMs }: RecentPage,
  fromMs: number,
  resumeFrom: number,
): { seen: number } | undefined =>
  continuesAtMs === null && fromMs <= resumeFrom
    ? { seen: keptAtMs.filter((atMs) => atMs >= resumeFrom).length }
    : undefined;

/** The frames are JSON as they are: digits stay what the provider sent. */
const events = (
  frames: readonly string[],
  rest: { resumeFrom: number; more: boolean; gap: boolean; seen?: number },
): FallbackAnswer => answer(200, `{"events":[${frames.join(',')}],${JSON.stringify(rest).slice(1)}`, 'no-store');

const problem = (status: number, message: string): FallbackAnswer =>
  answer(status, JSON.stringify({ message }), 'no-store');

const answer = (status: number, body: string, caching: string): FallbackAnswer => ({
  status,
  headers: { 'content-type': 'application/json', 'cache-control': caching },
  body,
});

import { SignJWT } from 'jose';
import { expect, test } from 'vitest';
import { answerFallback, type FallbackDependencies } from './answer-fallback.ts';
import { withResumeFrom } from './recent-events.ts';
import { remembered } from './rollout-stage.ts';
import { SecretReader } from './secret-reader.ts';

const nowMs = 1_800_000_000_000;
const secretText = 'secret-of-tokens';
const tokenOf = (user: string, secret = secretText) =>
  new SignJWT({})
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(user)
    .setAudience('loadline')
    .setIssuedAt(nowMs / 1_000)
    .setExpirationTime(nowMs / 1_000 + 600)
    .sign(new TextEncoder().encode(secret));

const noEvents = { frames: [], continuesAtMs: null };

/** With what was asked of the store. */
function dependencies({ frames, continuesAtMs }: { frames: string[]; continuesAtMs: number | null } = noEvents) {
  const asked: [string, number][] = [];
  const all: FallbackDependencies = {
    stages: { read: async () => ({ share: 0.2, off: false }) },
    recent: {
      keep: async () => {},
      since: async (user, fromMs) => {
        asked.push([user, fromMs]);
        return { frames, continuesAtMs, keptAtMs: frames.map(() => nowMs) };
      },
    },
    recentSeconds: 3_600,
    hold: null,
    secret: new SecretReader({ now: () => nowMs, read: async () => [secretText] }),
    maxTokenLifetimeSeconds: 86_400,
    nowMs: () => nowMs,
  };
  return { all, asked };
}
const ask = async (all: FallbackDependencies, path: string, after?: string, token?: string) => {
  const authorization = token === undefined ? undefined : `Bearer ${token}`;
  const { status, body } = await answerFallback({ path, after, authorization }, all);
  return { status, body: JSON.parse(body) as unknown };
};

test('the stage is told to everybody', async () => {
  expect(await ask(dependencies().all, '/config')).toEqual({ status: 200, body: { share: 0.2, off: false } });
});

test('events are the token’s user’s; digits stay what they were', async () => {
  const { all, asked } = dependencies({ frames: ['{"eventId":"e-1","time":1e400}'], continuesAtMs: null });
  const authorization = `Bearer ${await tokenOf('u-1')}`;
  const { body } = await answerFallback({ path: '/events', after: String(nowMs - 5_000), authorization }, all);
  expect(body).toBe(
    `{"events":[{"eventId":"e-1","time":1e400}],"resumeFrom":${nowMs - 60_000},"more":false,"gap":false}`,
  );
  expect(asked).toEqual([['u-1', nowMs - 5_000]]);
});

test('the first read begins a minute ago without any event; a page that is not all says where the next begins', async () => {
  const token = await tokenOf('u-1');
  expect(await ask(dependencies().all, '/events', undefined, token)).toEqual({
    status: 200,
    body: { events: [], resumeFrom: nowMs - 60_000, more: false, gap: false },
  });
  const { all } = dependencies({ frames: ['{}'], continuesAtMs: nowMs - 900 });
  expect(await ask(all, '/events', String(nowMs - 1_000), token)).toMatchObject({
    body: { resumeFrom: nowMs - 900, more: true },
  });
});

test('what is older than events are kept is a gap, and is not looked for', async () => {
  const { all, asked } = dependencies();
  expect(await ask(all, '/events', '5', await tokenOf('u-1'))).toMatchObject({ body: { gap: true } });
  expect(asked).toEqual([['u-1', nowMs - 3_600_000]]);
});

test('no token, a wrong one, a time that is none, another path', async () => {
  const { all, asked } = dependencies();
  const token = await tokenOf('u-1');
  const statuses = [
    await ask(all, '/events', '1'),
    await ask(all, '/events', '1', await tokenOf('u-1', 'another secret')),
    await ask(all, '/events', '-1', token),
    await ask(all, '/other', undefined, token),
  ].map(({ status }) => status);
  expect(statuses).toEqual([401, 401, 400, 404]);
  expect(asked).toEqual([]);
});

test('a frame says from when to read; not where it would be metered as another message', () => {
  expect(withResumeFrom('{"eventId":"e"}', nowMs)).toBe(`{"eventId":"e","resumeFrom":${nowMs - 60_000}}`);
  const full = `{"a":"${'x'.repeat(32_760)}"}`;
  expect(withResumeFrom(full, nowMs)).toBe(full);
});

test('the stage is read once in 5 s, and the last one stands while it cannot be read', async () => {
  let at = 0;
  let reads = 0;
  const stages = remembered(
    {
      read: async () => {
        reads++;
        if (reads === 2) throw new Error('throttled');
        return { share: reads / 10, off: false };
      },
    },
    { forMs: 5_000, nowMs: () => at },
  );
  const shares: number[] = [];
  for (at of [0, 4_999, 5_000, 5_001]) shares.push((await stages.read()).share);
  expect([shares, reads]).toEqual([[0.1, 0.1, 0.1, 0.3], 3]);
});

/** A stack that holds reads, in which time passes by waits alone. */
async function holding({ kept = [] as number[], lastsMs = Number.POSITIVE_INFINITY } = {}) {
  let at = nowMs;
  let watched = 0;
  const { all } = dependencies();
  const waits: number[] = [];
  const held: FallbackDependencies = {
    ...all,
    nowMs: () => at,
    recent: {
      keep: async () => {},
      since: async (_user, fromMs) => {
        const keptAtMs = kept.filter((ms) => ms >= fromMs && ms <= at);
        return { frames: keptAtMs.map((ms) => `{"eventId":"${ms - nowMs}"}`), keptAtMs, continuesAtMs: null };
      },
    },
    hold: {
      seconds: 20,
      leftMs: () => nowMs + lastsMs - at,
      news: {
        watch: () => {
          watched++;
          return {
            within: async (ms) => {
              waits.push(ms);
              at += Math.min(ms, 1_000);
            },
            end: () => watched--,
          };
        },
      },
    },
  };
  const read = async (more: { after?: string; wait?: string; seen?: string }) => {
    const authorization = `Bearer ${await tokenOf('u-1')}`;
    const { status, body } = await answerFallback({ path: '/events', authorization, after: undefined, ...more }, held);
    const { events, ...rest } = JSON.parse(body) as { events: { eventId: string }[] } & Record<string, unknown>;
    return { status, ids: events.map(({ eventId }) => eventId), rest, tookMs: at - nowMs, watched };
  };
  return { held, read, waits };
}
const minuteAgo = String(nowMs - 60_000);

test('a stack that holds reads says so in its config, and to the first read how much there is already', async () => {
  const { held, read } = await holding({ kept: [nowMs - 30_000, nowMs - 90_000] });
  expect(await ask(held, '/config')).toEqual({ status: 200, body: { share: 0.2, off: false, holdSeconds: 20 } });
  expect(await read({})).toMatchObject({ ids: [], rest: { resumeFrom: nowMs - 60_000, seen: 1 }, tookMs: 0 });
});

test('a read that finds no more than the client has had waits until there is, and then has all of it', async () => {
  const { read } = await holding({ kept: [nowMs - 30_000, nowMs + 4_500] });
  const { ids, rest, tookMs, watched } = await read({ after: minuteAgo, wait: '20', seen: '1' });
  expect([ids, tookMs, watched]).toEqual([['-30000', '4500'], 5_000, 0]);
  // Of the next minute, both are known by then.
  expect(rest).toEqual({ resumeFrom: nowMs - 55_000, more: false, gap: false, seen: 2 });
});

test('it is answered at once where there is more already, where the client does not wait, and where it does not say what it has', async () => {
  const { read, waits } = await holding({ kept: [nowMs - 30_000, nowMs - 20_000] });
  expect((await read({ after: minuteAgo, wait: '20', seen: '1' })).ids).toHaveLength(2);
  expect((await read({ after: minuteAgo, seen: '2' })).ids).toHaveLength(2);
  expect((await read({ after: minuteAgo, wait: '20' })).ids).toHaveLength(2);
  expect((await read({ after: minuteAgo, wait: 'long', seen: '2' })).ids).toHaveLength(2);
  expect(waits).toEqual([]);
});

test('it waits no longer than the stack, the client and its own time allow', async () => {
  const none = { after: minuteAgo, seen: '0' };
  for (const [wait, lastsMs, expected] of [
    ['99', Number.POSITIVE_INFINITY, 20_000],
    ['3', Number.POSITIVE_INFINITY, 3_000],
    ['20', 2_500, 2_500],
  ] as const) {
    const { read } = await holding({ lastsMs });
    expect((await read({ ...none, wait })).tookMs).toBe(expected);
  }
});

test('a page that does not have all events since where the next read begins does not say how many they are', async () => {
  const { read } = await holding({ kept: [nowMs - 30_000] });
  expect((await read({ after: String(nowMs - 10_000), wait: '0', seen: '0' })).rest).not.toHaveProperty('seen');
});

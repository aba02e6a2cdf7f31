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

/** With what was asked of the store. */
function dependencies(page: { frames: string[]; continuesAtMs: number | null } = { frames: [], continuesAtMs: null }) {
  const asked: [string, number][] = [];
  const all: FallbackDependencies = {
    stages: { read: async () => ({ share: 0.2, off: false }) },
    recent: {
      keep: async () => {},
      since: async (user, fromMs) => {
        asked.push([user, fromMs]);
        return page;
      },
    },
    recentSeconds: 3_600,
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

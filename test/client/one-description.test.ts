/** docs/reference/protocol.md says what a client does. The published client and the load engine's devices share no code, and do the same. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { clientSeconds } from '../../capacity/demand/assumed-usage.ts';
import { createClient } from '../../client/client.ts';
import { type Conduct, standardConduct } from '../../client/conduct.ts';
import type { Platform } from '../../client/platform.ts';
import { signToken } from '../../engine/src/core/connections/token.ts';
import { seededRandom } from '../../engine/src/core/schedule/random.ts';
import { FakeStack, type Faults, type Peer, tokenSecret } from '../../engine/test/fake-stack.ts';
import { runVirtually } from '../../engine/test/virtual-run.ts';
import { VirtualTime } from '../../engine/test/virtual-time.ts';

const text = readFileSync(new URL('../../docs/reference/protocol.md', import.meta.url), 'utf8');
const table = /## What a client does\n[^|]*([\s\S]*?)\n\n/.exec(text)?.[1] ?? '';
const documented = table
  .split('\n')
  .slice(2)
  .map((row) => row.split('|').map((cell) => cell.trim())[2] ?? '')
  .flatMap((cell) => (/^\d/.test(cell) ? [Number.parseFloat(cell)] : []));

test('the client’s numbers are those of the table', () => {
  const inItsOrder: (keyof Conduct)[] = [
    ...(['heartbeatSeconds', 'answerSeconds', 'backOffBaseSeconds', 'backOffCapSeconds'] as const),
    ...(['minAgeSeconds', 'maxAgeSeconds', 'overlapSeconds', 'hiddenSeconds', 'configSeconds'] as const),
    ...(['pollSeconds', 'connectsBeforePolling', 'rememberedEvents'] as const),
  ];
  expect(documented).toEqual(inItsOrder.map((name) => standardConduct[name]));
  expect(inItsOrder.toSorted()).toEqual(Object.keys(standardConduct).toSorted());
  expect(clientSeconds).toEqual({ stage: standardConduct.configSeconds, poll: standardConduct.pollSeconds });
});

/** What the stack sees of one client: when it connects and pings, in seconds from its start, and the first frame. */
interface Seen {
  connects: number[];
  pings: number[];
}
type Run = (
  faults: Faults,
  { seconds, seed }: { seconds: number; seed: number },
  watch: (nowSeconds: () => number) => void,
) => Promise<void>;

/** A device of the load engine, with the table's numbers. */
const device: Run = async (faults, { seconds, seed }, watch) => {
  await runVirtually(
    {
      connections: 1,
      connectRatePerSecond: 1,
      steadySeconds: seconds,
      keepAliveSeconds: documented[0] ?? 0,
      reconnectAttempts: 100,
      reconnectBaseSeconds: documented[2] ?? 0,
      reconnectCapSeconds: documented[3] ?? 0,
      reconnectJitter: 'full',
      seed,
    },
    { faults, prepare: ({ time }) => watch(() => time.nowMs / 1_000) },
  );
};

/** The client, against the same fake stack. */
const tab: Run = async (faults, { seconds, seed }, watch) => {
  const time = new VirtualTime();
  watch(() => time.nowMs / 1_000);
  const stack = new FakeStack(faults, { nowMs: () => time.nowMs, after: (ms, run) => void time.after(ms, run) });
  const times = { issuedAtSeconds: 0, expiresAtSeconds: 80_000 };
  const token = await signToken({ user: 'u-1', secret: tokenSecret, ...times });
  const platform: Platform = {
    now: () => time.nowMs,
    random: seededRandom(seed),
    after: (milliseconds, run) => time.after(milliseconds, run),
    open: (url, handler) => {
      const { status, user } = stack.admit(url.replace('ws://fake', ''), {});
      const peer: Peer = { send: (frame) => handler.received(frame), close: () => close() };
      const close = () => {
        stack.left(user, peer);
        time.after(1, () => handler.closed());
      };
      if (status === 101) {
        time.after(2, () => handler.opened());
        stack.joined(user, peer);
      } else time.after(2, () => handler.closed());
      return { send: (frame) => void time.after(1, () => stack.received(peer, frame)), close };
    },
    get: () => Promise.reject(new Error('no HTTP')),
    isVisible: () => true,
    isOnline: () => true,
    watch: () => () => {},
  };
  const client = createClient({ url: 'ws://fake/prod', user: 'u-1', token: () => token }, platform);
  const ended = new Promise<void>((resolve) => time.wait(seconds * 1_000, resolve));
  await time.settle(ended);
  client.close();
};

async function seenOf(run: Run, faults: Faults, seconds: number, seed = 1): Promise<Seen> {
  const seen: Seen = { connects: [], pings: [] };
  let nowSeconds = () => 0;
  const watched: Faults = {
    ...faults,
    upgrade: (n) => {
      seen.connects.push(nowSeconds());
      return faults.upgrade?.(n) ?? 101;
    },
    ping: () => {
      seen.pings.push(nowSeconds());
      return 'answer';
    },
  };
  await run(watched, { seconds, seed }, (now) => {
    nowSeconds = now;
  });
  return seen;
}

const gaps = (times: number[]) => times.slice(1).map((at, n) => at - (times[n] ?? 0));

test.each([
  ['the client', tab],
  ['a device of the load engine', device],
])('%s pings every 300 s, and a stack that closes at 600 s of silence never does', async (_who, run) => {
  const { connects, pings } = await seenOf(run, { idleMs: 600_000 }, 5_000);
  expect(connects).toHaveLength(1);
  expect(pings).toHaveLength(16);
  for (const gap of gaps(pings)) expect(gap).toBeCloseTo(300, 1);
});

test.each([
  ['the client', tab],
  ['a device of the load engine', device],
])(
  '%s waits uniformly up to 1, 2, 4, 8, 16, 30, 30 s after a loss and connects that fail, and begins again after one that opened',
  async (_who, run) => {
    const rounds = 60;
    const waited = 7;
    const lifeSeconds = 5;
    const ofRounds: number[][] = [];
    for (let round = 1; round <= rounds; round++) {
      const faults: Faults = { upgrade: (n) => (n > 0 && n < waited ? 503 : 101), lifetimeMs: lifeSeconds * 1_000 };
      const [first = 0, ...others] = gaps((await seenOf(run, faults, 140, round)).connects);
      ofRounds.push([first - lifeSeconds, ...others].slice(0, waited));
    }
    for (const [n, cap] of [1, 2, 4, 8, 16, 30, 30].entries()) {
      const waits = ofRounds.map((gaps) => gaps[n] ?? Number.NaN);
      // The connect itself takes up to 10 ms.
      expect(Math.max(...waits)).toBeLessThanOrEqual(cap + 0.02);
      const mean = waits.reduce((sum, wait) => sum + wait, 0) / rounds;
      // Six standard errors of a uniform's mean.
      expect(Math.abs(mean - cap / 2)).toBeLessThan((6 * cap) / Math.sqrt(12 * rounds) + 0.02);
    }
    const lost = await seenOf(run, { lifetimeMs: 100_000 }, 2_000);
    expect(lost.connects.length).toBeGreaterThan(15);
    for (const gap of gaps(lost.connects)) expect(gap - 100).toBeLessThan(1.02);
  },
);

/** One run of a fleet against the model stack on virtual time: its report, and how an outsider saw each event end. */
import { runFleet } from '../../engine/src/core/fleet/fleet.ts';
import type { FleetLoad } from '../../engine/src/core/fleet/fleet-spec.ts';
import { seededRandom } from '../../engine/src/core/schedule/random.ts';
import { fleetSpec } from '../../engine/test/totals.ts';
import { VirtualTarget } from '../../engine/test/virtual-target.ts';
import { VirtualTime } from '../../engine/test/virtual-time.ts';
import { MeasurementMerge, undeliveredIds } from '../../metrics/measurements.ts';
import { idsIn } from '../../metrics/target-events.ts';
import type { Observation } from '../../record/observation.ts';
import type { EventOutcome } from '../../reports/analysis/events/outcomes.ts';
import { type Judged, judge, type Told } from './judge.ts';
import { ModelStack, type StackFaults } from './model-stack.ts';
import { Observer } from './observer.ts';
import { type Stall, stalledPlatform } from './stalled-platform.ts';

const never = Number.POSITIVE_INFINITY;

const noFaults: StackFaults = {
  ...{ steal: 0, duplicate: 0, delay: 0, delaySeconds: 0, gone: 0, throttled: 0, crash: 0, partial: 0 },
  ...{
    keptAfterwards: 0,
    postUnanswered: 0,
    postRefused: 0,
    unheard: 0,
    stray: 0,
    cut: 0,
    clockStepSeconds: 0,
    clockStepAtMs: never,
  },
};

export interface FaultyRun extends Judged {
  /** By event id, as the outsider saw it. */
  observed: Map<string, EventOutcome>;
  /** Publishes that subscribers missed, by id: how many of them. */
  missedPublishes: Map<string, number>;
  /** Pushes that arrived at somebody else: event id and user, as often as they came. */
  strays: readonly string[];
  /** Of each event, by its id. */
  owners: ReadonlyMap<string, string>;
  stack: ModelStack;
}

/** The target as the collector can ask it: `aws` keeps its main queue to itself, `mute` its table as well. */
export type Asked = 'local' | 'aws' | 'mute';

/** The collector reads the queues this long after the load. */
const afterwardsMs = 1_000;

export async function faultyRun(options: {
  seed: number;
  load?: Partial<FleetLoad>;
  faults?: Partial<StackFaults>;
  /** When the target closes every connection. */
  closeAllAtMs?: readonly number[];
  asked?: Asked;
  /** When the generator's process is stopped. */
  stalls?: readonly Stall[];
  /** To the target, one way. */
  hopMs?: number;
}): Promise<FaultyRun> {
  const { seed, load, faults, closeAllAtMs = [], asked = 'local', stalls = [], hopMs = 1 } = options;
  const time = new VirtualTime();
  const virtual = { nowMs: () => time.nowMs, after: (ms: number, run: () => void) => void time.after(ms, run) };
  const stack = new ModelStack({ ...noFaults, ...faults }, virtual, seededRandom(seed));
  const target = new VirtualTarget(time, {}, { hopMs }, stack);
  for (const atMs of closeAllAtMs) time.after(atMs, () => target.closeAll(1001));
  const platform = stalledPlatform({ ...target.platform, wallMs: () => stack.wallMs() }, time, stalls);
  const observer = new Observer(platform, virtual.nowMs);
  const merge = new MeasurementMerge();
  const running = runFleet(fleetSpec(target, { ...usualLoad, seed, ...load }), {
    onRecord: (record) => merge.add(record),
    signal: new AbortController().signal,
    platform: observer.platform,
  });
  const { kind } = await time.settle(running);
  if (kind !== 'completed') throw new Error(`The fleet ${kind}.`);
  for (const untilMs = time.nowMs + afterwardsMs; time.nowMs < untilMs; ) time.step();
  const measured = merge.finish(0);
  if (measured === undefined) throw new Error('Nothing was measured.');
  // One that is due after the collection is nobody's.
  const hasStepped = stack.wallMs() !== stack.nowMs;
  const step = { atMs: hasStepped ? (faults?.clockStepAtMs ?? never) : never, byMs: stack.wallMs() - stack.nowMs };
  const observed = observer.outcomes(stack, step);
  const missedPublishes = observer.missedPublishes();
  const { strays } = observer;
  const owners = new Map([...observer.events].map(([id, { owner }]) => [id, owner]));
  return {
    ...judge(measured, toldOf(measured.client, stack, asked)),
    observed,
    missedPublishes,
    strays,
    owners,
    stack,
  };
}

const usualLoad: Partial<FleetLoad> = {
  connections: 12,
  tabsPerUser: 1.5,
  connectRatePerSecond: 200,
  steadySeconds: 2,
  drainSeconds: 4,
  webhookRatePerSecond: 25,
  webhookBytes: 300,
  timeoutSeconds: 1,
  pushTimeoutSeconds: 30,
  offlineShare: 0.1,
  reconnectAttempts: 8,
  reconnectBaseSeconds: 0.2,
  reconnectCapSeconds: 1,
};

function toldOf(client: Observation['client'], stack: ModelStack, asked: Asked): Told {
  const wanted = new Set(undeliveredIds(client));
  const idsOf = (messages: readonly { body: string }[]) => [
    ...new Set(messages.flatMap(({ body }) => idsIn(body, wanted))),
  ];
  return {
    events: {
      inQueue: asked === 'local' ? idsOf(stack.messages) : null,
      deadLettered: asked === 'mute' ? null : idsOf(stack.deadLetters),
      finished: asked === 'mute' ? null : finishedOf(stack, wanted),
      reasons: [],
      clockStepMs: stack.wallMs() - stack.nowMs,
    },
    messages: stack.messages.length,
    deadLetters: stack.deadLetters.length,
    offline: stack.offlineCounted,
  };
}

const finishedOf = (stack: ModelStack, wanted: ReadonlySet<string>) =>
  [...wanted].flatMap((id) => {
    const claim = stack.table.get(id);
    return claim?.done ? [{ id, atMs: claim.doneAtWallMs }] : [];
  });

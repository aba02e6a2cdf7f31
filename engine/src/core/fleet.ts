import type { ClientRecord } from '../records.ts';
import { type Clock, monotonicClock, SecondLabels } from './clock.ts';
import type { FleetResult } from './fleet-result.ts';
import { FleetRun } from './fleet-run.ts';
import type { FleetSpec } from './fleet-spec.ts';
import { LoopDelayProbe } from './health.ts';
import { loadHooks } from './hooks-module.ts';
import { Loop } from './loop.ts';
import { type Population, populate } from './population.ts';
import { SecondReport } from './second-report.ts';
import { signToken } from './signing.ts';
import { Tally } from './tally.ts';
import { FrameWriter } from './wire/frame-writer.ts';

export interface FleetOptions {
  /** Called each second with what was measured, and at the end. */
  onRecord(record: ClientRecord): void;
  signal: AbortSignal;
  clock?: Clock;
  /** Wall clock in milliseconds since the epoch; only labels are made of it. */
  wallMs?: () => number;
}

/** Tokens outlast the planned run by this. */
const tokenSpareSeconds = 3_600;

/** Runs one fleet from its first connect to its last close. Settles when no socket and no timer of it is left. */
export async function runFleet(spec: FleetSpec, options: FleetOptions): Promise<FleetResult> {
  const clock = options.clock ?? monotonicClock;
  const wallMs = options.wallMs ?? Date.now;
  const hooks = await loadHooks(spec.hooksModule);
  const population = populate({ ...spec.load, prefix: `u-${spec.runTag}-${spec.fleet}` });
  const tokens = await signTokens(population, spec, wallMs() / 1_000);
  if (options.signal.aborted) return { kind: 'aborted' };
  return await new Promise((resolve) => {
    const labels = new SecondLabels({ wallMs: wallMs(), monotonicMicros: clock.nowMicros() });
    const tally = new Tally();
    const loop = new Loop(clock);
    const writer = new FrameWriter(spec.load.seed);
    let ended = false;
    const end = (result: FleetResult) => {
      if (ended) return;
      ended = true;
      loop.stop();
      fleet.close();
      report.finish(result.kind === 'completed');
      resolve(result);
    };
    const fleet = new FleetRun({ spec, population, tokens, hooks, clock, tally, loop, writer, labels, onEnd: end });
    const report = new SecondReport({ fleet: spec.fleet, clock, labels, tally, onRecord: options.onRecord }, fleet);
    options.signal.addEventListener('abort', () => end({ kind: 'aborted' }), { once: true });
    loop.add(new LoopDelayProbe(tally, clock.nowMicros()));
    fleet.start();
    loop.add(report);
    loop.start();
  });
}

/** One token a user, made before the load begins: signing would delay the connects. */
export async function signTokens(
  population: Population,
  { load, tokenSecret }: FleetSpec,
  nowSeconds: number,
): Promise<Map<string, string>> {
  const tokens = new Map<string, string>();
  if (tokenSecret === null) return tokens;
  const plannedSeconds = load.connections / load.connectRatePerSecond + load.steadySeconds + load.drainSeconds;
  const expiresAtSeconds = nowSeconds + plannedSeconds + tokenSpareSeconds;
  for (const { id } of population.users)
    tokens.set(id, await signToken({ user: id, secret: tokenSecret, expiresAtSeconds }));
  return tokens;
}

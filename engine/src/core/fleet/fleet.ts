import type { ClientRecord } from '../../records.ts';
import { populate } from '../connections/population.ts';
import { makeTokens } from '../connections/token.ts';
import { LoopDelayProbe } from '../measure/health.ts';
import { SecondReport } from '../measure/second-report.ts';
import { Tally } from '../measure/tally.ts';
import { loadHooks } from '../messages/hooks-module.ts';
import { SecondLabels } from '../schedule/clock.ts';
import { Loop } from '../schedule/loop.ts';
import { FrameWriter } from '../wire/frame-writer.ts';
import { FleetRun } from './fleet-run.ts';
import type { FleetResult, FleetSpec } from './fleet-spec.ts';
import { type Platform, systemPlatform } from './platform.ts';

export interface FleetOptions {
  /** Called each second with what was measured, and at the end. */
  onRecord(record: ClientRecord): void;
  signal: AbortSignal;
  /** Default: the system's clock and sockets. */
  platform?: Platform;
}

/** Runs one fleet from its first connect to its last close. Settles when none of its sockets and timers is left. */
export async function runFleet(spec: FleetSpec, options: FleetOptions): Promise<FleetResult> {
  const platform = options.platform ?? systemPlatform;
  const { clock, wallMs } = platform;
  const hooks = await loadHooks(spec.hooksModule);
  const population = populate({ ...spec.load, prefix: `u-${spec.runTag}-${spec.fleet}` });
  const { signal } = options;
  const tokens = await makeTokens(population, spec, { nowSeconds: wallMs() / 1_000, signal }).catch(
    (error: unknown) => {
      if (signal.aborted) return null;
      throw error;
    },
  );
  if (tokens === null || signal.aborted) return { kind: 'aborted' };
  return await new Promise((resolve) => {
    const labels = new SecondLabels({ wallMs: wallMs(), monotonicMicros: clock.nowMicros() });
    const tally = new Tally();
    const loop = new Loop(clock, platform.waiter);
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
    const fleet = new FleetRun({ spec, population, tokens, hooks, platform, tally, loop, writer, labels, onEnd: end });
    const report = new SecondReport({ fleet: spec.fleet, clock, labels, tally, onRecord: options.onRecord }, fleet);
    signal.addEventListener('abort', () => end({ kind: 'aborted' }), { once: true });
    loop.add(new LoopDelayProbe(tally, clock.nowMicros()));
    fleet.start();
    loop.add(report);
    loop.start();
  });
}

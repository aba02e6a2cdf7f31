import { runFleet } from '../src/core/fleet/fleet.ts';
import type { FleetLoad, FleetResult, FleetSpec } from '../src/core/fleet/fleet-spec.ts';
import type { ClientRecord } from '../src/records.ts';
import type { Faults } from './fake-stack.ts';
import { addUp, fleetSpec, type Totals } from './totals.ts';
import { type Network, VirtualTarget } from './virtual-target.ts';
import { VirtualTime } from './virtual-time.ts';

export interface VirtualRun {
  result: FleetResult;
  records: ClientRecord[];
  totals: Totals;
  target: VirtualTarget;
  /** From the fleet's start to its end. */
  tookMs: number;
}

/** Runs a fleet against the fake stack, both on virtual time. */
export async function runVirtually(
  load: Partial<FleetLoad>,
  options: {
    faults?: Faults;
    network?: Network;
    spec?: Partial<FleetSpec>;
    /** Called once the target is up, before the fleet starts. */
    prepare?: (target: VirtualTarget) => void;
    signal?: AbortSignal;
  } = {},
): Promise<VirtualRun> {
  const time = new VirtualTime();
  const target = new VirtualTarget(time, options.faults, options.network);
  options.prepare?.(target);
  const records: ClientRecord[] = [];
  const running = runFleet(
    { ...fleetSpec(target, load), ...options.spec },
    {
      onRecord: (record) => records.push(record),
      signal: options.signal ?? new AbortController().signal,
      platform: target.platform,
    },
  );
  const result = await time.settle(running);
  return { result, records, totals: addUp(records), target, tookMs: time.nowMs };
}

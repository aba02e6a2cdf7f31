/** What a unit of load costs a task, by a profile: each kind measured by itself, with its interval. Pure. */
import type { UnitCost } from '../profile/unit-cost.ts';
import { assumedServiceCosts, type Estimate, type ServiceCosts } from './service-costs.ts';

/** As profile.json has it. */
export interface ProfiledTasks {
  target: { kind: 'local' | 'aws' };
  figures: readonly { service: string; figure: string; costs: Readonly<Record<string, UnitCost>> }[];
  service?: { baseBytes: number | null; bytesPerConnection: UnitCost; idleCpuMsPerSecond: number | null };
}

type ServiceUnit = 'connect' | 'message' | 'webhook' | 'push';

/** What was measured, as it was. `margin`: half of the 95% interval; null: not known. Null: not measured. */
export interface MeasuredServiceCosts {
  cpuMs: Record<ServiceUnit, { value: number; margin: number | null } | null>;
  bytesPerConnection: { value: number; margin: number | null } | null;
  baseBytes: number | null;
  idleCpuMsPerSecond: number | null;
}

/** A core of this machine may be twice or half as fast as a vCPU of AWS. An assumption, as of the durations of functions. */
const otherMachineFactor = 2;
const msPerSecond = 1_000;

/** Null: a profile of no service, or one whose tasks were not measured. */
export function measuredInProfile({ figures, service }: ProfiledTasks): MeasuredServiceCosts | null {
  const cpu = figures.find((each) => each.service === 'ecs' && each.figure === 'cpuMs');
  if (cpu === undefined || service === undefined) return null;
  const of = (cost: UnitCost | undefined) =>
    cost?.kind === 'value' && cost.value > 0 ? { value: cost.value, margin: cost.margin } : null;
  const { connect, message, webhook, push } = cpu.costs;
  return {
    cpuMs: { connect: of(connect), message: of(message), webhook: of(webhook), push: of(push) },
    bytesPerConnection: of(service.bytesPerConnection),
    baseBytes: service.baseBytes,
    idleCpuMsPerSecond: service.idleCpuMsPerSecond,
  };
}

/**
 * What a kind of load costs that the profile did not have is as assumed. CPU of this machine is within a factor of 2 of AWS's, beside what the measurement leaves
 * open; memory is the same.
 */
export function profiledServiceCosts(profile: ProfiledTasks): ServiceCosts | null {
  const measured = measuredInProfile(profile);
  if (measured === null) return null;
  const factor = profile.target.kind === 'aws' ? 1 : otherMachineFactor;
  const { cpuSeconds: assumed, bytesPerConnection, baseBytes } = assumedServiceCosts;
  const cpuOf = (unit: ServiceUnit): Estimate => {
    const cost = measured.cpuMs[unit];
    return cost === null ? assumed[unit] : estimateOf(cost, { scale: 1 / msPerSecond, factor });
  };
  return {
    cpuSeconds: {
      connect: cpuOf('connect'),
      message: cpuOf('message'),
      webhook: cpuOf('webhook'),
      push: cpuOf('push'),
    },
    bytesPerConnection:
      measured.bytesPerConnection === null
        ? bytesPerConnection
        : estimateOf(measured.bytesPerConnection, { scale: 1, factor: 1 }),
    baseBytes:
      measured.baseBytes === null
        ? baseBytes
        : { low: measured.baseBytes, mid: measured.baseBytes, high: Math.max(measured.baseBytes, baseBytes.high) },
  };
}

/** Without a margin an estimate may be twice or half as much. */
function estimateOf(
  { value, margin }: { value: number; margin: number | null },
  { scale, factor }: { scale: number; factor: number },
): Estimate {
  const [low, high] = margin === null ? [value / 2, value * 2] : [Math.max(0, value - margin), value + margin];
  return { low: (low * scale) / factor, mid: value * scale, high: high * scale * factor };
}

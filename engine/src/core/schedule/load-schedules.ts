/** A fleet's load → the schedules of its arrivals. Pure. */
import { hasBurst } from '../../step/load-fields.ts';
import type { FleetLoad } from '../fleet/fleet-spec.ts';
import { burstPhases, countedSchedule, phasedSchedule, type RatePhase, type Schedule, type Spread } from './pacer.ts';

/** Longer than any run: how long connects continue at the last rate. */
const openEndSeconds = 1e9;

/** Different kinds of arrivals are independent of each other. */
const seedOffset = { connects: 101, messages: 211, webhooks: 307, publishes: 401, churn: 601 } as const;

export function connectSchedule(load: FleetLoad): Schedule {
  const { connections, connectPhases, connectRatePerSecond } = load;
  if (connectPhases === null && load.arrivals === 'even') return countedSchedule(connections, connectRatePerSecond);
  const phases = connectPhases ?? [];
  const last = phases.at(-1);
  const ratePerSecond = last === undefined ? connectRatePerSecond : lastRateOf(last);
  const openEnd: RatePhase = { kind: 'constant', ratePerSecond, lastsSeconds: openEndSeconds };
  return phasedSchedule([...phases, openEnd], { spread: spreadOf(load, 'connects'), maxArrivals: connections });
}

export function messageSchedule(load: FleetLoad): Schedule {
  const constant = burstPhases(load.messageRatePerSecond, load.steadySeconds, null);
  return phasedSchedule(load.messagePhases ?? constant, { spread: spreadOf(load, 'messages') });
}

export function webhookSchedule(load: FleetLoad): Schedule {
  const constant = burstPhases(load.webhookRatePerSecond, load.steadySeconds, hasBurst(load) ? load : null);
  return phasedSchedule(load.webhookPhases ?? constant, { spread: spreadOf(load, 'webhooks') });
}

export function publishSchedule(load: FleetLoad): Schedule {
  const constant = burstPhases(load.publishRatePerSecond, load.steadySeconds, null);
  return phasedSchedule(load.publishPhases ?? constant, { spread: spreadOf(load, 'publishes') });
}

export function churnSchedule(load: FleetLoad): Schedule {
  const constant = burstPhases(load.churnRatePerSecond, load.steadySeconds, null);
  return phasedSchedule(constant, { spread: spreadOf(load, 'churn') });
}

/** Rate at the end of a phase; 0 after a burst. */
export function lastRateOf(phase: RatePhase): number {
  switch (phase.kind) {
    case 'constant':
      return phase.ratePerSecond;
    case 'burst':
      return 0;
    default:
      return phase.toPerSecond;
  }
}

function spreadOf({ arrivals, seed }: FleetLoad, kind: keyof typeof seedOffset): Spread {
  return arrivals === 'even' ? { kind: 'even' } : { kind: 'poisson', seed: seed + seedOffset[kind] };
}

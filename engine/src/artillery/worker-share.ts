/**
 * A worker's share of the load. Artillery gives every worker the same script and the same arguments, and does not number them: each must take
 * exactly the same share, so anything counted in whole units has to divide evenly.
 */
import { type FleetLoad, shareOut } from '../core/fleet/fleet-spec.ts';

export type WorkerShare = { kind: 'ok'; load: FleetLoad } | { kind: 'invalid'; problem: string };

/** `config.engines.loadline.workers`: null if absent; a problem if it is not a valid number of workers. */
export function readWorkers(options: unknown): { workers: number | null } | { problem: string } {
  const given: unknown = typeof options === 'object' && options !== null && 'workers' in options && options.workers;
  if (given === false || given === undefined || given === null) return { workers: null };
  if (typeof given === 'number' && Number.isSafeInteger(given) && given > 0) return { workers: given };
  return {
    problem: `config.engines.loadline.workers: expected a whole number above 0, found ${JSON.stringify(given)}.`,
  };
}

/** `workerId` tells the workers apart (WORKER_ID of Artillery's runners): their random draws differ, their rates do not. */
export function shareOfWorker(load: FleetLoad, workers: number, workerId: string): WorkerShare {
  const [share] = shareOut(load, workers);
  const odd = wholesOf(load).find(({ count }) => count % workers !== 0);
  if (!share || odd)
    return {
      kind: 'invalid',
      problem: `${odd?.count} ${odd?.name} cannot be shared equally by ${workers} workers: use ${nearestMultiples(odd?.count ?? 0, workers)}.`,
    };
  return { kind: 'ok', load: { ...share, seed: load.seed + hashOf(workerId) } };
}

/** Everything that is counted in whole units. */
function wholesOf(load: FleetLoad): { name: string; count: number }[] {
  const phases = [load.connectPhases, load.messagePhases, load.webhookPhases, load.publishPhases];
  const bursts = phases.flatMap((all) => all ?? []).filter((phase) => phase.kind === 'burst');
  return [
    { name: 'connections', count: load.connections },
    ...load.channels.map(({ count, subscribers }) => ({ name: `channels of ${subscribers} subscribers`, count })),
    ...bursts.map(({ arrivals }) => ({ name: 'arrivals of a burst', count: arrivals })),
  ];
}

/** The multiples of `workers` on both sides of `count`, such as "998 or 1001"; 0 is left out. */
export function nearestMultiples(count: number, workers: number): string {
  const below = Math.floor(count / workers) * workers;
  return below === 0 ? String(workers) : `${below} or ${below + workers}`;
}

/** FNV-1a, 32 bits (G. Fowler, L. C. Noll, K.-P. Vo): a different seed for each worker, and the same for the same name. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash;
}

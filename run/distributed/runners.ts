/** Artillery's runners on AWS, and what one of their workers can carry. Read in Artillery 2.0.34's sources and AWS's documentation, 2026-11-21. */

import { nearestMultiples } from '../../engine/src/artillery/worker-share.ts';
import { maxConnectionsPerAddress } from '../../engine/src/core/fleet/fleet-spec.ts';
import type { Workload } from '../../record/workload.ts';
import { UsageError } from '../errors.ts';

export const runnerNames = ['fargate', 'lambda'] as const;
export type RunnerName = (typeof runnerNames)[number];

interface Runner {
  /** Artillery's command. */
  command: string;
  /** File descriptors of a worker. */
  maxDescriptors: number;
  /** Longest life of a worker, in seconds; null: none that matters. */
  maxLifeSeconds: number | null;
  /** What a caller may set of Artillery's flags; the others are given here. */
  options: readonly string[];
  /** Of these, those without a value. */
  switches: readonly string[];
}

const network = ['subnet-ids', 'security-group-ids', 'aws-tags'] as const;

export const runners: Record<RunnerName, Runner> = {
  fargate: {
    command: 'run-fargate',
    // Artillery asks for 8,192; the launch configuration raises it to Fargate's own hard limit.
    // AWS, ECS developer guide, "Fargate task definition considerations", resource limits.
    maxDescriptors: 65_535,
    maxLifeSeconds: null,
    options: [
      ...network,
      'cluster',
      'cpu',
      'memory',
      'spot',
      'task-role-name',
      'container-dns-servers',
      'no-assign-public-ip',
    ],
    switches: ['spot', 'no-assign-public-ip'],
  },
  lambda: {
    command: 'run-lambda',
    // AWS, Lambda quotas: file descriptors 1,024 and timeout 900 s, neither can be raised.
    maxDescriptors: 1_024,
    maxLifeSeconds: 900,
    options: [...network, 'architecture', 'lambda-role-arn', 'memory-size'],
    switches: [],
  },
};

/** Of a worker: modules, pipes, kept-alive posts. The engine keeps as many free. */
const spareDescriptors = 256;
/** What a Lambda worker needs to fetch the bundle, to install it and to wait for the others (up to 180 s), in seconds. */
const startSeconds = 240;
/** Shorter, and no whole window of 10 s need lie within the steady state of all workers. */
const shortestSteadySeconds = 30;

export const connectionsOfWorker = (runner: RunnerName): number =>
  Math.min(maxConnectionsPerAddress, runners[runner].maxDescriptors - spareDescriptors);

export interface DistributedLoad {
  runner: RunnerName;
  workers: number;
  workload: Workload;
  /** Longest time that the load can take, in seconds. */
  lastsSeconds: number;
  urls: readonly string[];
}

/** @throws UsageError with the first reason why workers on AWS cannot apply the load. */
export function checkDistributedLoad({ runner, workers, workload, lastsSeconds, urls }: DistributedLoad): void {
  const on = `--on ${runner}`;
  const here = urls.find(isOfThisMachine);
  if (here !== undefined)
    throw new UsageError(`${on}: workers on AWS cannot reach ${here}, which is on this machine: give --target aws.`);
  const { connections, steadySeconds } = workload;
  if (connections % workers !== 0)
    throw new UsageError(
      `${on}: ${connections} connections cannot be divided equally among ${workers} workers: give --connections ${nearestMultiples(connections, workers)}.`,
    );
  const most = connectionsOfWorker(runner);
  const each = connections / workers;
  if (each > most)
    throw new UsageError(
      `${on}: ${each} connections per worker are more than the ${most} that one can hold: give --count ${Math.ceil(connections / most)} or more.`,
    );
  if (steadySeconds < shortestSteadySeconds)
    throw new UsageError(
      `${on}: ${steadySeconds} s of steady state is too short for Artillery's windows of 10 s: give --steady ${shortestSteadySeconds} or more.`,
    );
  const { maxLifeSeconds } = runners[runner];
  if (maxLifeSeconds !== null && lastsSeconds + startSeconds > maxLifeSeconds)
    throw new UsageError(
      `${on}: the load can take ${Math.ceil(lastsSeconds)} s and a worker needs up to ${startSeconds} s to start, but it lives for only ${maxLifeSeconds} s: use --on fargate, or a shorter load.`,
    );
}

function isOfThisMachine(url: string): boolean {
  const { hostname } = new URL(url);
  return /^(127(\.\d+){3}|localhost|\[::1\]|0\.0\.0\.0)$/.test(hostname) || hostname.endsWith('.localhost');
}

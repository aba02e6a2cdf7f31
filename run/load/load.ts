/** Applies the load: Artillery beside its target, until one of them ends, the caller interrupts, or time is up. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { shownUrl } from '../../engine/src/concealment.ts';
import { closeGraceSeconds, closeRateFactor } from '../../engine/src/core/fleet/fleet-spec.ts';
import { reasonStarts } from '../../engine/src/core/fleet/target-watch.ts';
import { counterNames } from '../../engine/src/records.ts';
import { concurrencyOfFleet } from '../../engine/src/step/fleet-share.ts';
import { tokenSchema } from '../../engine/src/step/webhook-fields.ts';
import type { Damage } from '../../record/damage.ts';
import type { Observation } from '../../record/observation.ts';
import type { RunRecord } from '../../record/run.ts';
import { runFileNames } from '../../record/run-folder.ts';
import type { Workload } from '../../record/workload.ts';
import type { RunningTarget } from '../target/running-target.ts';
import { type ArtilleryProcess, lastWords, readArtilleryCounters, startArtillery } from './artillery.ts';

export type LoadOutcome = Exclude<RunRecord['outcome'], { kind: 'running' }>;

/** What Artillery needs to start and to end (5 to 7 s), and room for a busy machine. */
const overheadSeconds = 60;
/**
 * The fleets write a line each second. An Artillery whose fleets have begun, and that writes nothing for this long, is suspended or hangs: it is not waited
 * for until the end of a long load.
 */
const silenceLimitSeconds = 60;
/** How long Artillery may take to stop by itself. Less when the target is gone: then there is nothing to wait for. */
const graceMs = { usual: 3_000, targetGone: 500 };

export interface LoadRequest {
  folder: string;
  /** Every line of the client's measurements names it. */
  runId: string;
  scenario: string;
  workload: Workload;
  /** Variables of the scenario that are not the workload's. */
  variables?: Record<string, string>;
  /** Others, whose values are secret. */
  secretVariables?: Record<string, string>;
  /** What no file may contain, beyond what is secret of an endpoint. */
  secrets?: readonly string[];
  fleets: number;
  target: RunningTarget;
  /** Its reason is the name of the signal. */
  signal: AbortSignal;
}

/** Never throws for what happens during the load: that is its outcome. */
export async function applyLoad(request: LoadRequest): Promise<LoadOutcome> {
  const { folder, target, workload, signal } = request;
  const log = join(folder, runFileNames.logs, 'artillery.log');
  const { description } = target;
  const limitSeconds =
    longestTokenSeconds(description, workload, request.fleets) + longestLoadSeconds(workload) + overheadSeconds;
  const secrets = [...(request.secrets ?? []), ...(description.kind === 'endpoint' ? description.secrets : [])];
  const artillery = startArtillery({
    scenario: request.scenario,
    webSocketUrl: shownWebSocketUrl(description),
    variables: { ...workload, ...request.variables, fleets: request.fleets },
    output: join(folder, runFileNames.artillery),
    log,
    secrets,
    environment: {
      LOADLINE_TARGET_URL: description.webSocketUrl,
      LOADLINE_VARIABLES: JSON.stringify({
        ...request.secretVariables,
        webhookUrl: description.webhookUrl ?? '',
        ...fallbackUrlOf(description),
      }),
      LOADLINE_TOKEN_SECRET: description.tokenSecret ?? '',
      LOADLINE_WEBHOOK_SECRET: description.webhookSecret ?? '',
      LOADLINE_FOREIGN_TARGET: description.kind === 'endpoint' ? JSON.stringify(description.step) : '',
      LOADLINE_SECRETS: JSON.stringify(secrets),
      LOADLINE_CLIENT_RECORDS: join(folder, runFileNames.client),
      LOADLINE_RUN_ID: request.runId,
    },
  });
  const records = join(folder, runFileNames.client);
  return await superviseLoad({ artillery, target, signal, limitSeconds, graceMs: graceMs.usual, log, records });
}

/** The variable of a scenario; of an endpoint it is the caller's own. */
export const fallbackUrlOf = (description: RunningTarget['description']): { fallbackUrl?: string } =>
  description.kind === 'endpoint' || description.fallbackUrl === undefined
    ? {}
    : { fallbackUrl: description.fallbackUrl };

/** As it may stand on a command line, which every user of the machine can read. */
export const shownWebSocketUrl = (description: RunningTarget['description']): string =>
  description.kind === 'endpoint' ? description.shown.webSocketUrl : shownUrl(description.webSocketUrl);

export interface SupervisedLoad {
  artillery: ArtilleryProcess;
  target: RunningTarget;
  signal: AbortSignal;
  limitSeconds: number;
  /** How long Artillery may take to stop by itself. */
  graceMs: number;
  log: string;
  /** client.ndjson, where Artillery writes it on this machine. */
  records?: string;
}

/** Waits for the first to end, and stops Artillery. */
export async function superviseLoad(load: SupervisedLoad): Promise<LoadOutcome> {
  const { artillery, limitSeconds, log } = load;
  const ending = await firstOf(load);
  await artillery.stop(ending.kind === 'targetEnded' ? graceMs.targetGone : load.graceMs);
  switch (ending.kind) {
    case 'interrupted':
      return { kind: 'interrupted', signal: ending.signal };
    case 'targetEnded':
      return { kind: 'crashed', part: 'target', reason: ending.reason };
    case 'tooLong':
      return {
        kind: 'crashed',
        part: 'artillery',
        reason: `Artillery did not end within ${limitSeconds} s and was stopped.`,
      };
    case 'silent':
      return {
        kind: 'crashed',
        part: 'artillery',
        reason: `Artillery recorded nothing for ${silenceLimitSeconds} s, as if it had been suspended, and was stopped.`,
      };
    case 'artilleryEnded':
      return artilleryOutcome(ending, log);
  }
}

/** Longest time that the load itself can take, in seconds: ramp, steady state, last timeouts, drain, and the closing of all connections. */
export function longestLoadSeconds(workload: Workload): number {
  const { connections, connectRatePerSecond, steadySeconds, drainSeconds, timeoutSeconds } = workload;
  const rampSeconds = connections / connectRatePerSecond;
  return (
    rampSeconds + steadySeconds + timeoutSeconds + drainSeconds + rampSeconds / closeRateFactor + closeGraceSeconds
  );
}

/** Longest time that the user's command may take for the tokens of all users, before the load begins: each fleet has its share of users and of runs at a time. */
export function longestTokenSeconds(
  description: RunningTarget['description'],
  workload: Workload,
  fleets: number,
): number {
  const token = description.kind === 'endpoint' ? tokenSchema.safeParse(description.step.token) : null;
  if (!token?.success || token.data.kind !== 'command') return 0;
  const { usersPerToken, concurrency, timeoutSeconds } = token.data;
  const users = Math.ceil(workload.connections / fleets / Math.max(1, workload.tabsPerUser));
  const runs = Math.ceil(users / usersPerToken);
  return Math.ceil(runs / concurrencyOfFleet(concurrency, fleets)) * timeoutSeconds;
}

/** How long a connection may wait for its next message: through the ramp, before the first, and then for its turn. */
export function longestIdleSeconds({
  connections,
  connectRatePerSecond,
  messageRatePerSecond,
  steadySeconds,
}: Workload): number {
  const turnSeconds =
    messageRatePerSecond === 0 ? steadySeconds : Math.min(steadySeconds, connections / messageRatePerSecond);
  return connections / connectRatePerSecond + turnSeconds;
}

type Ending =
  | { kind: 'artilleryEnded'; code: number | null; signal: string | null }
  | { kind: 'targetEnded'; reason: string }
  | { kind: 'interrupted'; signal: string }
  | { kind: 'tooLong' }
  | { kind: 'silent' };

async function firstOf(
  parts: Pick<SupervisedLoad, 'artillery' | 'target' | 'signal' | 'limitSeconds' | 'records'>,
): Promise<Ending> {
  const done = new AbortController();
  const interrupted = new Promise<Ending>((resolve) => {
    const settle = () => resolve({ kind: 'interrupted', signal: String(parts.signal.reason) });
    if (parts.signal.aborted) settle();
    else parts.signal.addEventListener('abort', settle, { once: true, signal: done.signal });
  });
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<Ending>((resolve) => {
    timer = setTimeout(() => resolve({ kind: 'tooLong' }), parts.limitSeconds * 1_000);
  });
  const silence = watchSilence(parts.records);
  try {
    return await Promise.race([
      silence.ended,
      parts.artillery.ended.then((ended): Ending => ({ kind: 'artilleryEnded', ...ended })),
      parts.target.ended.then((ended): Ending => ({ kind: 'targetEnded', reason: ended.reason })),
      interrupted,
      tooLong,
    ]);
  } finally {
    clearTimeout(timer);
    silence.stop();
    done.abort();
  }
}

/** Settles when a file that has grown has not for the limit: counted in looks at it, so that time in which this process itself was suspended is none. */
function watchSilence(file: string | undefined): { ended: Promise<Ending>; stop: () => void } {
  let looks = 0;
  let size = 0;
  const { promise: ended, resolve } = Promise.withResolvers<Ending>();
  const timer = setInterval(() => {
    const now = file === undefined ? 0 : (statSync(file, { throwIfNoEntry: false })?.size ?? 0);
    looks = now === size ? looks + 1 : 0;
    size = now;
    if (size > 0 && looks >= silenceLimitSeconds) resolve({ kind: 'silent' });
  }, 1_000);
  return { ended, stop: () => clearInterval(timer) };
}

function artilleryOutcome(ended: { code: number | null; signal: string | null }, log: string): LoadOutcome {
  if (ended.code === 0) return { kind: 'completed' };
  const how =
    ended.code === null ? `was terminated by ${ended.signal ?? 'the system'}` : `exited with code ${ended.code}`;
  const said = lastWords(log);
  if (reasonStarts.some((start) => said.startsWith(start)))
    return { kind: 'crashed', part: 'connection', reason: said };
  return {
    kind: 'crashed',
    part: 'artillery',
    reason: `Artillery ${how}${said ? `: ${said}` : ''} (see logs/artillery.log)`,
  };
}

/** The client's counts arrive on two paths that must agree: the first counter that differs. Throws a CrashError when Artillery left no output. */
export function compareWithArtillery(folder: string, totals: Observation['client']['totals']): Damage | null {
  const counters = readArtilleryCounters(join(folder, runFileNames.artillery));
  for (const counter of counterNames) {
    const recorded = totals[counter];
    const counted = counters[`loadline.${counter}`] ?? 0;
    if (recorded !== counted) return { kind: 'disagrees', counter, recorded, counted };
  }
  return null;
}

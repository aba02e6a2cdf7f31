/** Searches one known bottleneck: a target with it, a search from three quarters of the truth on, and what that says. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FunctionUse, Bottleneck as Named } from '../../capacity/search/bottleneck.ts';
import { faultsFileSchema } from '../../local/start.ts';
import type { Workload } from '../../record/workload.ts';
import { newRunRecord } from '../../run/request/run-record.ts';
import type { RunRequest } from '../../run/request/run-request.ts';
import { runSearch } from '../../run/search/search.ts';
import { newSearch, type SearchRecord } from '../../run/search/search-folder.ts';
import { startLocalTarget } from '../../run/target/local-target.ts';
import { startTarget } from '../../run/target/running-target.ts';
import { parseSettings } from '../../stack/settings.ts';
import type { Bottleneck } from './bottlenecks.ts';
import { applyDirectly } from './direct-load.ts';
import { planOf } from './plan.ts';

/** Of the truth, that a capacity may be off. */
export const tolerance = 0.05;
const width = 0.03;

export interface Finding {
  name: string;
  kind: string;
  named: Named | null;
  namedRightly: boolean;
  lower: number;
  upper: number | null;
  truth: number;
  /** lower / truth − 1. */
  error: number;
  trials: { load: number; passed: boolean; sentence: string }[];
}

export async function findBottleneck(
  bottleneck: Bottleneck,
  { signal, say }: { signal: AbortSignal; say: (line: string) => void },
): Promise<Finding> {
  const { expected, variable, load } = bottleneck;
  const folder = await mkdtemp(join(tmpdir(), 'loadline-attribution-'));
  const settings = parseSettings(bottleneck.settings ?? {});
  const local = await startLocalTarget({
    settings,
    signal,
    limits: bottleneck.limits ?? {},
    faults: faultsFileSchema.parse({ faults: bottleneck.faults ?? [] }),
    seed: 1,
  });
  try {
    const workload = workloadOf(load);
    const request: RunRequest = {
      scenarioFile: 'direct',
      plan: planOf(bottleneck.slo ?? {}),
      settings,
      workload,
      target: { kind: 'given', description: local.target },
    };
    const start =
      variable === 'connections' ? load.connections : variable === 'messages' ? load.messages : load.webhooks;
    const search: SearchRecord = {
      ...newSearch,
      searchId: bottleneck.name,
      loadlineVersion: newRunRecord(request, { runId: 'attribution', planFile: 'none' }).loadlineVersion,
      target: { kind: 'local', region: settings.region },
      scenario: 'direct',
      options: {},
      variable,
      settings: { start, max: start * 4, width, ...(variable === 'connections' && { resolution: 1 }) },
      workload,
      fixedConnectRate: false,
      slo: { ...request.plan.slo },
      startedAt: new Date().toISOString(),
      bottleneck: null,
      trials: [],
    };
    // Cold starts of the first load would pass for the limit.
    await applyDirectly({
      ...{ folder, scenario: 'direct', workload, fleets: 1, signal },
      target: await startTarget(request.target, folder, signal),
    });
    const found = await runSearch({
      ...{ folder, search, request, signal, say },
      planFile: 'none',
      fleets: 1,
      applyLoad: applyDirectly,
    });
    const truth = bottleneck.truth(meanSecondsIn(found.trials.flatMap(({ evidence }) => evidence?.functions ?? [])));
    const { kind, lower, upper, bottleneck: named } = found;
    const trials = found.trials.map((trial) => ({
      load: trial.load,
      passed: trial.passed,
      sentence: trial.sentence ?? '',
    }));
    const namedRightly = isExpected(expected, named);
    return { name: bottleneck.name, kind, named, namedRightly, lower, upper, truth, error: lower / truth - 1, trials };
  } finally {
    await local.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

function isExpected(expected: Bottleneck['expected'], named: Named | null): boolean {
  if (named === null || named.kind !== expected.kind) return false;
  if (expected.kind !== 'quota' || named.kind !== 'quota') return true;
  return named.quota === expected.quota && (expected.scope?.test(named.scope ?? '') ?? true);
}

/** Median over the trials of a function's mean duration. */
function meanSecondsIn(uses: readonly FunctionUse[]): (role: FunctionUse['role']) => number {
  return (role) => {
    const means = uses.flatMap((use) => (use.role === role && use.meanMs !== null ? [use.meanMs / 1_000] : []));
    return means.toSorted((a, b) => a - b)[Math.floor(means.length / 2)] ?? Number.NaN;
  };
}

function workloadOf({
  connections,
  connectRatePerSecond,
  steadySeconds,
  messages,
  webhooks,
}: Bottleneck['load']): Workload {
  return {
    ...{ connections, connectRatePerSecond, steadySeconds },
    tabsPerUser: 1,
    drainSeconds: webhooks > 0 ? 3 : 0.5,
    messageRatePerSecond: messages,
    messageBytes: 128,
    webhookRatePerSecond: webhooks,
    webhookBytes: 1_024,
    ...{ burstStartSeconds: 0, burstSeconds: 0, burstRatePerSecond: 0 },
    replayShare: 0,
    offlineShare: 0,
    timeoutSeconds: 5,
    seed: 1,
  };
}

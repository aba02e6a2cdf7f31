/** run.json before the start. */
import { execFileSync } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import { relative, resolve } from 'node:path';
import { coefficientsOfProfile } from '../../capacity/profile/profile-coefficients.ts';
import { type RunRecord, runSchemaVersion } from '../../record/run.ts';
import type { StackSettings } from '../../stack/settings/settings.ts';
import { locateArtillery } from '../load/artillery.ts';
import { loadlineVersion, packageRoot } from '../package-root.ts';
import type { TargetChoice } from '../target/running-target.ts';
import { routeMixOf } from './profile-mix.ts';
import type { RunRequest } from './run-request.ts';

export function newRunRecord(
  { scenarioFile, plan, settings, workload, variables, target, profile, tasksProfile }: RunRequest,
  of: { runId: string; planFile: string },
): RunRecord {
  const sent = target.kind === 'endpoint' || target.kind === 'template' ? target.description : null;
  return {
    schemaVersion: runSchemaVersion,
    runId: of.runId,
    loadlineVersion,
    commit: commitOf(packageRoot),
    scenario: scenarioFile,
    planFile: resolve(of.planFile),
    plan,
    workload,
    ...(variables && { variables }),
    target: {
      ...placeOf(target, settings),
      webSocketUrl: null,
      webhookUrl: null,
      resources: null,
      model: null,
    },
    workers: null,
    settings,
    ...(profile && {
      profile: {
        profileId: profile.profileId,
        coefficients: coefficientsOfProfile(profile, sent === null ? {} : routeMixOf(profile, sent)),
      },
    }),
    // Variants are measured with settings of their own.
    ...(tasksProfile && settings.compute === 'server' && { tasksProfile }),
    // Of an endpoint of whose inside nothing else is known.
    ...(profile && isClosed(target) && { deployment: profile.deployment }),
    machine: describeMachine(),
    startedAt: new Date().toISOString(),
    loadStartedAt: null,
    loadEndedAt: null,
    endedAt: null,
    outcome: { kind: 'running' },
  };
}

const isClosed = (target: TargetChoice): boolean => target.kind === 'endpoint' && target.description.inside === null;

/** What kind of target it is, and in which region; an endpoint of whose inside nothing is known has none. */
export function placeOf(target: TargetChoice, settings: StackSettings): Pick<RunRecord['target'], 'kind' | 'region'> {
  switch (target.kind) {
    case 'local':
      return { kind: 'local', region: settings.region };
    case 'template':
      return { kind: 'local', region: target.own.region };
    case 'given':
      return { kind: target.description.kind, region: target.description.region };
    case 'endpoint': {
      const { inside } = target.description;
      return inside === null ? { kind: 'endpoint', region: '' } : { kind: inside.kind, region: inside.region };
    }
  }
}

/** The commit that is checked out, with "+" when files differ from it; null outside a checkout. */
function commitOf(folder: string): string | null {
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', folder, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  try {
    // An installed package may lie inside another repository.
    if (relative(git('rev-parse', '--show-toplevel'), realpathSync(folder)) !== '') return null;
    return git('rev-parse', 'HEAD') + (git('status', '--porcelain') === '' ? '' : '+');
  } catch {
    return null;
  }
}

function describeMachine(): RunRecord['machine'] {
  return {
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    platform: `${process.platform} ${process.arch}`,
    nodeVersion: process.versions.node,
    artilleryVersion: locateArtillery().version,
  };
}

/**
 * Every variant of the reference stack under the same load, one after the other on this machine. Each run is kept as it ends; what was measured before by the same
 * version on the same machine, with the same settings and load, is not measured again.
 */

import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { VariantName } from '../../capacity/servers/variants.ts';
import { writeProfile } from '../../record/profile.ts';
import type { RunRecord } from '../../record/run.ts';
import { createRunFolder } from '../../record/run-folder.ts';
import type { Workload } from '../../record/workload.ts';
import type { VerdictStatus } from '../../reports/analysis/verdict.ts';
import type { StackSettings } from '../../stack/settings/settings.ts';
import { runBenchmark } from '../benchmark.ts';
import { CrashError, messageOf } from '../errors.ts';
import { invalidPhasesOf } from '../last-profile.ts';
import type { Say } from '../load/progress.ts';
import { measureProfile } from '../profile/profile.ts';
import { fleetsFor } from '../request/generator-limits.ts';
import { newRunRecord } from '../request/run-record.ts';
import { givenVariables, type RunRequest } from '../request/run-request.ts';
import { costLoad, expectedSeconds, heldLoad, type Step, webhookLoad, webhookLoads } from './measured-loads.ts';
import { isSameVariant, readValidRuns, variantsFolder } from './measured-variants.ts';
import { readTasksProfiles } from './tasks-profile.ts';
import { settingsOfVariant } from './variant-settings.ts';

export interface MeasureRequest {
  /** The plan's load on a local target, as `loadline run` has it. */
  request: RunRequest;
  variants: readonly VariantName[];
  /** Folders of runs and of profiles. */
  runs: string;
  profiles: string;
  planFile: string;
  /** Whether what was measured before is measured again. */
  again: boolean;
  signal: AbortSignal;
  /** As a step begins, and as it ended. */
  onStep: (step: StepUnderWay) => void;
  /** What a run of it would be recorded as; default: by this program on this machine. */
  describe?: (step: StepRequest) => RunRecord;
  /** Default: real ones. */
  make?: (step: StepRequest, request: MeasureRequest) => Promise<MadeStep>;
}

interface PlannedStep {
  variant: VariantName;
  step: Step;
  expectedSeconds: number;
}

export interface StepRequest extends PlannedStep {
  settings: StackSettings;
  workload: Workload;
}

/** `id`: of its run or profile. */
interface MadeStep {
  id: string;
  status: VerdictStatus;
  /** Of its report. */
  sentence: string;
}

/** `reused`: it was there already. `failed`: it did not complete, and nothing is known of it. */
type StepResult =
  | ({ kind: 'measured' | 'reused' } & MadeStep)
  | { kind: 'failed'; sentence: string }
  | { kind: 'interrupted' };

type StepUnderWay = PlannedStep & { number: number; of: number; leftSeconds: number } & (
    | { state: 'begins' }
    | { state: 'ended'; seconds: number; result: StepResult }
  );

export type MeasuredStep = PlannedStep & { seconds: number; result: StepResult };

/** What is to be measured, in its order: on this machine Fargate and EC2 run the same process. */
export function plannedSteps({ request, variants }: Pick<MeasureRequest, 'request' | 'variants'>): StepRequest[] {
  const distinct = variants.filter((name, n) => variants.findIndex((other) => isSameVariant(other, name)) === n);
  return distinct.flatMap((variant): StepRequest[] => {
    const settings = settingsOfVariant(request.settings, variant);
    if (settings === null) return [];
    const webhooks = webhookLoad(request.workload);
    const loads: [Step, Workload][] = [
      ['load', request.workload],
      ...(webhooks === null ? [] : [['webhooks', webhooks] satisfies [Step, Workload]]),
      ...(variant.compute === 'server' ? [['costs', costLoad(request.workload)] satisfies [Step, Workload]] : []),
    ];
    return loads.map(([step, workload]) => ({
      ...{ variant, step, settings, workload, expectedSeconds: expectedSeconds(step, workload) },
    }));
  });
}

/** Ends early when the signal aborts. A step that fails does not end the others. */
export async function measureVariants(request: MeasureRequest): Promise<MeasuredStep[]> {
  const { signal, onStep, make = makeStep } = request;
  const steps = plannedSteps(request);
  const left = await whatIsLeft(steps, request);
  const made: MeasuredStep[] = [];
  for (const [n, { step, before }] of left.entries()) {
    const { variant, expectedSeconds: expected } = step;
    const planned = { variant, step: step.step, expectedSeconds: expected };
    const leftSeconds = left
      .slice(n)
      .reduce((sum, each) => sum + (each.before === null ? each.step.expectedSeconds : 0), 0);
    const place = { ...planned, number: n + 1, of: left.length, leftSeconds };
    const startedMs = performance.now();
    if (before === null) onStep({ ...place, state: 'begins' });
    const result: StepResult = before ?? (await resultOf(() => make(step, request), signal));
    const seconds = (performance.now() - startedMs) / 1_000;
    made.push({ ...planned, seconds, result });
    onStep({ ...place, state: 'ended', seconds, result });
    if (signal.aborted) break;
  }
  return made;
}

async function resultOf(make: () => Promise<MadeStep>, signal: AbortSignal): Promise<StepResult> {
  try {
    const made = await make();
    return signal.aborted ? { kind: 'interrupted' } : { kind: 'measured', ...made };
  } catch (error) {
    if (signal.aborted) return { kind: 'interrupted' };
    // What this program does wrong is no result of a variant.
    if (!(error instanceof CrashError)) throw error;
    return { kind: 'failed', sentence: messageOf(error) };
  }
}

interface Left {
  step: StepRequest;
  /** Null: it is to be made. */
  before: StepResult | null;
}

async function whatIsLeft(steps: readonly StepRequest[], measure: MeasureRequest): Promise<Left[]> {
  const { request, runs, profiles, again } = measure;
  const describe =
    measure.describe ??
    (({ settings, workload }) => newRunRecord({ ...request, settings, workload }, { runId: '', planFile: '' }));
  if (again) return steps.map((step): Left => ({ step, before: null }));
  const [valid, tasks] = [await readValidRuns(runs), await readTasksProfiles(profiles)];
  return steps.map((step): Left => {
    const { variant } = step;
    const like = describe(step);
    const ofTasks = tasks.find(({ name, record }) => isSameVariant(name, variant) && isMadeAlike(record, like));
    const workloads = step.step === 'webhooks' ? webhookLoads(step.workload) : [step.workload];
    const run = valid.find(
      ({ name, run: made }) =>
        isSameVariant(name, variant) && workloads.some((workload) => isMadeAlike(made, { ...like, workload })),
    );
    if (step.step === 'costs' && ofTasks !== undefined)
      return { step, before: { kind: 'reused', id: ofTasks.record.profileId, status: 'ok', sentence: '' } };
    if (step.step === 'costs' || run === undefined) return { step, before: null };
    const { runId, verdict } = run.measured;
    return { step, before: { kind: 'reused', id: runId, status: verdict, sentence: '' } };
  });
}

type Made = Pick<RunRecord, 'workload' | 'loadlineVersion'> &
  Partial<Pick<RunRecord, 'settings' | 'commit' | 'machine'>>;

/** Files that differ from a commit may be any. */
function isMadeAlike(made: Made, like: RunRecord): boolean {
  const { workload, loadlineVersion, settings, commit = like.commit, machine = like.machine } = made;
  return (
    loadlineVersion === like.loadlineVersion &&
    commit === like.commit &&
    commit?.endsWith('+') !== true &&
    isDeepStrictEqual(workload, like.workload) &&
    isDeepStrictEqual(plain(settings), plain(like.settings)) &&
    isDeepStrictEqual(machine, like.machine)
  );
}

/** As a file has it. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value ?? null));

async function makeStep({ step, settings, workload }: StepRequest, measure: MeasureRequest): Promise<MadeStep> {
  const { request: base, signal, planFile } = measure;
  if (base.target.kind !== 'local') throw new CrashError('Variants are measured on the local target.');
  const request = { ...base, settings, workload, target: { ...base.target, settings } };
  const silent: Say = () => {};
  if (step === 'costs') {
    const { runId, folder } = await createRunFolder(measure.profiles, new Date(), Math.random);
    const record = await measureProfile({
      ...{
        folder,
        profileId: runId,
        request,
        planFile,
        signal,
        fleets: fleetsFor(workload),
        say: silent,
        held: heldLoad,
      },
    });
    await writeProfile(folder, record);
    const [phase] = invalidPhasesOf(record);
    return {
      id: runId,
      status: phase === undefined ? 'ok' : 'invalid',
      sentence: phase === undefined ? '' : `The phase “${phase}” was invalid.`,
    };
  }
  let made: MadeStep | null = null;
  for (const load of step === 'webhooks' ? webhookLoads(workload) : [workload]) {
    made = await makeRun({ ...request, workload: load }, measure);
    if (made.status !== 'invalid' || signal.aborted) break;
  }
  if (made === null) throw new CrashError('There was no load.');
  return made;
}

async function makeRun(
  request: RunRequest,
  { runs, signal, planFile }: Pick<MeasureRequest, 'runs' | 'signal' | 'planFile'>,
): Promise<MadeStep> {
  const { runId, folder } = await createRunFolder(join(runs, variantsFolder), new Date(), Math.random);
  const { report } = await runBenchmark({
    ...{ folder, signal, fleets: fleetsFor(request.workload), say: () => {} },
    run: newRunRecord(request, { runId, planFile }),
    scenarioFile: request.scenarioFile,
    target: request.target,
    ...givenVariables(request),
  });
  const { status, sentence, reasons } = report.verdict;
  if (status === 'partial') throw new CrashError(sentence);
  return { id: runId, status, sentence: reasons[0]?.sentence ?? sentence };
}

/** The newest valid run of each variant of the reference stack, for comparing variants that were measured with those that were not. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Coefficients } from '../../capacity/demand/coefficients.ts';
import { measuredServiceCosts } from '../../capacity/servers/measured-service-costs.ts';
import type { ServiceCosts } from '../../capacity/servers/service-costs.ts';
import type { VariantName } from '../../capacity/servers/variants.ts';
import { checkDigests } from '../../record/digests.ts';
import { RunFileError, readJsonFile } from '../../record/json-file.ts';
import type { RunRecord } from '../../record/run.ts';
import { isRunId, readRun, runFileNames } from '../../record/run-folder.ts';
import {
  isOfWebhooksAlone,
  type MeasuredVariant,
  measuredOf,
  measuredReportSchema,
  unitsOf,
  type WebhooksReached,
  webhooksReached,
} from '../../reports/choose/measured-variant.ts';
import { recordedReportSchema } from '../../reports/recorded-report.ts';
import { variantOf } from '../../scenarios/reference/variants.ts';

/** In the folder of runs: those that `loadline choose --measure` made, which are no basis of a plan by themselves. */
export const variantsFolder = 'variants';

export interface MeasuredRun {
  name: VariantName;
  /** Of the run. */
  folder: string;
  measured: MeasuredVariant;
  /** Null: the run measured none, as of a service of tasks. */
  coefficients: Coefficients | null;
  /** Its load, what made it, and on what: runs compare where all of it is the same. */
  run: Pick<RunRecord, 'workload' | 'settings' | 'loadlineVersion' | 'commit' | 'machine' | 'startedAt'>;
  /** Of a run of webhooks alone; null: of any other. */
  reached: WebhooksReached | null;
  /** Of a service of tasks whose CPU was counted; null: of functions, or it was not. */
  serviceCosts: { costs: ServiceCosts; factor: number } | null;
}

const reportSchema = measuredReportSchema.extend({ coefficients: recordedReportSchema.shape.coefficients });

/**
 * Newest first, one of each variant; how fast it took webhooks is that of the newest run in which they came alone. Of a folder that cannot be read, or whose run is
 * invalid or partial, nothing is said here.
 */
export async function readMeasuredVariants(root = 'runs'): Promise<MeasuredRun[]> {
  const read = await readValidRuns(root);
  const firsts = read.filter((run, n) => read.findIndex(({ name }) => isSameVariant(name, run.name)) === n);
  return firsts.map((first) => {
    const own = read.filter(({ name }) => isSameVariant(name, first.name));
    const main = own.find(({ run }) => !isOfWebhooksAlone(run.workload)) ?? first;
    const webhooks = own.find(({ reached }) => reached !== null)?.reached ?? null;
    return { ...main, measured: { ...main.measured, webhooks } };
  });
}

/** Each valid run of a variant, newest first. */
export async function readValidRuns(root: string): Promise<MeasuredRun[]> {
  const folders = [root, join(root, variantsFolder)].filter((folder) => existsSync(folder));
  const ids = folders.flatMap((folder) =>
    readdirSync(folder)
      .filter(isRunId)
      .map((id) => ({ folder, id })),
  );
  const read: MeasuredRun[] = [];
  for (const { folder, id } of ids.toSorted((a, b) => (a.id < b.id ? 1 : -1))) {
    const run = await readOne(join(folder, id));
    if (run !== null) read.push(run);
  }
  return read;
}

/** On this machine tasks are processes, whatever runs them on AWS: a run of one is a run of the other. */
export const isSameVariant = (a: VariantName, b: VariantName): boolean =>
  a.compute === b.compute && a.store === b.store && a.way === b.way && a.webhookApi === b.webhookApi;

async function readOne(folder: string): Promise<MeasuredRun | null> {
  try {
    if (((await checkDigests(folder, { reports: true })) ?? []).length > 0) return null;
    const run = await readRun(folder);
    const name = variantOf(run);
    if (name === null || run.outcome.kind !== 'completed') return null;
    const report = await readJsonFile(join(folder, runFileNames.reportJson), reportSchema);
    const measured = measuredOf(run, report);
    if (measured === null) return null;
    const functionMsPerMessage = name.compute === 'server' ? null : messageMs(report.coefficients);
    const cpuSeconds = report.resources?.services?.[0]?.cpuSeconds ?? null;
    const serviceCosts = measuredServiceCosts(unitsOf(report), cpuSeconds);
    const { workload, settings, loadlineVersion, commit, machine, startedAt } = run;
    return {
      ...{ name, folder, run: { workload, settings, loadlineVersion, commit, machine, startedAt } },
      measured: { ...measured, functionMsPerMessage },
      ...{ reached: webhooksReached(run, report), coefficients: report.coefficients, serviceCosts },
    };
  } catch (cause) {
    // Cut off, changed, still running, or of another version.
    if (cause instanceof RunFileError) return null;
    throw cause;
  }
}

/** Of all functions, for one message; null: there was none, or one was not counted. */
function messageMs(coefficients: Coefficients | null): number | null {
  const costs = Object.values(coefficients?.functions ?? {}).flatMap(({ busySeconds }) => busySeconds.message ?? []);
  const known = costs.flatMap((cost) => (cost.kind === 'value' ? [cost.value * 1_000] : []));
  return costs.length === 0 || known.length < costs.length ? null : known.reduce((sum, ms) => sum + ms, 0);
}

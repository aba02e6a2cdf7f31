/** The newest valid run of each variant of the reference stack, for comparing variants that were measured with those that were not. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Coefficients } from '../../capacity/demand/coefficients.ts';
import { measuredServiceCosts } from '../../capacity/servers/measured-service-costs.ts';
import type { ServiceCosts } from '../../capacity/servers/service-costs.ts';
import type { VariantName } from '../../capacity/servers/variants.ts';
import { checkDigests } from '../../record/digests.ts';
import { RunFileError, readJsonFile } from '../../record/json-file.ts';
import { isRunId, readRun, runFileNames } from '../../record/run-folder.ts';
import {
  type MeasuredVariant,
  measuredOf,
  measuredReportSchema,
  unitsOf,
} from '../../reports/choose/measured-variant.ts';
import { recordedReportSchema } from '../../reports/recorded-report.ts';
import { variantOf } from '../../scenarios/reference/variants.ts';

export interface MeasuredRun {
  name: VariantName;
  measured: MeasuredVariant;
  /** Null: the run measured none, as of a service of tasks. */
  coefficients: Coefficients | null;
  /** Of a service of tasks whose CPU was counted; null: of functions, or it was not. */
  serviceCosts: { costs: ServiceCosts; factor: number } | null;
}

const reportSchema = measuredReportSchema.extend({ coefficients: recordedReportSchema.shape.coefficients });

/** Newest first, one of each variant. Of a folder that cannot be read, or whose run is invalid or partial, nothing is said here. */
export async function readMeasuredVariants(root = 'runs'): Promise<MeasuredRun[]> {
  if (!existsSync(root)) return [];
  const found: MeasuredRun[] = [];
  for (const id of readdirSync(root).filter(isRunId).toSorted().toReversed()) {
    const read = await readOne(join(root, id));
    if (read !== null && !found.some(({ name }) => isSameVariant(name, read.name))) found.push(read);
  }
  return found;
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
    const cpuSeconds = report.resources?.services?.[0]?.cpuSeconds ?? null;
    const serviceCosts = measuredServiceCosts(unitsOf(report), cpuSeconds);
    return { name, measured, coefficients: report.coefficients, serviceCosts };
  } catch (cause) {
    // Cut off, changed, still running, or of another version.
    if (cause instanceof RunFileError) return null;
    throw cause;
  }
}

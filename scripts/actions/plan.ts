import { usEast1Prices } from '../../aws/prices.ts';
import { assumedCoefficients, assumedMeanMs } from '../../capacity/demand/assumed-coefficients.ts';
import type { UsagePlan } from '../../capacity/demand/plan.ts';
import type { Deployment } from '../../capacity/headroom/quota.ts';
import { dateAfter } from '../../capacity/projection/rollout.ts';
import { planDocument } from '../../reports/document/plan-document.ts';
import { buildPlanReport } from '../../reports/plan-report.ts';
import { deploymentOf } from '../../reports/recorded.ts';
import { printableJson } from '../../reports/render/printable.ts';
import { renderText } from '../../reports/render/text.ts';
import { UsageError } from '../../run/errors.ts';
import { accept, readInputFile, readYamlFile } from '../../run/input-file.ts';
import { type LastRun, type NoRun, readLastRun } from '../../run/last-run.ts';
import { loadlineVersion } from '../../run/package-root.ts';
import { readAccountQuotas } from '../../run/request/account-quotas.ts';
import { isKnownQuota, unknownQuota } from '../../scenarios/plan/known-quotas.ts';
import { parseUsagePlan } from '../../scenarios/plan/plan.ts';
import { parsePrices } from '../../scenarios/plan/prices.ts';
import { parseSettings, settingsSchema } from '../../stack/settings.ts';
import { defaultPlan } from '../options/plan-option.ts';
import { doubtOf, doubtsOf } from '../options/run-basis.ts';
import { writeReportPages } from '../report-pages.ts';
import type { Terminal } from '../terminal.ts';

export interface PlanOptions {
  settings?: string;
  run?: string;
  quota?: Record<string, number>;
  quotas?: string[];
  prices?: string;
  freeTier?: boolean;
  report?: string;
  json?: boolean;
}

export async function plan(planFile: string, options: PlanOptions, terminal: Terminal): Promise<void> {
  const { plan: given } = accept(parseUsagePlan(readInputFile(planFile, 'usage plan'), planFile));
  const account = (options.quotas ?? []).map(readAccountQuotas);
  checkDates(given, planFile);
  for (const key of Object.keys(options.quota ?? {}))
    if (!isKnownQuota(key)) throw new UsageError(`--quota ${key}: ${unknownQuota(key)}`);
  const run = await readLastRun(options.run);
  const { prices, priceBasis } = pricesOf(options.prices);
  const report = buildPlanReport({
    plan: { ...given, quotas: { ...Object.assign({}, ...account), ...given.quotas, ...options.quota } },
    coefficients: run.runId === null ? assumedCoefficients() : run.coefficients,
    deployment: { ...deploymentOfOptions(options, run), newTable: given.newTable },
    prices,
    freeTier: options.freeTier === true,
    doubt: doubtOf(run),
    loadlineVersion,
    basis: [coefficientBasis(run), ...historyBasis(given), quotaBasis(planFile, options), priceBasis],
  });
  const document = planDocument(report);
  if (options.report !== undefined) await writeReportPages(options.report, { name: 'plan', document, json: report });
  terminal.print(options.json ? printableJson(report) : renderText(document, terminal.columns));
}

/** A plan whose horizon is over has no date that lies ahead. The default plan is an example, whatever the day. */
function checkDates(plan: UsagePlan, planFile: string): void {
  const end = dateAfter(plan, plan.horizonMonths);
  if (planFile === defaultPlan || end >= new Date().toISOString().slice(0, 10)) return;
  throw new UsageError(
    `${planFile}: asOf ${plan.asOf} is too long ago: the horizon of ${plan.horizonMonths} months ended on ${end}. Set asOf to the date for which users holds now.`,
  );
}

function deploymentOfOptions(options: PlanOptions, run: LastRun | NoRun): Deployment {
  if (options.settings === undefined && run.runId !== null) return run.deployment;
  const settings =
    options.settings === undefined ? parseSettings() : readYamlFile(options.settings, 'settings file', settingsSchema);
  return deploymentOf({ settings, target: settings });
}

function pricesOf(file: string | undefined) {
  if (file === undefined)
    return {
      prices: usEast1Prices,
      priceBasis: 'Prices: us-east-1, each with its date in the table; --prices replaces them.',
    };
  const { prices, fromDefaults } = accept(parsePrices(readInputFile(file, 'prices file'), file));
  const kept = fromDefaults.length === 0 ? '' : ` Missing in it, and taken from us-east-1: ${fromDefaults.join(', ')}.`;
  return { prices, priceBasis: `Prices: ${file}.${kept}` };
}

/** The last month is to be that of `users`: where it is not, the history may be of something else. */
function historyBasis({ users, growthHistory }: UsagePlan): string[] {
  const last = growthHistory?.at(-1);
  if (last === undefined || Math.abs(last / users - 1) < 0.1) return [];
  return [
    `The last month of growthHistory has ${last.toLocaleString('en-US')} users and the plan ${users.toLocaleString('en-US')}: only the history's growth is used.`,
  ];
}

function coefficientBasis(run: LastRun | NoRun): string {
  const doubts = doubtsOf(run);
  if (run.runId === null) {
    const durations = Object.entries(assumedMeanMs).map(([role, ms]) => `${role} ${ms} ms`);
    const assumed = `No run: coefficients are assumed (means: ${durations.join(', ')}). Measure them with loadline run.`;
    return [assumed, ...doubts].join(' ');
  }
  const local =
    run.coefficients.from === 'local' ? ' on a local target: its durations are this machine’s, not AWS’s' : ' on AWS';
  return [`Coefficients were measured by run ${run.runId}${local}.`, ...doubts].join(' ');
}

function quotaBasis(planFile: string, { quota = {}, quotas: files = [] }: PlanOptions): string {
  const sources = [
    ...(Object.keys(quota).length > 0 ? ['--quota'] : []),
    planFile,
    ...files,
    "the stack's settings",
    "AWS's documented defaults",
  ];
  return `Quotas, in order of precedence: ${sources.join(', ')}.`;
}

import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Argument, type Command } from 'commander';
import { usEast1Prices } from '../../aws/prices.ts';
import { assumedCoefficients, assumedMeanMs } from '../../capacity/demand/assumed-coefficients.ts';
import type { Deployment } from '../../capacity/headroom/quota.ts';
import { quotas } from '../../capacity/headroom/quotas.ts';
import { sentenceOf, writeJsonFile, writeTextFile } from '../../record/json-file.ts';
import { planDocument } from '../../reports/document/plan-document.ts';
import { buildPlanReport, type PlanReport } from '../../reports/plan-report.ts';
import { deploymentOf } from '../../reports/recorded.ts';
import { renderText } from '../../reports/render/text.ts';
import { UsageError } from '../../run/errors.ts';
import { accept, readInputFile, readYamlFile } from '../../run/input-file.ts';
import { type LastRun, readLastRun } from '../../run/last-run.ts';
import { loadlineVersion } from '../../run/package-root.ts';
import { readAccountQuotas } from '../../run/request/account-quotas.ts';
import { parsePlan } from '../../scenarios/plan/plan.ts';
import { parsePrices } from '../../scenarios/plan/prices.ts';
import { parseSettings, settingsSchema } from '../../stack/settings.ts';
import { defaultPlan, defaultPlanName } from '../options/plan-option.ts';
import { collect, quotaValue } from '../options/values.ts';
import type { Terminal } from '../terminal.ts';

interface PlanOptions {
  settings?: string;
  run?: string;
  quota?: Record<string, number>;
  quotas?: string[];
  prices?: string;
  report?: string;
  json?: boolean;
}

export function addPlanCommand(program: Command, terminal: Terminal): void {
  program
    .command('plan')
    .description(
      'Compares a usage plan with the quotas, without applying load: headroom, when each quota runs out, costs, and which quotas and settings to raise.',
    )
    .addArgument(new Argument('[plan]', 'usage plan').default(defaultPlan, defaultPlanName))
    .option(
      '--run <folder>',
      'run whose coefficients are used; default: runs/latest if it exists, otherwise assumed ones',
    )
    .option(
      '--settings <file>',
      "YAML file of the stack's settings; default: those of the run, or the stack's defaults",
    )
    .option('--quota <code=value>', 'quota of the account, by code or id; repeatable', quotaValue)
    .option(
      '--quotas <file>',
      "the account's quotas: output of `aws service-quotas list-service-quotas --output json`, a file for each service; repeatable",
      collect,
    )
    .option('--prices <file>', 'prices in place of those of us-east-1 (YAML, with source and date)')
    .option('--report <folder>', 'also write plan.html, plan.md and plan.json there')
    .option('--json', 'print the whole answer as JSON on stdout')
    .addHelpText(
      'after',
      '\nExample:\n  loadline plan my-plan.yml --run runs/latest --quota newConnections=1000 --report plan-report',
    )
    .action((file, options) => plan(file, options, terminal));
}

async function plan(planFile: string, options: PlanOptions, terminal: Terminal): Promise<void> {
  const { plan: given } = accept(parsePlan(readInputFile(planFile, 'usage plan'), planFile));
  const account = (options.quotas ?? []).map(readAccountQuotas);
  for (const key of Object.keys(options.quota ?? {}))
    if (!quotas.some(({ id, code, burstCode }) => [id, code, burstCode].includes(key)))
      throw new UsageError(
        `--quota ${key}: no quota has that code or id. Known ids: ${quotas.map(({ id }) => id).join(', ')}.`,
      );
  const run = await readLastRun(options.run ?? join('runs', 'latest'), options.run !== undefined);
  const { prices, priceBasis } = pricesOf(options.prices);
  const report = buildPlanReport({
    plan: { ...given, quotas: { ...Object.assign({}, ...account), ...given.quotas, ...options.quota } },
    coefficients: run?.coefficients ?? assumedCoefficients(),
    deployment: deploymentOfOptions(options, run),
    prices,
    loadlineVersion,
    basis: [coefficientBasis(run), quotaBasis(planFile, options), priceBasis],
  });
  if (options.report !== undefined) await writeReport(resolve(options.report), report);
  terminal.print(options.json ? JSON.stringify(report) : renderText(planDocument(report)));
}

async function writeReport(folder: string, report: PlanReport): Promise<void> {
  // The renderers take longer to load than the plan takes to compute.
  const [{ renderMarkdown }, { renderHtml }] = await Promise.all([
    import('../../reports/render/markdown.ts'),
    import('../../reports/render/html.ts'),
  ]);
  const document = planDocument(report);
  try {
    await mkdir(folder, { recursive: true });
  } catch (cause) {
    throw new UsageError(`--report ${folder}: the folder could not be created: ${sentenceOf(cause)}. Name another.`, {
      cause,
    });
  }
  await writeJsonFile(join(folder, 'plan.json'), report);
  await writeTextFile(join(folder, 'plan.md'), renderMarkdown(document));
  await writeTextFile(join(folder, 'plan.html'), renderHtml(document));
}

function deploymentOfOptions(options: PlanOptions, run: LastRun | null): Deployment {
  if (options.settings === undefined && run !== null) return run.deployment;
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

function coefficientBasis(run: LastRun | null): string {
  if (run === null) {
    const durations = Object.entries(assumedMeanMs).map(([role, ms]) => `${role} ${ms} ms`);
    return `No run: coefficients are assumed (means: ${durations.join(', ')}). Measure them with loadline run.`;
  }
  const local =
    run.coefficients.from === 'local' ? ' on a local target: its durations are this machine’s, not AWS’s' : ' on AWS';
  const unfinished = run.completed ? '' : ' That run did not complete: use one that did.';
  return `Coefficients were measured by run ${run.runId}${local}.${unfinished}`;
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

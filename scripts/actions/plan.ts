import { usEast1Prices } from '../../aws/prices.ts';
import { loadOfPlan } from '../../capacity/demand/load.ts';
import type { UsagePlan } from '../../capacity/demand/plan.ts';
import { withFallback } from '../../capacity/fallback/fallback-costs.ts';
import { dateAfter } from '../../capacity/projection/rollout.ts';
import { planDocument } from '../../reports/document/plan-document.ts';
import { buildPlanReport, type PlanInput } from '../../reports/plan-report.ts';
import { printableJson } from '../../reports/render/printable.ts';
import { renderText } from '../../reports/render/text.ts';
import type { PlanCommand } from '../../reports/what-if/page-data.ts';
import type { WhatIfPage } from '../../reports/what-if/section.ts';
import { type Basis, readBasis, readBasisOf, type StackBasis } from '../../run/basis.ts';
import { UsageError } from '../../run/errors.ts';
import { accept, readInputFile } from '../../run/input-file.ts';
import { loadlineVersion } from '../../run/package-root.ts';
import { readAccountQuotas } from '../../run/request/account-quotas.ts';
import { readFunctionsSettings } from '../../run/request/functions-settings.ts';
import { type PlannedStack, readPlannedStack } from '../../run/target/planned-stack.ts';
import { isKnownQuota, unknownQuota } from '../../scenarios/plan/known-quotas.ts';
import { parseUsagePlan } from '../../scenarios/plan/plan.ts';
import { parsePrices } from '../../scenarios/plan/prices.ts';
import { parseSettings } from '../../stack/settings/settings.ts';
import { costsFrom } from '../options/coefficient-basis.ts';
import { askedAgain } from '../options/plan-again.ts';
import { defaultPlan } from '../options/plan-option.ts';
import type { PlanOptions } from '../options/plan-options.ts';
import { planRoutes } from '../options/plan-routes.ts';
import { doubtOf, doubtsOf } from '../options/run-basis.ts';
import { writeReportPages } from '../report-pages.ts';
import type { Terminal } from '../terminal.ts';
import { type PlannedService, plannedService } from './planned-service.ts';

export async function plan(planFile: string, options: PlanOptions, terminal: Terminal): Promise<void> {
  const { plan: given } = accept(parseUsagePlan(readInputFile(planFile, 'usage plan'), planFile));
  const account = (options.quotas ?? []).map(readAccountQuotas);
  checkDates(given, planFile);
  for (const key of Object.keys(options.quota ?? {}))
    if (!isKnownQuota(key)) throw new UsageError(`--quota ${key}: ${unknownQuota(key)}`);
  const own = await readPlannedStack(options, terminal.environment);
  const tasks = own === null ? await plannedService(options) : null;
  const { basis, notes: ofRoutes } = planRoutes(await basisOf(own, tasks, options), { own, options });
  const { prices, priceBasis } = pricesOf(options.prices);
  const { plan: ofStack, notes } = planFor(given, basis);
  const input: PlanInput = withFallback({
    // Of several files the first that has a quota is used.
    plan: { ...ofStack, quotas: { ...Object.assign({}, ...account.toReversed()), ...given.quotas, ...options.quota } },
    coefficients: basis.coefficients,
    deployment: { ...basis.deployment, newTable: given.newTable },
    ...(tasks && { service: tasks.service }),
    prices,
    freeTier: options.freeTier === true,
    doubt: doubtIn(basis, own),
    loadlineVersion,
    basis: [
      [coefficientBasis(basis, { own, options }), ...doubtsOf(basis)].join(' '),
      ...(tasks?.basis ?? []),
      ...(own?.notes ?? []),
      ...ofRoutes,
      ...notes,
      ...historyBasis(given),
      quotaBasis(planFile, options),
      priceBasis,
    ],
  });
  const report = buildPlanReport(input);
  const document = planDocument(report);
  if (options.report !== undefined) {
    const whatIf = tasks ? null : await livePage(input, { ...askedAgain(options, basis), settings: basis.settings });
    await writeReportPages(options.report, { name: 'plan', document, json: report, whatIf });
  }
  terminal.print(options.json ? printableJson(report) : renderText(document, terminal.columns));
}

async function basisOf(
  own: PlannedStack | null,
  tasks: PlannedService | null,
  options: PlanOptions,
): Promise<Basis | StackBasis> {
  const { settings } = options;
  if (own !== null) {
    if (settings === undefined) return await readBasisOf(own, options);
    throw new UsageError(
      `--settings are those of the reference stack, and the plan is for ${own.shown}: leave it out.`,
    );
  }
  return await readBasis(options, {
    settings: tasks?.functions ?? readFunctionsSettings(settings),
    fallback: parseSettings(),
  });
}

function doubtIn(basis: Basis | StackBasis, own: PlannedStack | null): string | null {
  if (basis.kind !== 'graph') return doubtOf(basis);
  return own?.inside
    ? 'Nothing of the stack was measured: what its functions, tables and pushes need is unknown, and may bind before anything that is said here. `loadline profile` measures it.'
    : 'Nothing is known of what is behind the URL, and it may bind before anything that is said here.';
}

/** The live page's code takes longer to load than the plan takes to compute. */
async function livePage(input: PlanInput, command: PlanCommand): Promise<WhatIfPage> {
  const { livePlan } = await import('../../reports/what-if/live-page.ts');
  return await livePlan(input, command);
}

/** A plan whose horizon is over has no date that lies ahead. The default plan is an example, whatever the day. */
function checkDates(plan: UsagePlan, planFile: string): void {
  const end = dateAfter(plan, plan.horizonMonths);
  if (planFile === defaultPlan || end >= new Date().toISOString().slice(0, 10)) return;
  throw new UsageError(
    `${planFile}: asOf ${plan.asOf} is too long ago: the horizon of ${plan.horizonMonths} months ended on ${end}. Set asOf to the date for which users holds now.`,
  );
}

/** A plan without what the stack has no way for. */
function planFor(plan: UsagePlan, { deployment }: Pick<Basis, 'deployment'>): { plan: UsagePlan; notes: string[] } {
  const notes = [
    ...(deployment.webhook === null && plan.webhooksPerUserPerDay > 0
      ? ['The stack takes no webhooks, or its profile posted none: those of the plan are left out.']
      : []),
    ...(!deployment.code?.channels && (plan.channels || plan.broadcast || plan.largest?.channelSubscribers)
      ? ['What publishes to channels cost this stack beside @connections calls is not known, and left out.']
      : []),
    ...tooLargeChannel(plan, deployment),
  ];
  return { plan: deployment.webhook === null ? { ...plan, webhooksPerUserPerDay: 0 } : plan, notes };
}

/** What the stack itself refuses is in no quota. */
function tooLargeChannel(plan: UsagePlan, { code }: Basis['deployment']): string[] {
  const most = code?.channels?.maxRecipients ?? Number.POSITIVE_INFINITY;
  const { subscribers = 0 } = loadOfPlan(plan, plan.horizonMonths).fanOut?.largest ?? {};
  if (subscribers <= most) return [];
  return [
    `The stack refuses publishes to more than ${most.toLocaleString('en-US')} subscribers (setting userCaps.recipients), and the largest channel has up to ${Math.ceil(subscribers).toLocaleString('en-US')} within the horizon: they are calculated as if that setting were raised.`,
  ];
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

function coefficientBasis(
  basis: Basis | StackBasis,
  { own, options }: { own: PlannedStack | null; options: PlanOptions },
): string {
  if (basis.kind !== 'graph') return costsFrom(basis);
  return own?.inside
    ? `${withoutMeasurement(own, { basis, options })}: calls are those of its graph, and what else a unit of load costs is unknown. Measure it with loadline profile, or name a profile with --profile.`
    : 'Nothing was measured.';
}

/** Why nothing that was measured of a stack is used. */
function withoutMeasurement(
  { shown }: PlannedStack,
  { basis: { skipped }, options }: { basis: StackBasis; options: PlanOptions },
): string {
  if (options.run !== undefined) return `No run and no profile of ${shown} is used, as --run ${options.run} asks`;
  const valid = skipped.runs.length + skipped.profiles.length > 0 ? ' valid' : '';
  return `No${valid} run and no${valid} profile of ${shown}`;
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

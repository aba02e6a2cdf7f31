/** One entry of a suite, measured once. */
import { z } from 'zod';
import { messageOf, UsageError } from '../errors.ts';
import { type Checkout, type CommandEnd, runCommand } from './child-command.ts';
import { measurementsOfRun, type ReadRun, readMeasuredRun } from './measured-run.ts';
import { capacity, count, type Measured, type Measurement } from './measurement.ts';
import { type MicroLoad, microCosts, microLoads, microRun } from './micro-costs.ts';
import { refusalSentence, withoutHelp } from './refusal.ts';
import { argumentsOf, type Entry } from './suite.ts';

interface EntryContext {
  checkout: Checkout;
  /** Folder for run and search folders. */
  runs: string;
  signal: AbortSignal;
}

const nothing = { measurements: [], target: 'none', sloBroken: null } as const;

/** Does not throw for what goes wrong in it: that is why it is invalid. @throws UsageError when the command refuses the entry's options. */
export async function measureEntry(entry: Entry, context: EntryContext): Promise<Measured> {
  switch (entry.kind) {
    case 'run':
      return await measureRun(entry, context);
    case 'micro':
      return await measureMicro(entry, context);
    case 'search':
      return await measureSearch(entry, context);
    case 'plan':
      return await measurePlan(entry, context);
  }
}

/** The command lines that it comes to, in turn. */
export function commandLinesOf(entry: Entry, runs: string): string[][] {
  switch (entry.kind) {
    case 'run':
      return [runLine(entry, runs)];
    case 'micro':
      return microLoads.map((load) => runLine(microRun(load, entry.options), runs));
    case 'search':
      return [searchLine(entry, runs)];
    case 'plan':
      return [planLine(entry)];
  }
}

interface ScenarioRun {
  scenario: string;
  options: Entry['options'];
}

const runLine = ({ scenario, options }: ScenarioRun, runs: string): string[] => [
  ...['run', scenario, ...argumentsOf(options)],
  ...['--runs', runs, '--quiet', '--json'],
];

const searchLine = ({ scenario, options }: ScenarioRun, runs: string): string[] => [
  ...['search', scenario, ...argumentsOf(options)],
  ...['--searches', runs, '--quiet', '--json'],
];

function planLine({ plan, options }: Extract<Entry, { kind: 'plan' }>): string[] {
  // What depends on no run, unless one is named.
  const all = options.run === undefined ? { ...options, run: 'none' } : options;
  return ['plan', ...(plan === undefined ? [] : [plan]), ...argumentsOf(all), '--json'];
}

const usageCode = 2;

async function command(entry: Entry, args: string[], context: EntryContext): Promise<CommandEnd> {
  const end = await runCommand(args, context);
  if (end.code === usageCode)
    throw new UsageError(refusalSentence(entry, withoutHelp(end.said) || 'its options are refused.'));
  return end;
}

/** Null: it is whole. */
function whyIncomplete({ code, said }: CommandEnd, signal: AbortSignal): string {
  if (signal.aborted) return 'It was interrupted.';
  return said.split('\n').at(-1) || `It ended with ${code === null ? 'a signal' : `exit code ${code}`}.`;
}

const runOutput = z.object({ folder: z.string() });

async function run(entry: Entry, scenarioRun: ScenarioRun, context: EntryContext): Promise<ReadRun> {
  const end = await command(entry, runLine(scenarioRun, context.runs), context);
  const output = runOutput.safeParse(end.json);
  const failed = { target: 'none', sloBroken: null, totals: null, latencies: [], failures: [] } as const;
  if (!output.success) return { ...failed, invalid: whyIncomplete(end, context.signal) };
  try {
    return await readMeasuredRun(output.data.folder);
  } catch (cause) {
    return { ...failed, invalid: messageOf(cause) };
  }
}

async function measureRun(entry: Extract<Entry, { kind: 'run' }>, context: EntryContext): Promise<Measured> {
  const { target, invalid, sloBroken, ...read } = await run(entry, entry, context);
  return { target, invalid, sloBroken, measurements: measurementsOfRun(read) };
}

/** Counts do not depend on how late a busy generator was: what makes them invalid is work that did not succeed. */
async function measureMicro(entry: Extract<Entry, { kind: 'micro' }>, context: EntryContext): Promise<Measured> {
  const runs: Partial<Record<MicroLoad, ReadRun>> = {};
  for (const load of microLoads) {
    const read = await run(entry, microRun(load, entry.options), context);
    const { totals, target, invalid } = read;
    const reason = totals === null ? (invalid ?? 'It measured nothing.') : totals.incomplete;
    if (reason !== null) return { ...nothing, target, invalid: `${load}: ${reason}` };
    runs[load] = read;
  }
  const { connect, message, webhook } = runs;
  const totals = {
    connect: connect?.totals ?? null,
    message: message?.totals ?? null,
    webhook: webhook?.totals ?? null,
  };
  return { ...nothing, target: connect?.target ?? 'none', invalid: null, measurements: microCosts(totals) };
}

const searchOutput = z.object({
  kind: z.string(),
  unit: z.string(),
  lower: z.number(),
  upper: z.number().nullable(),
  bottleneck: z.looseObject({ kind: z.string() }).nullable(),
});

async function measureSearch(entry: Extract<Entry, { kind: 'search' }>, context: EntryContext): Promise<Measured> {
  const end = await command(entry, searchLine(entry, context.runs), context);
  const output = searchOutput.safeParse(end.json);
  const target = entry.options.target === 'aws' ? 'aws' : 'local';
  if (!output.success || output.data.kind !== 'found')
    return { ...nothing, target, invalid: whyIncomplete(end, context.signal) };
  const { unit, lower, bottleneck } = output.data;
  const isGenerator = bottleneck?.kind === 'generator';
  return {
    target,
    invalid: isGenerator ? 'The load generator was the limit.' : null,
    sloBroken: lower === 0 ? 'Not even the smallest load was carried.' : null,
    measurements: [capacity('carried', lower, unit, true)],
  };
}

const planOutput = z.object({
  headroom: z.array(z.looseObject({})).exactOptional(),
  binding: z.looseObject({ utilisation: z.number() }).nullable(),
  projection: z.object({ first: z.looseObject({ months: z.number() }).nullable(), horizonMonths: z.number() }),
  cost: z.array(z.object({ label: z.string(), cost: z.object({ usdPerMonth: z.number() }) })),
});

/** Calculated. */
async function measurePlan(entry: Extract<Entry, { kind: 'plan' }>, context: EntryContext): Promise<Measured> {
  const end = await command(entry, planLine(entry), context);
  const output = planOutput.safeParse(end.json);
  if (!output.success) return { ...nothing, invalid: whyIncomplete(end, context.signal) };
  const { binding, projection, cost } = output.data;
  const measurements: Measurement[] = [
    ...(binding === null ? [] : [count('bindingUtilisation', binding.utilisation, 'share of the quota')]),
    // A plan that lasts to its horizon lasts as long as anybody has asked.
    capacity('lasts', projection.first?.months ?? projection.horizonMonths, 'months', false),
    ...cost.slice(0, 1).map((today) => count('cost', today.cost.usdPerMonth, 'USD/month')),
    ...cost
      .slice(1)
      .slice(-1)
      .map((end) => count('costAtHorizon', end.cost.usdPerMonth, 'USD/month')),
  ];
  return { ...nothing, invalid: null, measurements };
}

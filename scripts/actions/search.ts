import { basename, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { sloSchema } from '../../capacity/demand/plan.ts';
import { flatObjectives, isOfRoute, nestedObjectives } from '../../capacity/demand/route-objectives.ts';
import { concealer } from '../../engine/src/concealment.ts';
import { maxConnectionsPerAddress } from '../../engine/src/core/fleet/fleet-spec.ts';
import type { LoadOptionName } from '../../engine/src/step/load-fields.ts';
import { closeFolder } from '../../record/private-folder.ts';
import { approx } from '../../reports/analysis/numbers.ts';
import { searchProgress } from '../../reports/progress/progress.ts';
import { printableJson } from '../../reports/render/printable.ts';
import { secretsOf } from '../../run/benchmark.ts';
import { CrashError, UsageError } from '../../run/errors.ts';
import { accept, readInputFile } from '../../run/input-file.ts';
import type { ProgressSink } from '../../run/load/progress.ts';
import { loadlineVersion } from '../../run/package-root.ts';
import { checkLoad } from '../../run/request/generator-limits.ts';
import { placeOf } from '../../run/request/run-record.ts';
import { prepareRun, type RunRequest } from '../../run/request/run-request.ts';
import { readRecordedSearch } from '../../run/search/recorded-search.ts';
import { type FoundCapacity, runSearch, type TrialUnderWay } from '../../run/search/search.ts';
import { newSearch, readSearch, type SearchRecord } from '../../run/search/search-folder.ts';
import { searchNumbers } from '../../run/search/search-report.ts';
import { plannedLoad, unitOf, type Variable, variables, variedWorkload } from '../../run/search/varied-workload.ts';
import type { LiveReport } from '../../run/watch/live-report.ts';
import { variablesUsed } from '../../scenarios/catalogue/offered-load.ts';
import { parseScenario } from '../../scenarios/catalogue/scenario.ts';
import { suggestion } from '../../scenarios/yaml/nearest-key.ts';
import { type ExitCode, exitCode } from '../exit-code.ts';
import { onInterruption } from '../interruption.ts';
import { newRunFolder } from '../new-run-folder.ts';
import type { RunCommandOptions } from '../options/run-options.ts';
import { defaultMaxFactor } from '../options/search-options.ts';
import { refuseWithoutEffect } from '../options/without-effect.ts';
import { progressSink } from '../progress-sink.ts';
import { type Terminal, withoutSecrets } from '../terminal.ts';
import { watched } from '../watched.ts';
import { searchPage, searchText } from './search-result.ts';

export interface SearchOptions extends RunCommandOptions {
  vary?: string;
  start?: number;
  max?: number;
  width: number;
  slo?: Record<string, number>;
  searches: string;
  resume?: string;
}

export async function search(
  scenario: string,
  given: SearchOptions,
  { command, terminal: ofProcess }: { command: Command; terminal: Terminal },
): Promise<void> {
  const resumed = given.resume === undefined ? null : await resumedSearch(given.resume, given, command);
  const options = resumed?.options ?? given;
  refuseWithoutEffect(given, command);
  const request = withSlo(
    await prepareRun(resumed?.search.scenario ?? scenario, options, ofProcess.environment),
    resumed?.search.slo ?? options.slo ?? {},
  );
  const conceal = concealer(secretsOf(request));
  checkRecordable(options, conceal);
  const terminal = withoutSecrets(ofProcess, conceal);
  const say = given.quiet ? () => {} : terminal.say;
  const interruption = onInterruption(
    say,
    'Interrupted: the search can be resumed. Interrupt again to stop immediately.',
  );
  let live: LiveReport | null = null;
  try {
    const { folder, search: record } = resumed ?? (await newSearchFolder(options, request));
    say(`Search folder: ${folder}. A trial takes about ${Math.round(request.workload.steadySeconds + 25)} s.`);
    live = await watched(given.watch, join(folder, 'trials', 'latest'), terminal);
    const result = await runSearch({
      ...{ folder, search: record, request, say },
      planFile: options.plan,
      fleets: options.fleets,
      signal: interruption.signal,
      ...(!given.quiet && {
        progress: (trial) => trialProgress(trial, { request, unit: unitOf[record.variable], terminal }),
      }),
    });
    await conclude(result, { folder, asJson: given.json === true, terminal });
    terminal.endWith(interruption.signal.aborted ? exitCode.interrupted : exitCodeOf(result));
  } finally {
    await live?.stop();
    interruption.dispose();
  }
}

/** On a terminal the line of the search stands above the panel of the trial; elsewhere it is said as the trial begins. */
function trialProgress(
  { number, expected, load, lower, upper, leftSeconds, workload }: TrialUnderWay,
  { request, unit, terminal }: { request: RunRequest; unit: string; terminal: Terminal },
): ProgressSink {
  const line = searchProgress({
    ...{ trial: number, expected, leftSeconds },
    load: `${approx(load)} ${unit}`,
    bracket: `${approx(lower)} to ${upper === null ? '?' : approx(upper)}`,
  });
  if (terminal.panel === undefined) terminal.say(line);
  return progressSink(
    {
      ...{
        what: '',
        workload,
        slo: request.plan.slo,
        isOwnTarget: request.target.kind === 'local' || request.target.kind === 'template',
      },
      headline: () => line,
    },
    terminal,
  );
}

/** A thousandth: below the noise of any trial. */
const leastWidth = 0.001;

/** Options of an endpoint whose texts are recorded. */
const recordedTexts = [
  ...(['url', 'webhookUrl', 'header', 'subprotocol', 'message', 'token', 'tokenCommand'] as const),
  ...(['webhook', 'webhookHeader', 'sign'] as const),
];

/** @throws UsageError for a secret that would be written to search.json, from which the search is resumed. */
function checkRecordable(options: SearchOptions, conceal: (text: string) => string): void {
  const secret = recordedTexts.find((name) => [options[name] ?? []].flat().some((text) => conceal(text) !== text));
  if (secret !== undefined)
    throw new UsageError(
      `--${secret.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} may be a secret, and a search records its options, for --resume: give it as env:NAME or file:PATH.`,
    );
}

/** Options that may change on resuming: the others are those of the start. */
const optionsOfResume: readonly string[] = ['resume', 'watch', 'quiet', 'json'];

async function resumedSearch(folder: string, given: SearchOptions, command: Command) {
  const [other] = command.options.filter(
    (option) =>
      command.getOptionValueSource(option.attributeName()) === 'cli' &&
      !optionsOfResume.includes(option.attributeName()),
  );
  if (other || command.args.length > 0)
    throw new UsageError(
      `${other?.long ?? command.args[0]} cannot be given with --resume: a search resumes with its original options. Leave it out, or start a new search.`,
    );
  const search = await readRecordedSearch(folder, 'It cannot be resumed: name another search, or start a new one.');
  await closeFolder(folder);
  if (search.outcome === 'found')
    throw new UsageError(
      `The search ${folder} is complete: ${search.lower} ${unitOf[search.variable]}. Start a new one without --resume.`,
    );
  // What was recorded came from these same options.
  const options = { ...given, ...(search.options as unknown as SearchOptions) };
  return { folder: resolve(folder), search, options };
}

function stackPlaceOf({ target, settings }: RunRequest): SearchRecord['target'] {
  return placeOf(target, settings);
}

const fieldOf = {
  connections: 'connections',
  messages: 'messageRatePerSecond',
  webhooks: 'webhookRatePerSecond',
} as const satisfies Record<Variable, LoadOptionName>;

/** @throws UsageError for a load that no trial would have: each would carry any number of them. */
function checkVaried(variable: Variable, { url, stack, webhookUrl }: SearchOptions, scenarioFile: string): void {
  const { scenario } = accept(parseScenario(readInputFile(scenarioFile, 'scenario'), scenarioFile));
  if (!variablesUsed(scenario).has(fieldOf[variable]))
    throw new UsageError(
      `--vary ${variable} has no effect: the scenario ${basename(scenarioFile, '.yml')} does not use the variable ${fieldOf[variable]}. Name another, as in loadline search sync --vary ${variable}.`,
    );
  if (variable === 'webhooks' && (url ?? stack) !== undefined && webhookUrl === undefined)
    throw new UsageError('--vary webhooks has no effect: none are posted. Give --webhook-url.');
}

async function newSearchFolder(options: SearchOptions, request: RunRequest) {
  const variable = variableOf(options.vary);
  const { workload } = request;
  checkVaried(variable, options, request.scenarioFile);
  const start = options.start ?? plannedLoad(workload, variable);
  if (start <= 0) throw new UsageError(`The plan has no ${unitOf[variable]}: give --start.`);
  const max =
    options.max ??
    Math.min(
      start * defaultMaxFactor,
      variable === 'connections' ? maxConnectionsPerAddress : Number.POSITIVE_INFINITY,
    );
  if (max < start) throw new UsageError(`--max ${max} is below the first load, ${start}: raise it, or give --start.`);
  if (options.width < leastWidth)
    throw new UsageError(
      `--width ${options.width} is below ${leastWidth}: no two trials agree so closely. Give 0.01 or more.`,
    );
  if (options.width >= 1) throw new UsageError(`--width ${options.width} is not below 1: 0.05 is 5% of the load.`);
  const fixedConnectRate = options.connectRatePerSecond !== undefined;
  checkLoad(variedWorkload(workload, { variable, load: max, fixedConnectRate }), options.fleets);
  const { runId, folder } = await newRunFolder(resolve(options.searches), '--searches');
  const search: SearchRecord = {
    ...newSearch,
    searchId: runId,
    loadlineVersion,
    target: {
      ...stackPlaceOf(request),
    },
    scenario: request.scenarioFile,
    options: {
      ...options,
      plan: resolve(options.plan),
      ...resolved(options, ['settings', 'template', 'app', 'parameters', 'feed', 'limits', 'faults']),
    },
    variable,
    settings: { start, max, width: options.width, ...(variable === 'connections' && { resolution: 1 }) },
    workload,
    fixedConnectRate,
    slo: flatObjectives(request.plan.slo),
    startedAt: new Date().toISOString(),
    bottleneck: null,
    trials: [],
  };
  return { folder, search };
}

/** Paths, from whatever folder the search is resumed. */
const resolved = (options: SearchOptions, names: readonly (keyof SearchOptions)[]): Record<string, string> =>
  Object.fromEntries(
    names.flatMap((name) => {
      const path = options[name];
      return typeof path === 'string' ? [[name, resolve(path)]] : [];
    }),
  );

function variableOf(given: string | undefined): Variable {
  const variable = variables.find((known) => known === given);
  if (variable === undefined)
    throw new UsageError(
      given === undefined
        ? `--vary is missing: give one of ${variables.join(', ')}.`
        : `--vary ${given}: ${suggestion(given, variables) ?? `give one of ${variables.join(', ')}.`}`,
    );
  return variable;
}

function withSlo(request: RunRequest, changes: Record<string, number>): RunRequest {
  const known = Object.keys(sloSchema.shape).filter((name) => name !== 'routes');
  const unknown = Object.keys(changes).find((name) => !known.includes(name) && !isOfRoute(name));
  if (unknown !== undefined)
    throw new UsageError(
      `--slo ${unknown}: unknown objective. ${suggestion(unknown, known) ?? `Known objectives: ${known.join(', ')}, and routes.<route>.<objective>.`}`,
    );
  const changed = sloSchema.safeParse(nestedObjectives({ ...flatObjectives(request.plan.slo), ...changes }));
  if (!changed.success) {
    const [issue] = changed.error.issues;
    throw new UsageError(`--slo ${issue?.path.join('.')}: ${issue?.message}.`);
  }
  return { ...request, plan: { ...request.plan, slo: changed.data } };
}

function exitCodeOf(result: FoundCapacity): ExitCode {
  if (result.kind === 'found') {
    if (result.bottleneck?.kind === 'generator') return exitCode.invalid;
    return result.lower === 0 ? exitCode.sloBroken : exitCode.ok;
  }
  return result.kind === 'refused' ? exitCode.usage : exitCode.crashed;
}

async function conclude(
  result: FoundCapacity,
  { folder, asJson, terminal }: { folder: string; asJson: boolean; terminal: Terminal },
): Promise<void> {
  if (result.kind === 'refused') throw new UsageError(result.reason);
  const record = await readSearch(folder);
  const page = await searchPage(folder, record, terminal);
  if (asJson) terminal.print(printableJson({ ...searchNumbers(record), folder, report: page }));
  else {
    terminal.print(searchText(record, terminal.columns));
    terminal.print(page ?? folder);
  }
  if (result.kind === 'interrupted' && !(result.cause instanceof CrashError)) throw result.cause;
  if (result.kind === 'interrupted') terminal.say(result.reason);
}

import { rmdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { type Line, nightSchema } from '../../history/line.ts';
import type { HistoryStore } from '../../history/store.ts';
import { writeTextFile } from '../../record/json-file.ts';
import { makeFolder } from '../../record/private-folder.ts';
import { printableJson } from '../../reports/render/printable.ts';
import { trendPageName } from '../../reports/trend/trend-files.ts';
import { trendText } from '../../reports/trend/trend-text.ts';
import { CrashError, UsageError } from '../../run/errors.ts';
import { accept, readInputFile } from '../../run/input-file.ts';
import { type Checkout, thisLoadline } from '../../run/nightly/child-command.ts';
import { runNight } from '../../run/nightly/night.ts';
import { type NightVerdict, nightVerdict } from '../../run/nightly/night-verdict.ts';
import { sendNewest } from '../../run/nightly/otlp.ts';
import { refusalSentence } from '../../run/nightly/refusal.ts';
import { commitAt } from '../../run/nightly/repository.ts';
import { commandLinesOf } from '../../run/nightly/run-entry.ts';
import { defaultSuite, type Entry, readSuite, type Suite } from '../../run/nightly/suite.ts';
import { loadlineVersion, scenarioFolder } from '../../run/package-root.ts';
import { scenarioFileOf } from '../../scenarios/catalogue/catalogue.ts';
import { type ExitCode, exitCode, helpEnd } from '../exit-code.ts';
import { onInterruption } from '../interruption.ts';
import { addHistoryOption, asUsage, type HistoryOptions, openHistory } from '../options/history-options.ts';
import { positiveInteger, webPage } from '../options/values.ts';
import type { Terminal } from '../terminal.ts';
import { openReportFolder, trendContext, writeTrend } from '../trend-output.ts';
import { compareWithBase } from './nightly-against.ts';

interface NightlyOptions extends HistoryOptions {
  report: string;
  runs: string;
  night?: string;
  confirm: boolean;
  against?: string;
  pairs: number;
  repository?: string;
  quiet?: boolean;
  json?: boolean;
}

/** Why a command line would be refused; null: it would not. */
export type RefusalOf = (args: readonly string[]) => Promise<string | null>;

export function addNightlyCommand(program: Command, terminal: Terminal, refusalOf: RefusalOf): void {
  const command = program
    .command('nightly')
    .description(
      'Runs a suite of scenarios, searches, plans and micro-costs, appends what it measured to a history, and says what has changed since.',
    )
    .argument('[suite]', 'YAML file of the suite; default: a small one on the local target, suites/nightly.yml');
  addHistoryOption(command)
    .option(
      '--report <folder>',
      'folder for the trend page, the badge, the comment and the formats that others read',
      'nightly',
    )
    .option('--runs <folder>', 'folder for run and search folders', 'runs')
    .option('--night <date>', 'day under which it is filed, as in 2026-11-26; default: today, in UTC', dateOf)
    .option('--no-confirm', 'do not run again what looks like a regression')
    .option(
      '--against <commit>',
      'in place of a night: compare this checkout with another commit of it, run in turn on this machine; nothing is appended',
    )
    .option('--pairs <count>', 'with --against: runs of each side, of each entry', positiveInteger, 5)
    .option(
      '--repository <url>',
      'page of the repository, for links to commits; default: that of the CI, or of the remote',
      webPage,
    )
    .option('--quiet', 'no progress on stderr')
    .option('--json', 'print the verdict and the series as JSON on stdout')
    .addHelpText(
      'after',
      helpEnd(
        'nightly',
        'loadline nightly',
        'loadline nightly suite.yml --history s3://bucket/loadline',
        'loadline nightly --against origin/main',
      ),
    )
    .addHelpText('after', '\nWith OTEL_EXPORTER_OTLP_ENDPOINT set, the newest values go to that collector.')
    .action(async (suite: string | undefined, options: NightlyOptions, self: Command) => {
      refuseUnused(options, self);
      const read = readSuite(suite ?? defaultSuite);
      await checkEntries(read, options, refusalOf);
      await nightly(read, options, terminal);
    });
}

export function dateOf(text: string): string {
  if (nightSchema.safeParse(text).success) return text;
  throw new InvalidArgumentError('A day, as in 2026-11-26.');
}

/** --pairs is let pass, since a CI's settings are those of nights and of comparisons. @throws UsageError about an option that would change nothing. */
function refuseUnused({ against }: NightlyOptions, command: Command): void {
  const unused = against === undefined ? [] : ['history', 'night'];
  for (const name of unused)
    if (command.getOptionValueSource(name) === 'cli')
      throw new UsageError(`--${name} is of a night, and with --against nothing is appended: leave it out.`);
}

/** Before anything is measured: a mistyped option of the last entry would come to light when the others have been. @throws UsageError */
async function checkEntries({ entries }: Suite, { runs }: NightlyOptions, refusalOf: RefusalOf): Promise<void> {
  for (const entry of entries) {
    const unreadable = unreadableFile(entry);
    if (unreadable !== null) throw new UsageError(refusalSentence(entry, unreadable));
    for (const args of commandLinesOf(entry, resolve(runs))) {
      const reason = await refusalOf(args);
      if (reason !== null) throw new UsageError(refusalSentence(entry, reason));
    }
  }
}

/** Why its plan or its scenario cannot be read; null where it can. */
function unreadableFile(entry: Entry): string | null {
  try {
    if (entry.kind === 'plan' && entry.plan !== undefined) readInputFile(entry.plan, 'usage plan');
    if (entry.kind === 'run' || entry.kind === 'search')
      readInputFile(accept(scenarioFileOf(entry.scenario, scenarioFolder)).file, 'scenario');
    return null;
  } catch (cause) {
    if (cause instanceof UsageError) return cause.message;
    throw cause;
  }
}

/** Where the night is written, before hours are measured for it. @throws UsageError */
async function openPlaces(options: NightlyOptions, environment: NodeJS.ProcessEnv): Promise<HistoryStore> {
  const isNew = await openReportFolder(options.report);
  try {
    const store = await openHistory(options, environment);
    await asUsage(() => store.prepare());
    return store;
  } catch (cause) {
    if (isNew) await rmdir(resolve(options.report)).catch(() => undefined);
    throw cause;
  }
}

async function nightly(suite: Suite, options: NightlyOptions, terminal: Terminal): Promise<void> {
  const { against } = options;
  const say = options.quiet ? () => {} : terminal.say;
  const folder = process.cwd();
  const checkout: Checkout = { folder, loadline: thisLoadline, commit: commitAt(folder) };
  const interruption = onInterruption(
    say,
    'Interrupted: what has been measured is still written. Interrupt again to stop immediately.',
  );
  try {
    if (against !== undefined) {
      await compareWithBase({ ...options, against }, { suite, head: checkout, interruption, terminal, say });
      return;
    }
    const store = await openPlaces(options, terminal.environment);
    const night = await asUsage(() =>
      runNight({
        ...{ suite, checkout, store, say, night: options.night, confirms: options.confirm },
        runs: resolve(options.runs),
        rescue: (lines) => rescue(resolve(options.report), lines),
        now: () => new Date(),
        signal: interruption.signal,
      }),
    );
    const verdict = nightVerdict(night.lines, night.judged);
    terminal.endWith(night.wasInterrupted ? exitCode.interrupted : codeOf(verdict));
    const context = trendContext(folder, terminal.environment, options.repository ?? suite.repository);
    // The answer first: what it is written to may be full by now.
    if (options.json) {
      const { series, oddities, skipped } = night.judged;
      terminal.print(
        printableJson({ ...verdict, repeated: night.repeated, series, oddities, skipped, report: options.report }),
      );
    } else {
      for (const { entry, sentence } of verdict.broken) terminal.print(`${entry}: ${sentence}`);
      for (const { entry, reason } of verdict.invalid) terminal.print(`${entry} is not valid: ${reason}`);
      terminal.print(trendText(night.judged, context).trimEnd());
    }
    await writeTrend(resolve(options.report), { judged: night.judged, context, now: new Date() }).catch(
      (cause: unknown) => {
        throw cause instanceof UsageError ? new CrashError(cause.message, { cause }) : cause;
      },
    );
    if (!options.json) terminal.print(join(options.report, trendPageName));
    await sendNewest(night.judged, { environment: terminal.environment, loadline: loadlineVersion, say: terminal.say });
  } finally {
    interruption.dispose();
  }
}

/** In the form in which a history reads it. */
async function rescue(folder: string, lines: readonly Line[]): Promise<string> {
  const path = join(folder, `not-in-the-history-${lines[0]?.run.slice(0, 8)}.ndjson`);
  await makeFolder(folder);
  await writeTextFile(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  return path;
}

function codeOf({ kind }: NightVerdict): ExitCode {
  switch (kind) {
    case 'ok':
      return exitCode.ok;
    case 'broken':
    case 'regression':
      return exitCode.sloBroken;
    case 'invalid':
      return exitCode.invalid;
  }
}

import { type Difference, differencesOf } from '../../reports/analysis/comparison/comparable.ts';
import {
  compareSides,
  confidence,
  type FailOn,
  leastChange,
  leastRunsToPass,
  regressions,
  unjudged,
} from '../../reports/analysis/comparison/comparison.ts';
import { measuresOf } from '../../reports/analysis/comparison/measures.ts';
import {
  type ComparedSides,
  type CompareReport,
  compareDocument,
  differenceInWords,
  thinSentence,
} from '../../reports/document/compare-document.ts';
import { renderMarkdown } from '../../reports/render/markdown.ts';
import { printableJson } from '../../reports/render/printable.ts';
import { renderText } from '../../reports/render/text.ts';
import { readSide, type Side } from '../../run/compare/compared-runs.ts';
import { UsageError } from '../../run/errors.ts';
import { exitCode } from '../exit-code.ts';
import { writeReportPages } from '../report-pages.ts';
import type { Terminal } from '../terminal.ts';

export interface CompareOptions {
  failOn?: FailOn[];
  anyway?: boolean;
  report?: string;
  markdown?: boolean;
  json?: boolean;
}

export async function compare(given: readonly string[], options: CompareOptions, terminal: Terminal): Promise<void> {
  if (given.length < 2)
    throw new UsageError(
      'compare needs two sides: name the run folders, or folders of them, of the baseline and of what is compared with it.',
    );
  if (options.json && options.markdown)
    throw new UsageError('--json and --markdown are two forms of one answer: give one, and --report for all of them.');
  const sides = named(await inTurn(given, readSide));
  checkDistinct(sides);
  const differences = differencesOfSides(sides);
  if (!options.anyway) checkComparable(sides, differences);
  const comparisons = compareSides(
    sides.map(({ name, runs }) => ({ name, runs: runs.map(({ report }) => measuresOf(report)) })),
  );
  const compared: ComparedSides = {
    sides: sides.map(({ name, runs, leftOut }) => ({ name, runs: runs.map(({ run }) => run.runId), leftOut })),
    comparisons,
    differences,
  };
  const failed = regressions(comparisons, options.failOn ?? []);
  const lacking = unjudged(comparisons, options.failOn ?? []);
  const thin = compared.sides.filter(({ runs }) => runs.length < leastRunsToPass);
  const code =
    options.failOn === undefined
      ? exitCode.ok
      : failed.length > 0
        ? exitCode.sloBroken
        : lacking.length > 0 || thin.length > 0
          ? exitCode.invalid
          : exitCode.ok;
  const answer: CompareReport = {
    ...{ schemaVersion: 1, confidence, leastChange, ...compared },
    regressions: failed.map(({ id }) => id),
    exitCode: code,
  };
  const document = compareDocument(compared);
  if (options.report !== undefined) await writeReportPages(options.report, { name: 'compare', document, json: answer });
  if (options.json) terminal.print(printableJson(answer));
  else if (options.markdown) terminal.print(renderMarkdown(document).trimEnd());
  else terminal.print(renderText(document, terminal.columns));
  if (failed.length > 0)
    terminal.say(`Changed for the worse (--fail-on): ${failed.map(({ name }) => name).join(', ')}.`);
  if (code === exitCode.invalid && lacking.length === 0)
    for (const side of thin) terminal.say(`--fail-on cannot say that nothing is worse: ${thinSentence(side)}`);
  if (code === exitCode.invalid)
    for (const { group, why } of lacking)
      terminal.say(
        `--fail-on cannot judge ${group ?? 'anything'}${why === 'oneRunEach' ? ' with one run each: give each side three runs or more.' : ': none of its measures could be judged. The table says why; a measure that it does not list was not made by these runs.'}`,
      );
  terminal.endWith(code);
}

async function inTurn<Item, Result>(items: readonly Item[], of: (item: Item) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  for (const item of items) results.push(await of(item));
  return results;
}

/** Two folders of one name, as `a/runs` and `b/runs`, are told apart by their number. */
const named = (sides: readonly Side[]): Side[] =>
  sides.map((side, n) =>
    sides.some(({ name }, other) => other !== n && name === side.name)
      ? { ...side, name: `${side.name} (${n + 1})` }
      : side,
  );

/** @throws UsageError for a run that stands on two sides: it would be compared with itself. */
function checkDistinct(sides: readonly Side[]): void {
  const seen = new Map<string, string>();
  for (const { name, runs } of sides)
    for (const { run } of runs) {
      const other = seen.get(run.runId);
      if (other !== undefined && other !== name)
        throw new UsageError(`The run ${run.runId} is on two sides, ${other} and ${name}: name each run once.`);
      seen.set(run.runId, name);
    }
}

/** Of each side's runs with the first run of all, each difference once. */
function differencesOfSides(sides: readonly Side[]): { side: string; differences: Difference[] }[] {
  const [first] = sides[0]?.runs ?? [];
  if (first === undefined) return [];
  return sides.flatMap(({ name, runs }) => {
    const all = runs.flatMap(({ run }) => differencesOf(first.run, run));
    const once = new Map(all.map((each) => [differenceInWords(each), each]));
    return once.size === 0 ? [] : [{ side: name, differences: [...once.values()] }];
  });
}

/** @throws UsageError that names what differs. */
function checkComparable(
  sides: readonly Side[],
  all: readonly { side: string; differences: readonly Difference[] }[],
): void {
  const refused = all.flatMap(({ side, differences }) =>
    differences.filter(({ weight }) => weight === 'refused').map((difference) => ({ side, difference })),
  );
  const [first, ...others] = refused;
  if (first === undefined) return;
  const more = others.length > 0 ? ` and ${others.length} more` : '';
  const where = first.side === sides[0]?.name ? `Runs of ${first.side}` : `${sides[0]?.name} and ${first.side}`;
  throw new UsageError(
    `${where} cannot be compared: they differ in ${differenceInWords(first.difference)}${more}. Compare runs of the same target, scenario, load, plan and machine, or add --anyway.`,
  );
}

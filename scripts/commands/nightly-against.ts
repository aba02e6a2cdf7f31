/** `loadline nightly --against REF`: two commits on one machine, in turn. Nothing is appended to a history. */
import { join, resolve } from 'node:path';
import { RunFileError, writeTextFile } from '../../record/json-file.ts';
import { makeFolder } from '../../record/private-folder.ts';
import { printableJson } from '../../reports/render/printable.ts';
import { comparisonMarkdown, comparisonText } from '../../reports/trend/comparison.ts';
import { commentName } from '../../reports/trend/trend-files.ts';
import { CrashError } from '../../run/errors.ts';
import { type Comparison, hasCompared, runComparison } from '../../run/nightly/against.ts';
import type { Checkout } from '../../run/nightly/child-command.ts';
import type { Suite } from '../../run/nightly/suite.ts';
import { checkOutBase } from '../../run/nightly/worktree.ts';
import { type ExitCode, exitCode } from '../exit-code.ts';
import type { Interruption } from '../interruption.ts';
import type { Terminal } from '../terminal.ts';
import { openReportFolder } from '../trend-output.ts';

interface AgainstOptions {
  against: string;
  pairs: number;
  confirm: boolean;
  runs: string;
  report: string;
  json?: boolean;
}

export async function compareWithBase(
  { against: ref, pairs, confirm, runs, report, json }: AgainstOptions,
  {
    suite,
    head,
    interruption,
    terminal,
    say,
  }: { suite: Suite; head: Checkout; interruption: Interruption; terminal: Terminal; say: (line: string) => void },
): Promise<void> {
  const { signal } = interruption;
  const base = await checkOutBase(head.folder, { ref, suite, signal, say });
  try {
    await openReportFolder(report);
    const comparison = await runComparison({
      suite,
      base,
      head,
      pairs,
      confirms: confirm,
      runs: resolve(runs),
      signal,
      say,
    });
    terminal.endWith(signal.aborted ? exitCode.interrupted : codeOf(comparison));
    const shown = { ...comparison, base: { ref, commit: base.commit }, head: { commit: head.commit } };
    terminal.print(json ? printableJson(shown) : comparisonText(shown));
    await writeComment(resolve(report), comparisonMarkdown(shown));
    if (!json) terminal.print(join(report, commentName));
  } finally {
    await base.remove();
  }
}

function codeOf(comparison: Comparison): ExitCode {
  const { series, broken, invalid } = comparison;
  const isWorse = series.some(({ compared }) => compared.kind === 'compared' && compared.verdict === 'worse');
  if (broken.length > 0 || isWorse) return exitCode.sloBroken;
  return invalid.length > 0 || !hasCompared(comparison) ? exitCode.invalid : exitCode.ok;
}

async function writeComment(folder: string, text: string): Promise<void> {
  try {
    await makeFolder(folder);
    await writeTextFile(join(folder, commentName), text);
  } catch (cause) {
    const reason = cause instanceof RunFileError ? cause.message : `${folder} could not be written.`;
    throw new CrashError(`${reason} Name another place with --report.`, { cause });
  }
}

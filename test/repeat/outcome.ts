/** The result of one test run, and the table of all of them. */
import { z } from 'zod';

/** The part read of Vitest's JSON report. */
const reportSchema = z.object({
  numPassedTests: z.number().int(),
  numFailedTests: z.number().int(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      assertionResults: z.array(z.object({ fullName: z.string(), status: z.string() })),
    }),
  ),
});

export interface Outcome {
  run: number;
  /** true: two busy loops ran alongside. */
  busy: boolean;
  seconds: number;
  passed: number;
  failed: number;
  /** `file › test`, or the reason why the report is missing. */
  failures: string[];
}

/** Reads a report. A file that could not be loaded at all is a failure too. `root`: the project's folder, with a slash at its end. */
export function readReport(json: string, root: string): Pick<Outcome, 'passed' | 'failed' | 'failures'> {
  const { numPassedTests, numFailedTests, testResults } = reportSchema.parse(JSON.parse(json));
  const failures = testResults.flatMap(({ name, status, assertionResults }) => {
    const file = name.replace(root, '');
    const tests = assertionResults.filter((result) => result.status === 'failed');
    if (tests.length === 0 && status === 'failed') return [`${file} › (the file)`];
    return tests.map(({ fullName }) => `${file} › ${fullName}`);
  });
  return { passed: numPassedTests, failed: Math.max(numFailedTests, failures.length), failures };
}

/** Which of `times` runs have busy loops alongside: `busy` of them, spread evenly. */
export const isBusy = (run: number, { times, busy }: { times: number; busy: number }): boolean =>
  Math.floor((run * busy) / times) > Math.floor(((run - 1) * busy) / times);

/** The table in Markdown, one row per run, and a summary sentence. */
export function renderOutcomes(outcomes: readonly Outcome[]): string {
  const rows = outcomes.map(({ run, busy, seconds, passed, failed, failures }) =>
    row([run, busy ? 'busy' : 'idle', seconds.toFixed(0), passed, failed, failures.join('; ')]),
  );
  const longest = (busy: boolean) => {
    const all = outcomes.flatMap((one) => (one.busy === busy ? [one.seconds] : []));
    return all.length === 0 ? [] : [`longest ${busy ? 'busy' : 'idle'} run ${Math.max(...all).toFixed(0)} s`];
  };
  const green = outcomes.filter(({ failed }) => failed === 0).length;
  const sentence = [`${green} of ${outcomes.length} runs green`, ...longest(false), ...longest(true)].join(', ');
  const head = [row(['run', 'machine', 'seconds', 'passed', 'failed', 'failures']), row(Array(6).fill('---'))];
  return `${[...head, ...rows].join('\n')}\n\n${sentence}\n`;
}

const row = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;

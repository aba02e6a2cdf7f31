/** Run folders with coefficients, for commands that calculate from them. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Coefficients } from '../capacity/demand/coefficients.ts';
import type { RunRecord } from '../record/run.ts';
import { runFileNames } from '../record/run-folder.ts';
import type { VerdictStatus } from '../reports/analysis/verdict.ts';
import { exampleRun } from '../reports/example-run.fixture.ts';
import { assumedCoefficients } from '../scenarios/reference/assumed-coefficients.ts';

/** A run of that verdict, as far as it is read again. A partial one was interrupted. `of`: another run than the example, and what it measured. */
export function writeRunFolder(
  root: string,
  runId: string,
  status: VerdictStatus,
  of: { run?: Partial<RunRecord>; coefficients?: Coefficients } = {},
): void {
  const folder = join(root, runId);
  mkdirSync(folder, { recursive: true });
  const outcome =
    status === 'partial' ? ({ kind: 'interrupted', signal: 'SIGINT' } as const) : ({ kind: 'completed' } as const);
  writeFileSync(join(folder, runFileNames.run), JSON.stringify(exampleRun({ ...of.run, runId, outcome })));
  const { coefficients = { ...assumedCoefficients(), from: 'local' } } = of;
  const report = { run: { runId }, verdict: { status }, coefficients };
  writeFileSync(join(folder, runFileNames.reportJson), JSON.stringify(report));
}

import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { concealer } from '../../engine/src/concealment.ts';
import { runFileNames } from '../../record/run-folder.ts';
import { printableJson } from '../../reports/render/printable.ts';
import { renderTerminal } from '../../reports/render/terminal.ts';
import type { Report } from '../../reports/report.ts';
import { runNumbers } from '../../reports/run-numbers.ts';
import { runBenchmark, secretsOf } from '../../run/benchmark.ts';
import { distributedLoad } from '../../run/distributed/distributed-load.ts';
import { prepareDistribution } from '../../run/distributed/distribution.ts';
import type { ProgressSink } from '../../run/load/progress.ts';
import { scenarioFolder } from '../../run/package-root.ts';
import { newRunRecord } from '../../run/request/run-record.ts';
import { givenVariables, prepareRun, type RunRequest } from '../../run/request/run-request.ts';
import type { LiveReport } from '../../run/watch/live-report.ts';
import { readCatalogue } from '../../scenarios/catalogue/catalogue.ts';
import { renderCatalogue } from '../../scenarios/catalogue/list.ts';
import { type ExitCode, exitCodeOfRun } from '../exit-code.ts';
import { onInterruption } from '../interruption.ts';
import { newRunFolder } from '../new-run-folder.ts';
import type { RunCommandOptions } from '../options/run-options.ts';
import { refuseWithoutEffect } from '../options/without-effect.ts';
import { progressSink } from '../progress-sink.ts';
import { type Terminal, withoutSecrets } from '../terminal.ts';
import { watched } from '../watched.ts';

export async function run(
  scenario: string,
  options: RunCommandOptions & { list?: boolean },
  { command, terminal: ofProcess }: { command: Command; terminal: Terminal },
): Promise<void> {
  if (options.list) {
    ofProcess.print(renderCatalogue(readCatalogue(scenarioFolder), options.json === true));
    return;
  }
  refuseWithoutEffect(options, command);
  const request = await prepareRun(scenario, options, ofProcess.environment);
  const conceal = concealer(secretsOf(request));
  const terminal = withoutSecrets(ofProcess, conceal);
  const say = options.quiet ? () => {} : terminal.say;
  const region = options.region ?? request.settings.region;
  const distribution = prepareDistribution(options, { ...request, region });
  const interruption = onInterruption(
    say,
    'Interrupted: stopping the load, then writing a partial report. Interrupt again to stop immediately.',
  );
  let live: LiveReport | null = null;
  try {
    const { runId, folder } = await newRunFolder(resolve(options.runs), '--runs');
    live = await watched(options.watch, folder, terminal);
    const workers = distribution && {
      on: distribution.runner,
      count: distribution.workers,
      region: distribution.region,
    };
    const { report, run } = await runBenchmark({
      folder,
      run: { ...newRunRecord(request, { runId, planFile: options.plan }), workers },
      scenarioFile: request.scenarioFile,
      fleets: options.fleets,
      ...givenVariables(request),
      disconnectAtSeconds: request.disconnectAtSeconds ?? null,
      target: request.target,
      ...(distribution && { applyLoad: distributedLoad(distribution, say) }),
      signal: interruption.signal,
      say,
      ...(!options.quiet && { progress: progressOf(request, { scenario }, terminal) }),
    });
    const code = exitCodeOfRun(report.verdict.status, run.outcome);
    terminal.endWith(code);
    terminal.print(conclusion(report, { folder, code, asJson: options.json === true, columns: terminal.columns }));
  } catch (error) {
    if (error instanceof Error) error.message = conceal(error.message);
    throw error;
  } finally {
    await live?.stop();
    interruption.dispose();
  }
}

const placeInWords = {
  template: 'your stack on this machine',
  local: 'the local target',
  given: 'a target that is up',
  endpoint: 'the endpoint',
} as const;

function progressOf(
  { workload, plan, target }: RunRequest,
  { scenario }: { scenario: string },
  terminal: Terminal,
): ProgressSink {
  return progressSink(
    {
      what: `${scenario} on ${placeInWords[target.kind]}`,
      workload,
      slo: plan.slo,
      isOwnTarget: target.kind === 'local' || target.kind === 'template',
    },
    terminal,
  );
}

/** The last lines: the verdict, and where the report is. */
function conclusion(
  report: Report,
  { folder, code, asJson, columns }: { folder: string; code: ExitCode; asJson: boolean; columns: number | undefined },
): string {
  const page = join(folder, runFileNames.reportHtml);
  const path = existsSync(page) ? page : null;
  if (!asJson) return renderTerminal(report, path, columns);
  return printableJson({ ...runNumbers(report), exitCode: code, folder, report: path });
}

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
import { scenarioFolder } from '../../run/package-root.ts';
import { newRunRecord } from '../../run/request/run-record.ts';
import { givenVariables, prepareRun } from '../../run/request/run-request.ts';
import { readCatalogue } from '../../scenarios/catalogue/catalogue.ts';
import { renderCatalogue } from '../../scenarios/catalogue/list.ts';
import { type ExitCode, exitCodeOfRun, exitCodesHelp } from '../exit-code.ts';
import { onInterruption } from '../interruption.ts';
import { newRunFolder } from '../new-run-folder.ts';
import { addDistributionOptions } from '../options/distribution-options.ts';
import { addEndpointOptions } from '../options/endpoint-options.ts';
import { addRunOptions, defaultScenario, type RunCommandOptions } from '../options/run-options.ts';
import { type Terminal, withoutSecrets } from '../terminal.ts';

export function addRunCommand(program: Command, terminal: Terminal): void {
  const command = program
    .command('run')
    .description(
      'Runs a scenario against a target and writes a capacity report. Numbers come from the usage plan; options override them.',
    )
    .argument(
      '[scenario]',
      'name from the catalogue (--list), or an Artillery script that uses the loadline engine',
      defaultScenario,
    );
  addDistributionOptions(addEndpointOptions(addRunOptions(command)))
    .option('--list', 'list the scenarios of the catalogue with the question that each answers')
    .option('--quiet', 'no progress on stderr')
    .option('--json', 'print the verdict, its numbers and the paths as JSON on stdout')
    .action((scenario, options) => run(scenario, options, terminal))
    .addHelpText(
      'after',
      `${exitCodesHelp('run')}\nExamples:\n  loadline run --connections 500 --steady 30\n  loadline run --quota-scale 0.01 --connections 50`,
    );
}

async function run(
  scenario: string,
  options: RunCommandOptions & { list?: boolean },
  ofProcess: Terminal,
): Promise<void> {
  if (options.list) {
    ofProcess.print(renderCatalogue(readCatalogue(scenarioFolder), options.json === true));
    return;
  }
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
  try {
    const { runId, folder } = await newRunFolder(resolve(options.runs), '--runs');
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
    });
    const code = exitCodeOfRun(report.verdict.status, run.outcome);
    terminal.endWith(code);
    terminal.print(conclusion(report, { folder, code, asJson: options.json === true, columns: terminal.columns }));
  } catch (error) {
    if (error instanceof Error) error.message = conceal(error.message);
    throw error;
  } finally {
    interruption.dispose();
  }
}

/** The last lines: the verdict, and where the report is. */
function conclusion(
  report: Report,
  { folder, code, asJson, columns }: { folder: string; code: ExitCode; asJson: boolean; columns: number | undefined },
): string {
  const path = join(folder, runFileNames.reportHtml);
  if (!asJson) return renderTerminal(report, path, columns);
  return printableJson({ ...runNumbers(report), exitCode: code, folder, report: path });
}

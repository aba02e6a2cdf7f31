import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { createRunFolder, runFileNames } from '../../record/run-folder.ts';
import { renderTerminal } from '../../reports/render/terminal.ts';
import type { Report } from '../../reports/report.ts';
import { runBenchmark } from '../../run/benchmark.ts';
import { distributedLoad } from '../../run/distributed/distributed-load.ts';
import { distributionNote, prepareDistribution } from '../../run/distributed/distribution.ts';
import { scenarioFolder } from '../../run/package-root.ts';
import { newRunRecord } from '../../run/request/run-record.ts';
import { prepareRun } from '../../run/request/run-request.ts';
import { readCatalogue } from '../../scenarios/catalogue/catalogue.ts';
import { renderCatalogue } from '../../scenarios/catalogue/list.ts';
import { onInterruption } from '../interruption.ts';
import { addDistributionOptions } from '../options/distribution-options.ts';
import { addEndpointOptions } from '../options/endpoint-options.ts';
import { addRunOptions, defaultScenario, type RunCommandOptions } from '../options/run-options.ts';

export function addRunCommand(program: Command): void {
  const command = program
    .command('run')
    .description(
      'Runs a scenario against a target and writes a capacity report. Numbers come from the usage plan; options override them.',
    )
    .argument(
      '[scenario]',
      'name of the catalogue (--list), or an Artillery script that uses the loadline engine',
      defaultScenario,
    );
  addDistributionOptions(addEndpointOptions(addRunOptions(command)))
    .option('--list', 'list the scenarios of the catalogue and the question that each answers')
    .option('--quiet', 'no progress on stderr')
    .option('--json', 'print the verdict and the paths as JSON on stdout')
    .action(run)
    .addHelpText(
      'after',
      '\nExit codes: 0 ok, 1 SLO broken, 2 bad usage, 3 run invalid, 4 a part crashed, 130 interrupted.\n\nExample:\n  loadline run --connections 500 --steady 30\n  loadline run --quota-scale 0.01 --connections 50',
    );
}

async function run(scenario: string, options: RunCommandOptions & { list?: boolean }): Promise<void> {
  if (options.list) {
    console.log(renderCatalogue(readCatalogue(scenarioFolder), options.json === true));
    return;
  }
  const say = options.quiet ? () => {} : (line: string) => console.error(line);
  const request = await prepareRun(scenario, options, process.env);
  const region = options.region ?? request.settings.region;
  const distribution = prepareDistribution(options, { ...request, region });
  const interruption = onInterruption(
    say,
    'Interrupted: stopping the load, then a partial report. Again to stop at once.',
  );
  try {
    const { runId, folder } = await createRunFolder(resolve(options.runs), new Date(), Math.random);
    const record = newRunRecord(request, { runId, planFile: options.plan });
    if (distribution) record.target.notes.push(distributionNote(distribution));
    const { report, exitCode } = await runBenchmark({
      folder,
      run: record,
      scenarioFile: request.scenarioFile,
      fleets: options.fleets,
      ...(request.variables && { variables: request.variables }),
      disconnectAtSeconds: request.disconnectAtSeconds ?? null,
      target: request.target,
      ...(distribution && { applyLoad: distributedLoad(distribution, say) }),
      signal: interruption.signal,
      say,
    });
    conclude(report, folder, exitCode, options.json === true);
    process.exitCode = exitCode;
  } finally {
    interruption.dispose();
  }
}

/** The last lines: the verdict, and where the report is. */
function conclude(report: Report, folder: string, code: number, asJson: boolean): void {
  const path = join(folder, runFileNames.reportHtml);
  if (!asJson) {
    console.log(renderTerminal(report, path));
    return;
  }
  const { status, sentence, reasons } = report.verdict;
  console.log(JSON.stringify({ status, sentence, reasons, exitCode: code, folder, report: path }));
}

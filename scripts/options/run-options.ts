/** The options of `loadline run` and `loadline search`: the plan, the target and the load. */
import type { Command } from 'commander';
import type { RunOptions } from '../../run/request/run-request.ts';
import { gatewayProcesses } from './gateway-processes.ts';
import { addInterferenceOptions } from './interference-options.ts';
import { addLimitOptions } from './limit-options.ts';
import { addLoadOptions } from './load-options.ts';
import { planOption } from './plan-option.ts';
import { collect, positiveInteger } from './values.ts';

export interface RunCommandOptions extends RunOptions {
  runs: string;
  /** True: a free port. */
  watch?: number | true;
  quiet?: boolean;
  json?: boolean;
}

export const defaultScenario = 'sync';
/** The options of the plan, the target and the load. */
export function addRunOptions(command: Command, { withRuns = true } = {}): Command {
  if (withRuns)
    command
      .option('--runs <folder>', 'folder for run folders', 'runs')
      .option(
        '--profile <folder>',
        'profile of the stack (loadline profile): headroom and cost are calculated from it, instead of from the run’s own mix',
      );
  command
    .addOption(planOption('usage plan'))
    .option(
      '--target <target>',
      '"local" (started and stopped here), "aws" (a deployed stack), or a file made by `loadline local --json`',
      'local',
    )
    .option(
      '--stack-name <name>',
      'with --target aws: name of the CloudFormation stack, by default Loadline; with --template and --app: the name that it is given',
    )
    .option(
      '--region <region>',
      'region of a deployed stack, by default that of the settings, and of your AWS profile; with --template and --app: the one that it is given, by default us-east-1',
    )
    .option(
      '--settings <file>',
      "YAML file of the stack's settings; each has a default; for a target that is already up: those that it was deployed with",
    )
    .option('--gateway-processes <count>', 'processes of the local target that hold the WebSockets', gatewayProcesses)
    .option('--fleets <count>', 'threads that generate the load', positiveInteger, 1);
  addLoadOptions(command).option(
    '--variable <name=value>',
    'a variable of the scenario that has no option of its own; the value may be env:NAME or file:PATH; repeatable',
    collect,
  );
  return addInterferenceOptions(addLimitOptions(command));
}

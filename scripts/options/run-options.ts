/** The options of `loadline run` and `loadline search`: the plan, the target and the load. */
import { join } from 'node:path';
import type { Command } from 'commander';
import { packageRoot } from '../../run/package-root.ts';
import type { RunOptions } from '../../run/request/run-request.ts';
import { gatewayProcesses } from './gateway-processes.ts';
import { addInterferenceOptions } from './interference-options.ts';
import { addLimitOptions } from './limit-options.ts';
import { addLoadOptions } from './load-options.ts';
import { collect, positiveInteger } from './values.ts';

export interface RunCommandOptions extends RunOptions {
  runs: string;
  quiet?: boolean;
  json?: boolean;
}

export const defaultScenario = 'sync';
const defaultPlan = join(packageRoot, 'scenarios', 'plan.yml');

/** The options of the plan, the target and the load. */
export function addRunOptions(command: Command): Command {
  command
    .option('--plan <file>', 'usage plan', defaultPlan)
    .option(
      '--target <target>',
      '"local" (started and stopped here), "aws" (a deployed stack), or a file made by `loadline local --json`',
      'local',
    )
    .option('--stack-name <name>', 'with --target aws: name of the CloudFormation stack', 'Loadline')
    .option('--region <region>', 'with --target aws: its region; else that of the settings')
    .option(
      '--settings <file>',
      "YAML file with the stack's settings, each of which has a default; for a target that is up already: those it was deployed with",
    )
    .option('--runs <folder>', 'where run folders go', 'runs')
    .option('--gateway-processes <count>', 'processes of the local target that hold the WebSockets', gatewayProcesses)
    .option('--fleets <count>', 'threads that carry the load', positiveInteger, 1);
  addLoadOptions(command).option(
    '--variable <name=value>',
    'a variable of the scenario that has no option of its own; repeatable',
    collect,
  );
  return addInterferenceOptions(addLimitOptions(command));
}

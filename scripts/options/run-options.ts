/** The options of `loadline run` and `loadline search`: the plan, the target and the load. */
import { join } from 'node:path';
import type { Command } from 'commander';
import { packageRoot } from '../../run/package-root.ts';
import type { RunOptions } from '../../run/request/run-request.ts';
import { gatewayProcesses } from './gateway-processes.ts';
import { addInterferenceOptions } from './interference-options.ts';
import { addLimitOptions } from './limit-options.ts';
import { collect, integer, nonNegativeNumber, positiveInteger, positiveNumber, share } from './values.ts';

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
    .option('--fleets <count>', 'threads that carry the load', positiveInteger, 1)
    .option('--connections <count>', 'WebSocket connections', positiveInteger)
    .option('--connect-rate <rate>', 'new connections per second', positiveNumber)
    .option('--steady <seconds>', 'steady state, in seconds', positiveNumber)
    .option('--drain <seconds>', 'longest wait at the end, in seconds', nonNegativeNumber)
    .option('--message-rate <rate>', 'messages per second, over all connections', nonNegativeNumber)
    .option('--webhook-rate <rate>', 'webhooks per second', nonNegativeNumber)
    .option('--burst-rate <rate>', 'webhooks per second in the burst; 0 for none', nonNegativeNumber)
    .option('--burst-seconds <seconds>', 'how long the burst lasts', positiveNumber)
    .option('--burst-start <seconds>', 'when the burst begins, in seconds of the steady state', nonNegativeNumber)
    .option('--replay-share <share>', 'share of webhooks that are replays, 0 to 1', share)
    .option('--offline-share <share>', 'share of webhooks whose owner is offline, 0 to 1', share)
    .option('--timeout <seconds>', 'when a connect, message or webhook counts as timed out', positiveNumber)
    .option('--seed <number>', 'seed of everything random', integer)
    .option('--variable <name=value>', "a variable of the scenario that is not the plan's; repeatable", collect, []);
  return addInterferenceOptions(addLimitOptions(command));
}

/** The options of a load that comes from workers on AWS. */
import type { Command } from 'commander';
import { collect, positiveInteger } from './values.ts';

export function addDistributionOptions(command: Command): Command {
  return command
    .option('--on <platform>', 'apply the load from AWS: fargate or lambda, by Artillery (docs/distributed.md)')
    .option('--count <workers>', 'with --on: workers that share the load', positiveInteger)
    .option(
      '--runner-option <name=value>',
      "with --on: an option of Artillery's run-fargate or run-lambda, for example cluster=load; repeatable",
      collect,
    );
}

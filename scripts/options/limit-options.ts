/** The options that set quotas of the local target: a file, single limits, and the two scales. */
import type { Command } from 'commander';
import { positiveNumber } from './values.ts';

export function addLimitOptions(command: Command): Command {
  return command
    .option(
      '--limits <file>',
      "YAML file of quotas of the local target (docs/reference/quota-ids.md); each has AWS's default",
    )
    .option(
      '--limit <name=value>',
      'one quota, as in accountThrottle.ratePerSecond=100; repeatable; overrides --limits',
      (text: string, before: readonly string[] = []) => [...before, text],
    )
    .option(
      '--quota-scale <factor>',
      "scales every quota that is not set, and the stack's own throttles and concurrencies: 0.01 is a hundredth; default: 1",
      positiveNumber,
    )
    .option(
      '--time-scale <factor>',
      'shortens the idle timeout and lifetime of WebSockets, and the waits of asynchronous invocations; 60 turns 10 min into 10 s',
      positiveNumber,
    );
}

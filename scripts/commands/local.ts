import type { Command } from 'commander';
import { helpEnd } from '../exit-code.ts';
import { gatewayProcesses } from '../options/gateway-processes.ts';
import { addInterferenceOptions } from '../options/interference-options.ts';
import { addLimitOptions } from '../options/limit-options.ts';
import { addTemplateOptions } from '../options/template-options.ts';
import { userId } from '../options/token-options.ts';
import { integer, port } from '../options/values.ts';
import type { Terminal } from '../terminal.ts';

export function addLocalCommand(program: Command, terminal: Terminal): void {
  const command = program
    .command('local')
    .description(
      'Serves a stack on this machine until Ctrl-C, and prints its endpoints: the reference stack, or your own by its template.',
    )
    .option('--settings <file>', "YAML file of the stack's settings; each has a default")
    .option('--user <user>', 'user of the ready-made WebSocket URL; default: u-1', userId)
    .option(
      '--json',
      'print the description as one line of JSON (of the reference stack: the input of `loadline run --target`)',
    )
    .option('--logs <folder>', 'folder for the logs; default: no logs')
    .option(
      '--gateway-port <port>',
      'port of the WebSocket API, the webhook API and @connections; default: a free one',
      port,
    )
    .option(
      '--aws-port <port>',
      'port of CloudWatch, Lambda, Secrets Manager and Service Quotas; default: a free one',
      port,
    )
    .option('--dynamodb-port <port>', 'port of DynamoDB; default: a free one', port)
    .option('--sqs-port <port>', 'port of SQS; default: a free one', port)
    .option(
      '--gateway-processes <count>',
      'processes that hold the WebSockets: one per about 19,000 with an open-file limit of 20,000',
      gatewayProcesses,
      1,
    )
    .option('--watch', "load a function's code again when a file of it changes")
    .action(async (options) => {
      const { serve } = await import('../actions/local.ts');
      await serve(options, terminal);
    });
  command.option(
    '--seed <number>',
    'random seed of modelled latencies and faults; default: random, and printed at the start',
    integer,
  );
  addTemplateOptions(addInterferenceOptions(addLimitOptions(command))).addHelpText(
    'after',
    helpEnd(
      'local',
      'loadline local --gateway-port 8080',
      'loadline local --template template.yaml --parameter Stage=dev',
      'loadline local --app cdk.out',
      'loadline local --quota-scale 0.01 --limit newConnections.ratePerSecond=20',
      'loadline local --latency typical --faults faults.yml --seed 7',
    ),
  );
}

/** Options as `loadline run` reads them, and what it makes of them before it starts anything. */
import { join } from 'node:path';
import { Command } from 'commander';
import { packageRoot } from '../../run/package-root.ts';
import { prepareRun } from '../../run/request/run-request.ts';
import { addEndpointOptions } from './endpoint-options.ts';
import { addMixOptions } from './mix-options.ts';
import { addRunOptions, type RunCommandOptions } from './run-options.ts';

const commandWith = () =>
  addMixOptions(addEndpointOptions(addRunOptions(new Command())))
    .argument('[scenario]', '', 'sync')
    .exitOverride();

/** As `loadline run` does it, up to the start. */
export async function prepare(args: readonly string[]) {
  const command = commandWith().configureOutput({ writeErr: () => {} });
  command.parse(args, { from: 'user' });
  return prepareRun(command.processedArgs[0], command.opts<RunCommandOptions>(), process.env);
}

export function optionsOf(args: readonly string[]): RunCommandOptions {
  const command = commandWith();
  command.parse(args, { from: 'user' });
  return command.opts<RunCommandOptions>();
}

export const template = join(packageRoot, 'test', 'own-stack', 'template.yaml');
export const ownStack = ['--template', template, '--parameter', 'WebhookSecret=x'];

/** `--config`, and loadline.yml in the working directory: options in a file, before which those of the command line come. */
import { existsSync } from 'node:fs';
import type { Command } from 'commander';

/** Looked for in the working directory, in this order. */
const fileNames = ['loadline.yml', 'loadline.yaml'] as const;

/** Commands that only read what the stack is. */
const withoutLoad: ReadonlySet<string> = new Set(['plan', 'dashboard']);

export function addConfigOption(command: Command): Command {
  return command
    .option(
      '--config <file>',
      `YAML file of these options (docs/own-stack.md), or none; an option that is given comes first; default: ${fileNames[0]}, where there is one`,
    )
    .hook('preAction', (_command, action) => applyConfig(action));
}

async function applyConfig(command: Command): Promise<void> {
  const named: unknown = command.getOptionValue('config');
  // A search resumes with the options that it recorded; a list needs none.
  if (named === 'none' || command.getOptionValue('resume') !== undefined || command.getOptionValue('list') === true)
    return;
  const file = typeof named === 'string' ? named : fileNames.find((name) => existsSync(name));
  if (file === undefined) return;
  // Help and completion do without the parser.
  const { mergedOptions, readConfigFile } = await import('../../run/request/config-file.ts');
  const { scenario, options } = readConfigFile(file, process.env, {
    appliesLoad: !withoutLoad.has(command.name()),
  });
  const names = command.options.map((option) => option.attributeName());
  const isGiven = (name: string) => command.getOptionValueSource(name) === 'cli';
  const given = Object.fromEntries(names.filter(isGiven).map((name) => [name, command.getOptionValue(name)]));
  for (const [name, value] of Object.entries(mergedOptions(options, given)))
    if (names.includes(name)) command.setOptionValueWithSource(name, value, isGiven(name) ? 'cli' : 'config');
  const [first] = command.registeredArguments;
  if (command.args.length === 0) {
    if (scenario !== null && first?.name() === 'scenario') command.processedArgs[0] = scenario;
    if (options.plan !== undefined && first?.name() === 'plan') command.processedArgs[0] = options.plan;
  }
  if (command.getOptionValue('quiet') !== true) command.configureOutput().writeErr?.(`Options are those of ${file}.\n`);
}

/** An empty value, as a variable that is not set leaves it in `--report "$FOLDER"`: a folder of that name would be the current one, a file none, and a report would not be written at all. */
import type { Command } from 'commander';
import { UsageError } from '../../run/errors.ts';

/** What an option calls its value, where no value can be empty and nothing else says so. */
const named = new Set([
  'folder',
  'file',
  'place',
  'commit',
  'region',
  'name',
  'text',
  'arn',
  'profile',
  'target',
  'url',
  'plan',
  'suite',
  'sides',
  'series',
]);
/** Their own sentences say more. */
const saidElsewhere = new Set(['url', 'webhookUrl', 'message', 'reason']);

/** @throws UsageError about the first option or argument that was given without a value. */
export function refuseEmptyValues(command: Command): void {
  for (const option of command.options) {
    const attribute = option.attributeName();
    const [, value = ''] = /<([a-z]+)/.exec(option.flags) ?? [];
    if (!named.has(value) || saidElsewhere.has(attribute)) continue;
    if (command.getOptionValueSource(attribute) === 'cli' && isEmpty(command.getOptionValue(attribute)))
      throw new UsageError(`${option.long}: the value is empty. Give one, or leave the option out.`);
  }
  for (const [index, argument] of command.registeredArguments.entries())
    if (named.has(argument.name()) && isEmpty(command.processedArgs[index]))
      throw new UsageError(
        `<${argument.name()}>: the value is empty. Give one${argument.required ? '' : ', or leave it out'}.`,
      );
}

const isEmpty = (value: unknown): boolean =>
  Array.isArray(value) ? value.some(isEmpty) : typeof value === 'string' && value.trim() === '';

/** Options of a run that change nothing about the target it is given: each is refused by name, for a run that ignored it would be mistaken for another. */
import type { Command } from 'commander';
import { UsageError } from '../../run/errors.ts';
import type { RunCommandOptions } from './run-options.ts';

/** Those of a profile are the same, without where runs are kept. */
type Options = Omit<RunCommandOptions, 'runs'>;
type Name = keyof Options;

interface Rule {
  names: readonly Name[];
  /** Whether they have an effect. */
  isUsed: (options: Options) => boolean;
  /** Follows the option's name: what they are of, and what to do. */
  sentence: string;
}

const isTemplate = ({ template, app }: Options): boolean => template !== undefined || app !== undefined;

const isEndpoint = ({ url, stack }: Options): boolean => url !== undefined || stack !== undefined;

const rules: readonly Rule[] = [
  {
    names: ['stackName'],
    isUsed: (options) => isTemplate(options) || (options.target === 'aws' && !isEndpoint(options)),
    sentence:
      'names the reference stack on AWS: add --target aws, or leave it out. A stack of your own is named by --stack.',
  },
  {
    names: ['region'],
    isUsed: ({ target, stack, on, ...rest }) =>
      target === 'aws' || stack !== undefined || on !== undefined || isTemplate({ target, ...rest }),
    sentence: 'is the region of a stack on AWS: add --target aws or --stack, or leave it out.',
  },
  {
    names: ['settings'],
    isUsed: (options) => !isEndpoint(options) && !isTemplate(options),
    sentence: 'are settings of the reference stack, and the target is another: leave it out.',
  },
  {
    names: [
      ...(['webhookRatePerSecond', 'webhookBytes', 'burstStartSeconds', 'burstSeconds'] as const),
      ...(['burstRatePerSecond', 'replayShare', 'offlineShare'] as const),
    ],
    isUsed: (options) => !isEndpoint(options) || options.webhookUrl !== undefined,
    sentence:
      'is of webhooks, and none are posted: give --webhook-url and set LOADLINE_WEBHOOK_SECRET, or leave it out.',
  },
];

/** @throws UsageError about the first option that was given and that nothing would use. */
export function refuseWithoutEffect(options: Options, command: Command): void {
  for (const { names, isUsed, sentence } of rules) {
    if (isUsed(options)) continue;
    const given = names.find((name) => command.getOptionValueSource(name) === 'cli');
    if (given === undefined) continue;
    const flag = command.options.find((option) => option.attributeName() === given)?.long;
    throw new UsageError(`${flag} ${sentence}`);
  }
}

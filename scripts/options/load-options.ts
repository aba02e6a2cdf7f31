/** The options that set the load, one for each load field of the engine (engine/src/step/load-fields.ts). */
import { type Command, InvalidArgumentError, Option } from 'commander';
import {
  helpOf,
  type LoadOptionName,
  loadOptionNames,
  numberFields,
  type Unit,
} from '../../engine/src/step/load-fields.ts';
import { describeRule, isAllowed, type NumberRule } from '../../engine/src/step/number-rule.ts';

const placeholders: Record<Unit, string> = {
  seconds: 'seconds',
  perSecond: 'rate',
  bytes: 'bytes',
  share: 'share',
  count: 'count',
  none: 'number',
};

/** An option whose value is found by the name of its field: `--connect-rate 50` is `connectRatePerSecond: 50`. */
class LoadOption extends Option {
  readonly field: LoadOptionName;

  constructor(field: LoadOptionName) {
    const { flag, unit } = numberFields[field];
    super(`--${flag} <${placeholders[unit]}>`, helpOf(numberFields[field]));
    this.field = field;
    this.argParser((text) => numberOf(text, numberFields[field]));
  }

  override attributeName(): string {
    return this.field;
  }
}

/** Adds them, or some of them; a value that is not given comes from the usage plan. */
export function addLoadOptions(command: Command, names: readonly LoadOptionName[] = loadOptionNames): Command {
  for (const name of names) command.addOption(new LoadOption(name));
  return command;
}

/** Commander prepends the option's name to the sentence. */
function numberOf(text: string, rule: NumberRule): number {
  const value = Number(text);
  if (text.trim() === '' || !isAllowed(rule, value))
    throw new InvalidArgumentError(`Expected ${describeRule(rule)}, got "${text}".`);
  return value;
}

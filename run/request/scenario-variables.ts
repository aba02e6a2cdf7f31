/** Variables of a scenario: those that options set, and its own, given with --variable or read by the run itself. */
import { loadOptionNames, numberFields } from '../../engine/src/step/load-fields.ts';
import { variablesUsed } from '../../scenarios/catalogue/offered-load.ts';
import { type Scenario, variablesOfRun } from '../../scenarios/catalogue/scenario.ts';
import type { LoadOverrides } from '../../scenarios/plan/workload.ts';
import { suggestion } from '../../scenarios/yaml/nearest-key.ts';
import { UsageError } from '../errors.ts';
import { givenValue } from './given-value.ts';

export interface GivenVariables {
  /** As they are recorded: a value that came from the environment or a file by the name of its source. */
  shown: Record<string, string>;
  /** The values of those: secret. */
  secret: Record<string, string>;
}

/** `--variable holdSeconds=5`, or `apiKey=env:API_KEY` → variables that the scenario declares. */
export function readVariables(
  given: readonly string[],
  scenario: Scenario,
  environment: Readonly<Record<string, string | undefined>>,
): GivenVariables {
  const shown: Record<string, string> = {};
  const secret: Record<string, string> = {};
  for (const text of given) {
    const equals = text.indexOf('=');
    const name = text.slice(0, equals);
    // Without the value, which may be secret.
    if (equals < 1) throw new UsageError('--variable: expected name=value, as in holdSeconds=60.');
    const option = loadOptionNames.find((known) => known === name);
    if (option) throw new UsageError(`--variable ${name}: use --${numberFields[option].flag} instead.`);
    if (!(name in scenario.variables))
      throw new UsageError(`--variable ${name}: ${unknownVariable(name, ownVariables(scenario))}`);
    const { value, reference } = givenValue(`--variable ${name}`, text.slice(equals + 1), environment);
    shown[name] = reference ?? value;
    if (reference !== null) secret[name] = value;
  }
  return { shown, secret };
}

const ownVariables = ({ variables }: Scenario): string[] =>
  Object.keys(variables).filter((name) => !variablesOfRun.includes(name));

function unknownVariable(name: string, known: readonly string[]): string {
  const next =
    known.length === 0
      ? 'The scenario has none of its own.'
      : (suggestion(name, known) ?? `The scenario's own are ${known.join(', ')}.`);
  return `unknown variable "${name}". ${next}`;
}

/** @throws UsageError for an option that the scenario does not use: a run that ignored it would be mistaken for another. */
export function checkEffect(options: LoadOverrides, scenario: Scenario, name: string): void {
  const used = variablesUsed(scenario);
  const idle = loadOptionNames.find((option) => options[option] !== undefined && !used.has(option));
  if (idle === undefined) return;
  const own = ownVariables(scenario);
  throw new UsageError(
    `--${numberFields[idle].flag} has no effect: the scenario ${name} does not use the variable ${idle}.${own.length > 0 ? ` Its own are ${own.join(', ')}: set them with --variable name=value.` : ''}`,
  );
}

/** The speed of a local target's clock that a scenario asks for; undefined when it asks for none, or the target is up already. */
export function localTimeScaleOf(
  { variables }: Scenario,
  given: Record<string, string>,
  { target }: { target: string },
): number | undefined {
  const value = given.localTimeScale ?? variables.localTimeScale;
  if (target !== 'local' || value === undefined) return undefined;
  const factor = Number(value);
  if (!(factor > 0)) throw new UsageError(`The variable localTimeScale is ${value}: expected a number above 0.`);
  return factor;
}

/** Known when it is a variable: then it can be left to the target. */
export function disconnectAtOf(scenario: Scenario, given: Record<string, string>): number | null {
  if (!variablesUsed(scenario).has('dropAllAtSeconds')) return null;
  const value = given.dropAllAtSeconds ?? scenario.variables.dropAllAtSeconds;
  return value === undefined || value === '' || value === null ? null : Number(value);
}

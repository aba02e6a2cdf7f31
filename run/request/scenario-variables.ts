/** Variables of a scenario: those that options set, and its own, given with --variable or read by the run itself. */
import { variablesUsed } from '../../scenarios/catalogue/offered-load.ts';
import type { Scenario } from '../../scenarios/catalogue/scenario.ts';
import { scenarioVariableNames, type WorkloadOverrides } from '../../scenarios/plan/workload.ts';
import { nearestKey } from '../../scenarios/yaml/nearest-key.ts';
import { UsageError } from '../errors.ts';
import { type LoadOptions, overridesOf, variablesOfFlags } from './load-options.ts';

/** `--variable holdSeconds=5` → a variable that the scenario declares. */
export function readVariables(given: readonly string[], scenario: Scenario): Record<string, string> {
  return Object.fromEntries(
    given.map((text) => {
      const equals = text.indexOf('=');
      const name = text.slice(0, equals);
      if (equals < 1) throw new UsageError(`--variable ${text}: expected name=value, as in holdSeconds=60.`);
      const flag = Object.entries(variablesOfFlags).find(([, variables]) => variables.includes(name))?.[0];
      if (flag !== undefined) throw new UsageError(`--variable ${name}: it is set with --${flag}.`);
      if (!(name in scenario.variables))
        throw new UsageError(`--variable ${text}: ${unknownVariable(name, ownVariables(scenario))}`);
      return [name, text.slice(equals + 1)];
    }),
  );
}

const setByRun: readonly string[] = [...scenarioVariableNames, 'fleets', 'webhookUrl'];
const ownVariables = ({ variables }: Scenario): string[] =>
  Object.keys(variables).filter((name) => !setByRun.includes(name));

function unknownVariable(name: string, known: readonly string[]): string {
  const nearest = nearestKey(name, known);
  const said = nearest === null ? `The scenario's own are ${known.join(', ')}.` : `Did you mean "${nearest}"?`;
  return `unknown variable "${name}". ${known.length === 0 ? 'The scenario has none of its own.' : said}`;
}

/** @throws UsageError for an option that the scenario has no use for: a run that ignores it would be taken for another. */
export function checkEffect(options: LoadOptions, scenario: Scenario, name: string): void {
  const used = variablesUsed(scenario);
  const given = overridesOf(options);
  for (const [flag, [variable = '']] of Object.entries(variablesOfFlags)) {
    if (given[variable as keyof WorkloadOverrides] === undefined || used.has(variable)) continue;
    const own = ownVariables(scenario);
    throw new UsageError(
      `--${flag} has no effect: the scenario ${name} does not use the variable ${variable}.${own.length > 0 ? ` Its own are ${own.join(', ')}: set them with --variable name=value.` : ''}`,
    );
  }
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

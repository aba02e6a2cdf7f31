/** Checks an Artillery script that uses the loadline engine, before Artillery is started: every problem with its place. */
import type { z } from 'zod';
import { fleetFields } from '../../engine/src/step/fleet-fields.ts';
import { stepKeys } from '../../engine/src/step/fleet-step.ts';
import { formerNames, loadOptionNames, type NumberField, numberFields } from '../../engine/src/step/load-fields.ts';
import { describeRule, isAllowed } from '../../engine/src/step/number-rule.ts';
import { keysAt } from '../yaml/schema-keys.ts';
import { describeIssues, inFileOrder, readYaml, unknownKey, type YamlSource } from '../yaml/yaml-source.ts';
import { leftOutParts } from './left-out.ts';

export type ScenarioParse =
  | { kind: 'ok'; scenario: Scenario }
  /** Each problem is `file:line:column: sentence`. */
  | { kind: 'invalid'; problems: string[] };

/** A valid scenario: what `loadline run` must know of it. */
export interface Scenario {
  /** `config.variables`: its numbers where the run sets no others. */
  variables: Record<string, unknown>;
  /** Its fleet steps as they are written, templates and all. */
  fleets: Record<string, unknown>[];
}

/** Variables that `loadline run` sets for every scenario, which need not declare them. */
export const variablesOfRun: readonly string[] = [...loadOptionNames, 'webhookUrl', 'fallbackUrl', 'fleets'];

const numberRules = new Map<string, NumberField>(Object.entries(numberFields));
const fieldSchemas = new Map<string, z.ZodType>(Object.entries(fleetFields.shape));

type Keyed = Record<string, unknown>;
const isKeyed = (value: unknown): value is Keyed =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Parses a scenario. What belongs to Artillery itself is left to Artillery. `fileName` is only for the messages. */
export function parseScenario(text: string, fileName: string): ScenarioParse {
  const yaml = readYaml(text, fileName);
  if (yaml.kind === 'invalid') return yaml;
  const problems = checkScript(yaml.source);
  if (problems.length > 0) return { kind: 'invalid', problems: inFileOrder(problems) };
  return { kind: 'ok', scenario: scenarioOf(yaml.source.value) };
}

/** Of a script without problems. */
function scenarioOf(script: unknown): Scenario {
  const { config, scenarios } = script as { config: { variables?: Keyed }; scenarios: Keyed[] };
  const flows = scenarios.filter(({ engine }) => engine === 'loadline').map(({ flow }) => flow as { fleet: Keyed }[]);
  return { variables: config.variables ?? {}, fleets: flows.flat().map(({ fleet }) => fleet) };
}

function checkScript(source: YamlSource): string[] {
  const script = source.value;
  if (!isKeyed(script)) return [source.problemAt([], 'expected an Artillery script with config and scenarios.')];
  const config = isKeyed(script.config) ? script.config : {};
  const problems: string[] = [];
  if (!isKeyed(config.engines) || !('loadline' in config.engines))
    problems.push(source.problemAt(['config'], 'config.engines.loadline is missing: add "engines: { loadline: {} }".'));
  if (!Array.isArray(script.scenarios) || script.scenarios.length === 0)
    return [...problems, source.problemAt(['scenarios'], 'scenarios is missing: expected a list with at least one.')];
  const variables = isKeyed(config.variables) ? config.variables : {};
  const own = script.scenarios.flatMap((scenario: unknown, n) =>
    isKeyed(scenario) && scenario.engine === 'loadline' ? [{ scenario, path: ['scenarios', n] }] : [],
  );
  if (own.length === 0)
    problems.push(source.problemAt(['scenarios'], 'no scenario has "engine: loadline", so there is nothing to run.'));
  for (const { path, sentence } of leftOutParts({ config, scenarios: script.scenarios }))
    problems.push(source.problemAt(path, sentence));
  for (const { scenario, path } of own)
    problems.push(...checkFlow(source, scenario.flow, [...path, 'flow'], variables));
  return problems;
}

function checkFlow(source: YamlSource, flow: unknown, path: (string | number)[], variables: Keyed): string[] {
  if (!Array.isArray(flow) || flow.length === 0)
    return [source.problemAt(path, 'flow: expected a list with at least one fleet step.')];
  return flow.flatMap((step: unknown, n) => {
    const at = [...path, n];
    const keys = isKeyed(step) ? Object.keys(step) : [];
    const wrong = keys.find((key) => key !== 'fleet');
    if (wrong !== undefined) return [source.problemAtKey(at, wrong, unknownKey(wrong, ['fleet']))];
    if (!isKeyed(step) || !isKeyed(step.fleet))
      return [source.problemAt(at, 'expected a fleet step: "fleet:" with keys such as connections.')];
    return checkFleet(source, step.fleet, [...at, 'fleet'], variables);
  });
}

function checkFleet(source: YamlSource, fleet: Keyed, path: (string | number)[], variables: Keyed): string[] {
  return Object.entries(fleet).flatMap(([key, value]) => {
    if (!stepKeys.includes(key)) return [source.problemAtKey(path, key, unknownKey(key, stepKeys, formerNames))];
    const variable = typeof value === 'string' ? /^\{\{\s*([\w.$]+)\s*\}\}$/.exec(value)?.[1] : undefined;
    if (variable === undefined) return checkValue(source, key, value, [...path, key]);
    if (variable in variables) return checkValue(source, key, variables[variable], ['config', 'variables', variable]);
    if (variable.startsWith('$') || variablesOfRun.includes(variable)) return [];
    return [source.problemAt([...path, key], `the variable "${variable}" is not set: add it to config.variables.`)];
  });
}

function checkValue(source: YamlSource, key: string, value: unknown, path: (string | number)[]): string[] {
  const field = fieldSchemas.get(key);
  if (field) return checkField(source, field, value, path);
  // A list of values is Artillery's way to say "one of these, at random".
  const values: unknown[] = Array.isArray(value) ? value : [value];
  const rule = numberRules.get(key);
  return values.flatMap((one) => {
    if (typeof one === 'string' && one.includes('{{')) return [];
    const isText = typeof one === 'string' || typeof one === 'number';
    const isFine = rule === undefined ? isText : isText && one !== '' && isAllowed(rule, Number(one));
    if (isFine) return [];
    const expected = rule === undefined ? 'text' : describeRule(rule);
    return [source.problemAt(path, `${key}: expected ${expected}, found ${JSON.stringify(one)}.`)];
  });
}

/** What the engine has a schema for. Text with templates in it is the engine's to check, once they are filled in. */
function checkField(source: YamlSource, field: z.ZodType, value: unknown, path: (string | number)[]): string[] {
  if (value === '' || JSON.stringify(value).includes('{{')) return [];
  const parsed = field.safeParse(value);
  if (parsed.success) return [];
  const issues = parsed.error.issues.map((issue) => ({ ...issue, path: [...path, ...issue.path] }));
  const knownKeys = (at: readonly PropertyKey[]) => keysAt(field, at.slice(path.length), value);
  return describeIssues(source, issues, knownKeys);
}

/**
 * Nested stacks (AWS::CloudFormation::Stack) written out into the template that has them: their resources, by `Stack/Resource`, with the parent's
 * expressions for their parameters. Source: CloudFormation user guide, "Split a template into reusable pieces using nested stacks", read November 2026. Pure.
 */
import { type Renaming, rewritten, sectionOf } from './rewriting.ts';
import { isRecord, type Properties, TemplateError } from './template-error.ts';

export const nestedStackType = 'AWS::CloudFormation::Stack';

/** One nested stack, whose own nested stacks are written out already. */
export interface NestedStack {
  /** In the parent. */
  logicalId: string;
  /** The resource of the parent. */
  resource: Properties;
  document: Properties;
}

/** @throws {TemplateError} for a parameter of a nested stack that has no value, and for stacks that depend on themselves. */
export function withNestedStacks(document: Properties, nested: readonly NestedStack[]): Properties {
  if (nested.length === 0) return document;
  refuseCircles(nested);
  const resources: Record<string, unknown> = { ...sectionOf(document, 'Resources') };
  const conditions: Record<string, unknown> = { ...sectionOf(document, 'Conditions') };
  const mappings: Record<string, unknown> = { ...sectionOf(document, 'Mappings') };
  const outputs = new Map<string, unknown>();
  for (const stack of nested) {
    delete resources[stack.logicalId];
    const made = writtenOut(stack);
    Object.assign(resources, made.resources);
    Object.assign(conditions, made.conditions);
    Object.assign(mappings, made.mappings);
    for (const [name, value] of Object.entries(made.outputs)) outputs.set(`${stack.logicalId}.Outputs.${name}`, value);
  }
  // An output may itself be made of another nested stack's.
  const renaming: Renaming = {
    ref: (name) => (nested.some(({ logicalId }) => logicalId === name) ? `arn:nested-stack:${name}` : undefined),
    attribute(logicalId, attribute) {
      const value = outputs.get(`${logicalId}.${attribute}`);
      return value === undefined ? undefined : rewritten(value, renaming);
    },
    condition: () => undefined,
    mapping: () => undefined,
  };
  const every = (section: Properties) =>
    Object.fromEntries(Object.entries(section).map(([name, value]) => [name, rewritten(value, renaming)]));
  return {
    ...document,
    Mappings: mappings,
    Conditions: every(conditions),
    Resources: every(resources),
    Outputs: every(sectionOf(document, 'Outputs')),
  };
}

interface Sections {
  resources: Properties;
  conditions: Properties;
  mappings: Properties;
  /** Name → expression of the parent. */
  outputs: Properties;
}

function writtenOut({ logicalId, resource, document }: NestedStack): Sections {
  const own = sectionOf(document, 'Resources');
  const named = (name: string) => `${logicalId}/${name}`;
  const values = parameterValues(logicalId, resource, document);
  const declared = sectionOf(document, 'Conditions');
  const mappings = sectionOf(document, 'Mappings');
  const renaming: Renaming = {
    ref(name) {
      if (Object.hasOwn(own, name)) return { Ref: named(name) };
      // So that names made of it differ between the stacks.
      if (name === 'AWS::StackName') return { 'Fn::Join': ['-', [{ Ref: 'AWS::StackName' }, plain(logicalId)]] };
      return values.get(name);
    },
    attribute: (id, attribute) => (Object.hasOwn(own, id) ? { 'Fn::GetAtt': [named(id), attribute] } : undefined),
    condition: (name) => (Object.hasOwn(declared, name) ? named(name) : undefined),
    mapping: (name) => (Object.hasOwn(mappings, name) ? named(name) : undefined),
  };
  const renamed = (section: Properties) =>
    Object.fromEntries(Object.entries(section).map(([name, value]) => [named(name), rewritten(value, renaming)]));
  const conditions: Record<string, unknown> = renamed(declared);
  const resources = Object.fromEntries(
    Object.entries(own).map(([id, child]) => [
      named(id),
      conditional(isRecord(child) ? child : {}, { id, parent: resource.Condition, conditions, named, renaming }),
    ]),
  );
  const outputs = Object.entries(sectionOf(document, 'Outputs')).map(([name, output]) => [
    name,
    rewritten(isRecord(output) ? output.Value : output, renaming),
  ]);
  return { resources, conditions, mappings: renamed(mappings), outputs: Object.fromEntries(outputs) };
}

/** A resource is created where its own condition and that of its stack hold. */
function conditional(
  child: Properties,
  {
    id,
    parent,
    conditions,
    named,
    renaming,
  }: {
    id: string;
    parent: unknown;
    /** Of the nested stack, to which one may be added. */
    conditions: Record<string, unknown>;
    named: (name: string) => string;
    renaming: Renaming;
  },
): unknown {
  const { Condition: condition, DependsOn: _order, ...rest } = child;
  const own = typeof condition === 'string' ? named(condition) : undefined;
  const body = rewritten(rest, renaming);
  const both = own !== undefined && typeof parent === 'string' ? named(`${id} and its stack`) : undefined;
  if (both !== undefined) conditions[both] = { 'Fn::And': [{ Condition: own }, { Condition: parent }] };
  const holds = both ?? own ?? parent;
  return { ...(isRecord(body) && body), ...(holds !== undefined && { Condition: holds }) };
}

/** Parameter → expression of the parent, or the parameter's default. */
function parameterValues(logicalId: string, resource: Properties, document: Properties): Map<string, unknown> {
  const given = isRecord(resource.Properties) ? sectionOf(resource.Properties, 'Parameters') : {};
  const values = new Map<string, unknown>();
  for (const [name, parameter] of Object.entries(sectionOf(document, 'Parameters'))) {
    const { Type: type = 'String', Default: byDefault } = isRecord(parameter) ? parameter : {};
    const chosen = Object.hasOwn(given, name) ? given[name] : byDefault;
    if (chosen === undefined)
      throw new TemplateError(
        `${logicalId}.Properties.Parameters`,
        `has no ${name}, which its template needs and has no default for`,
      );
    values.set(name, typedValue(chosen, String(type)));
  }
  return values;
}

/** Lists are texts between a stack and a nested one; an SSM parameter is named. */
function typedValue(value: unknown, type: string): unknown {
  const text = Array.isArray(value) ? joined(',', value) : value;
  const whole = type.startsWith('AWS::SSM::Parameter::Value<') ? joined('', ['{{resolve:ssm:', text, '}}']) : text;
  if (!/CommaDelimitedList|List</.test(type)) return isRecord(whole) ? whole : String(whole);
  return { 'Fn::Split': [',', whole] };
}

/** A text, or the expression of one where a part is an expression. */
const joined = (delimiter: string, parts: readonly unknown[]): unknown =>
  parts.some(isRecord) ? { 'Fn::Join': [delimiter, parts] } : parts.map(String).join(delimiter);

/** @throws {TemplateError} for stacks that need each other's outputs, which CloudFormation refuses as well. */
function refuseCircles(nested: readonly NestedStack[]): void {
  const ids = nested.map(({ logicalId }) => logicalId);
  const needs = new Map(nested.map(({ logicalId, resource }) => [logicalId, namedIn(resource.Properties, ids)]));
  const visit = (id: string, path: readonly string[]): void => {
    if (path.includes(id)) {
      const circle = [...path.slice(path.indexOf(id)), id].join(' → ');
      throw new TemplateError(`${id}.Properties.Parameters`, `the stack depends on itself: ${circle}`);
    }
    for (const next of needs.get(id) ?? []) visit(next, [...path, id]);
  };
  for (const id of ids) visit(id, []);
}

/** Which of them a value refers to. */
function namedIn(value: unknown, ids: readonly string[]): Set<string> {
  const named = new Set<string>();
  const note = (id: string) => {
    if (ids.includes(id)) named.add(id);
    return undefined;
  };
  rewritten(value, { ref: note, attribute: note, condition: () => undefined, mapping: () => undefined });
  return named;
}

const plain = (logicalId: string): string => logicalId.replaceAll(/[^A-Za-z0-9]/g, '-');

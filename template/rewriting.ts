/** Puts other expressions in the places that name a template's resources, parameters, conditions and mappings. Pure. */
import { isRecord, type Properties } from './template-error.ts';

/** Undefined: as it is. */
export interface Renaming {
  /** What stands for `Ref: name`. */
  ref: (name: string) => unknown;
  /** What stands for `Fn::GetAtt: [logicalId, attribute]`. */
  attribute: (logicalId: string, attribute: string) => unknown;
  condition: (name: string) => string | undefined;
  mapping: (name: string) => string | undefined;
}

/** Any value of a template, with its intrinsics rewritten. */
export function rewritten(value: unknown, renaming: Renaming): unknown {
  if (Array.isArray(value)) return value.map((item) => rewritten(item, renaming));
  if (!isRecord(value)) return value;
  const entries = Object.entries(value);
  const [only] = entries;
  if (entries.length === 1 && only) {
    const replaced = replacement(only[0], only[1], renaming);
    if (replaced !== undefined) return replaced;
  }
  return Object.fromEntries(entries.map(([name, item]) => [name, rewritten(item, renaming)]));
}

function replacement(name: string, argument: unknown, renaming: Renaming): unknown {
  const inner = (value: unknown) => rewritten(value, renaming);
  switch (name) {
    case 'Ref':
      return typeof argument === 'string' ? renaming.ref(argument) : undefined;
    case 'Condition': {
      const renamed = typeof argument === 'string' ? renaming.condition(argument) : undefined;
      return renamed === undefined ? undefined : { Condition: renamed };
    }
    case 'Fn::GetAtt': {
      const [logicalId, ...rest] = Array.isArray(argument) ? argument : String(argument).split('.');
      const attribute = rest.every((part) => typeof part === 'string') ? rest.join('.') : null;
      return typeof logicalId === 'string' && attribute !== null ? renaming.attribute(logicalId, attribute) : undefined;
    }
    case 'Fn::If': {
      if (!Array.isArray(argument)) return undefined;
      const [condition, ...values] = argument;
      return { 'Fn::If': [renaming.condition(String(condition)) ?? condition, ...values.map(inner)] };
    }
    case 'Fn::FindInMap': {
      if (!Array.isArray(argument)) return undefined;
      const [map, ...keys] = argument;
      const renamed = typeof map === 'string' ? (renaming.mapping(map) ?? map) : inner(map);
      return { 'Fn::FindInMap': [renamed, ...keys.map(inner)] };
    }
    case 'Fn::Sub':
      return substitution(argument, renaming);
    default:
      return undefined;
  }
}

/** What a text names becomes a variable of the same name, whose value is the other expression. */
function substitution(argument: unknown, renaming: Renaming): unknown {
  const [text, given] = Array.isArray(argument) ? argument : [argument, {}];
  if (typeof text !== 'string') return undefined;
  const own = isRecord(given) ? given : {};
  const variables: Record<string, unknown> = {};
  for (const [, inBraces = ''] of text.matchAll(/\$\{([^}]*)\}/g)) {
    const name = inBraces.trim();
    if (name.startsWith('!') || Object.hasOwn(own, name)) continue;
    const dot = name.indexOf('.');
    const value = dot < 0 ? renaming.ref(name) : renaming.attribute(name.slice(0, dot), name.slice(dot + 1));
    if (value !== undefined) variables[name] = value;
  }
  for (const [name, value] of Object.entries(own)) variables[name] = rewritten(value, renaming);
  return Object.keys(variables).length === 0 ? { 'Fn::Sub': text } : { 'Fn::Sub': [text, variables] };
}

export const sectionOf = (document: Properties, name: string): Properties => {
  const section = document[name];
  return isRecord(section) ? section : {};
};

/** CloudFormation's intrinsic functions. Any that is not here is an error: skipping one would make something other than the template. Pure. */
import { substitute } from './substitute.ts';
import { isRecord, type Json, TemplateError } from './template-error.ts';
import { atPlace, list, scalar, text } from './values.ts';

export interface Resolver {
  /** The value of Ref: a resource's, a parameter's or a pseudo-parameter's. Throws if there is none. */
  ref(name: string): Json;
  getAtt(logicalId: string, attribute: string): Json;
  condition(name: string): boolean;
  /** A value of the section Mappings; undefined if there is none. */
  inMap(map: string, first: string, second: string): Json | undefined;
  /** An export of another stack. Throws if it is not known. */
  importValue(name: string): string;
  /** `{{resolve:service:rest}}`. Throws if it is not known. */
  dynamicReference(service: string, rest: string): string;
  availabilityZones(region: string): string[];
}

const supported =
  'Ref, Fn::Base64, Fn::FindInMap, Fn::GetAtt, Fn::GetAZs, Fn::If, Fn::ImportValue, Fn::Join, Fn::Length, Fn::Select, Fn::Split, Fn::Sub and Fn::ToJsonString';

/**
 * Replaces every intrinsic in `value`. `where` names the location in errors, as in `Queue.Properties.RedrivePolicy`.
 * @returns undefined for AWS::NoValue: whatever holds it does without.
 */
export function resolve(value: unknown, resolver: Resolver, where: string): Json | undefined {
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value === 'string') return withDynamicReferences(value, resolver, where);
  if (Array.isArray(value)) {
    return value
      .map((item, index) => resolve(item, resolver, `${where}[${index}]`))
      .filter((item) => item !== undefined);
  }
  if (!isRecord(value)) throw new TemplateError(where, `a ${typeof value} is not JSON`);
  const entries = Object.entries(value);
  const [only] = entries;
  if (entries.length === 1 && only && (only[0] === 'Ref' || only[0].startsWith('Fn::'))) {
    const resolved = resolveIntrinsic(only[0], only[1], resolver, where);
    return typeof resolved === 'string' ? withDynamicReferences(resolved, resolver, where) : resolved;
  }
  return Object.fromEntries(
    entries
      .map(([key, item]): [string, Json | undefined] => [key, resolve(item, resolver, `${where}.${key}`)])
      .filter((entry): entry is [string, Json] => entry[1] !== undefined),
  );
}

function resolveIntrinsic(name: string, argument: unknown, resolver: Resolver, where: string): Json | undefined {
  const inner = (value: unknown) => resolve(value, resolver, where);
  switch (name) {
    case 'Ref': {
      const wanted = text(argument, where);
      return wanted === 'AWS::NoValue' ? undefined : atPlace(where, () => resolver.ref(wanted));
    }
    case 'Fn::GetAtt': {
      const parts = Array.isArray(argument) ? argument.map((part) => scalar(inner(part), where)) : [];
      const [logicalId = '', ...attribute] = Array.isArray(argument) ? parts : text(argument, where).split('.');
      return atPlace(where, () => resolver.getAtt(logicalId, attribute.join('.')));
    }
    case 'Fn::Join': {
      const [delimiter, values] = pair(argument, where, 'Fn::Join needs [delimiter, [values]]');
      return list(inner(values), where)
        .map((item) => scalar(item, where))
        .join(text(delimiter, where));
    }
    case 'Fn::Split': {
      const [delimiter, whole] = pair(argument, where, 'Fn::Split needs [delimiter, text]');
      return scalar(inner(whole), where).split(text(delimiter, where));
    }
    case 'Fn::Select': {
      const [index, values] = pair(argument, where, 'Fn::Select needs [index, [values]]');
      const items = list(inner(values), where);
      const at = Number(scalar(inner(index), where));
      const item = items[at];
      if (item === undefined) throw new TemplateError(where, `Fn::Select has no value ${at} among ${items.length}`);
      return item;
    }
    case 'Fn::If': {
      if (!Array.isArray(argument) || argument.length !== 3)
        throw new TemplateError(where, 'Fn::If needs [condition, value if true, value if false]');
      const holds = atPlace(where, () => resolver.condition(text(argument[0], where)));
      return inner(argument[holds ? 1 : 2]);
    }
    case 'Fn::FindInMap':
      return findInMap(argument, resolver, where);
    case 'Fn::ImportValue':
      return atPlace(where, () => resolver.importValue(scalar(inner(argument), where)));
    case 'Fn::Base64':
      return Buffer.from(scalar(inner(argument), where)).toString('base64');
    case 'Fn::GetAZs': {
      const region = scalar(inner(argument), where);
      return resolver.availabilityZones(region === '' ? scalar(resolver.ref('AWS::Region'), where) : region);
    }
    case 'Fn::Length':
      return list(inner(argument), where).length;
    case 'Fn::ToJsonString':
      return JSON.stringify(inner(argument) ?? null);
    case 'Fn::Sub':
      return substitute(argument, { resolver, where, inner });
    default:
      throw new TemplateError(where, `${name} is not supported. Supported: ${supported}`);
  }
}

function findInMap(argument: unknown, resolver: Resolver, where: string): Json | undefined {
  if (!Array.isArray(argument) || argument.length < 3)
    throw new TemplateError(where, 'Fn::FindInMap needs [map, first key, second key]');
  const [map = '', first = '', second = ''] = argument
    .slice(0, 3)
    .map((part) => scalar(resolve(part, resolver, where), where));
  const found = resolver.inMap(map, first, second);
  if (found !== undefined) return found;
  const options: unknown = argument[3];
  if (isRecord(options) && options.DefaultValue !== undefined) return resolve(options.DefaultValue, resolver, where);
  throw new TemplateError(where, `Mappings has no ${map}.${first}.${second}`);
}

function withDynamicReferences(value: string, resolver: Resolver, where: string): string {
  if (!value.includes('{{resolve:')) return value;
  return value.replaceAll(/\{\{resolve:([\w-]+):([^}]*)\}\}/g, (_whole, service: string, rest: string) =>
    atPlace(where, () => resolver.dynamicReference(service, rest)),
  );
}

function pair(argument: unknown, where: string, problem: string): [unknown, unknown] {
  if (!Array.isArray(argument) || argument.length !== 2) throw new TemplateError(where, problem);
  return [argument[0], argument[1]];
}

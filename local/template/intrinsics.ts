/**
 * CloudFormation's intrinsic functions, to the extent that the local target supports them: Ref, Fn::GetAtt, Fn::Join, Fn::Sub.
 * Any other `Fn::…` is an error: skipping one would serve something other than the template.
 */

/** A value of the template after resolution: plain JSON. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

export interface Resolver {
  /** The value of Ref: a resource's, a parameter's or a pseudo-parameter's. Throws if there is none. */
  ref(name: string): Json;
  getAtt(logicalId: string, attribute: string): Json;
}

/** An error in the template, with its location. */
export class TemplateError extends Error {
  constructor(where: string, problem: string) {
    super(`The stack's template, ${where}: ${problem}`);
    this.name = 'TemplateError';
  }
}

/** Replaces every intrinsic in `value`. `where` names the location in errors, as in `Queue.Properties.RedrivePolicy`. */
export function resolve(value: unknown, resolver: Resolver, where: string): Json {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return value;
  if (Array.isArray(value)) return value.map((item, index) => resolve(item, resolver, `${where}[${index}]`));
  if (typeof value !== 'object') throw new TemplateError(where, `a ${typeof value} is not JSON`);
  const entries = Object.entries(value);
  const [only] = entries;
  if (entries.length === 1 && only && (only[0] === 'Ref' || only[0] === 'Condition' || only[0].startsWith('Fn::'))) {
    return resolveIntrinsic(only[0], only[1], resolver, where);
  }
  return Object.fromEntries(entries.map(([key, item]) => [key, resolve(item, resolver, `${where}.${key}`)]));
}

function resolveIntrinsic(name: string, argument: unknown, resolver: Resolver, where: string): Json {
  switch (name) {
    case 'Ref':
      return atPlace(where, () => resolver.ref(text(argument, where)));
    case 'Fn::GetAtt': {
      const [logicalId, ...attribute] = Array.isArray(argument) ? argument : text(argument, where).split('.');
      return atPlace(where, () => resolver.getAtt(text(logicalId, where), attribute.join('.')));
    }
    case 'Fn::Join': {
      if (!Array.isArray(argument) || !Array.isArray(argument[1]))
        throw new TemplateError(where, 'Fn::Join needs [delimiter, [values]]');
      const values = argument[1].map((item, index) => scalar(resolve(item, resolver, `${where}[${index}]`), where));
      return values.join(text(argument[0], where));
    }
    case 'Fn::Sub':
      return substitute(argument, resolver, where);
    default:
      throw new TemplateError(
        where,
        `${name} is not supported by the local target. Supported: Ref, Fn::GetAtt, Fn::Join and Fn::Sub`,
      );
  }
}

function substitute(argument: unknown, resolver: Resolver, where: string): string {
  const [template, variables] = Array.isArray(argument) ? argument : [argument, {}];
  const own = new Map(
    Object.entries(typeof variables === 'object' && variables !== null ? variables : {}).map(([key, value]) => [
      key,
      resolve(value, resolver, `${where}.${key}`),
    ]),
  );
  return text(template, where).replaceAll(/\$\{([^}]*)\}/g, (_whole, name: string) => {
    // ${!Literal} stays as ${Literal}.
    if (name.startsWith('!')) return `\${${name.slice(1)}}`;
    const variable = own.get(name);
    if (variable !== undefined) return scalar(variable, where);
    const dot = name.indexOf('.');
    return atPlace(where, () =>
      scalar(dot < 0 ? resolver.ref(name) : resolver.getAtt(name.slice(0, dot), name.slice(dot + 1)), where),
    );
  });
}

function atPlace<Value>(where: string, action: () => Value): Value {
  try {
    return action();
  } catch (error) {
    if (error instanceof TemplateError) throw error;
    throw new TemplateError(where, error instanceof Error ? error.message : String(error));
  }
}

function text(value: unknown, where: string): string {
  if (typeof value === 'string') return value;
  throw new TemplateError(where, `needs a text, got ${JSON.stringify(value)}`);
}

function scalar(value: Json, where: string): string {
  if (value === null || typeof value === 'object')
    throw new TemplateError(where, `needs a text, got ${JSON.stringify(value)}`);
  return String(value);
}

/** Fn::Sub: `${Name}`, `${Name.Attribute}`, own variables, and `${!Literal}`. Pure. */
import { isRecord, type Json } from './template-error.ts';
import { atPlace, scalar, text } from './values.ts';

export interface Substitution {
  resolver: { ref(name: string): Json; getAtt(logicalId: string, attribute: string): Json };
  where: string;
  /** Resolves a variable's own value. */
  inner: (value: unknown) => Json | undefined;
}

export function substitute(argument: unknown, { resolver, where, inner }: Substitution): string {
  const [template, variables] = Array.isArray(argument) ? argument : [argument, {}];
  const own = new Map(Object.entries(isRecord(variables) ? variables : {}).map(([key, value]) => [key, inner(value)]));
  return text(template, where).replaceAll(/\$\{([^}]*)\}/g, (_whole, inBraces: string) => {
    // ${!Literal} stays as ${Literal}.
    if (inBraces.startsWith('!')) return `\${${inBraces.slice(1)}}`;
    const name = inBraces.trim();
    const variable = own.get(name);
    if (variable !== undefined) return scalar(variable, where);
    const dot = name.indexOf('.');
    return atPlace(where, () =>
      scalar(dot < 0 ? resolver.ref(name) : resolver.getAtt(name.slice(0, dot), name.slice(dot + 1)), where),
    );
  });
}

/** What a template may call a function: its name, its ARN, and the ARNs of its versions and aliases. Pure. */
import type { StackTemplate } from '../../template/template.ts';
import type { Problems } from '../../template/template-error.ts';

/** Every name → the function's own. Functions with a problem as well: whatever names them has none for that reason. */
export function functionReferences(
  { resources, resolver, propertiesOf }: StackTemplate,
  problems: Problems,
): Map<string, string> {
  const names = new Map<string, string>();
  const all = [...resources.values()];
  for (const { logicalId, type } of all) {
    if (type !== 'AWS::Lambda::Function') continue;
    problems.attempt(() => {
      const name = String(resolver.ref(logicalId));
      names.set(name, name);
      names.set(String(resolver.getAtt(logicalId, 'Arn')), name);
    });
  }
  for (const { logicalId, type } of all) {
    if (type !== 'AWS::Lambda::Version' && type !== 'AWS::Lambda::Alias') continue;
    problems.attempt(() => {
      const { FunctionName } = propertiesOf(logicalId, (property) => property === 'FunctionName');
      const name = names.get(String(FunctionName));
      if (name !== undefined) names.set(String(resolver.ref(logicalId)), name);
    });
  }
  return names;
}

/** Names of the versions and aliases of a function, from all its names. */
export function qualifiersOf(names: ReadonlyMap<string, string>, functionName: string): string[] {
  const ofVersions = [...names].flatMap(([reference, name]) =>
    name === functionName ? (/:function:[^:]+:([^:]+)$/.exec(reference)?.[1] ?? []) : [],
  );
  return [...new Set(ofVersions)];
}

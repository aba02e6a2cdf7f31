/** Environments that are kept ready for versions and aliases of functions. Source: CloudFormation's AWS::Lambda::Version and AWS::Lambda::Alias, read November 2026. Pure. */
import { type PropertyReader, propertiesOf } from '../../template/properties.ts';
import { isObject, type Problems } from '../../template/template-error.ts';
import type { TemplateResource } from './resources.ts';

/** Function name → environments, of those that have any. */
export function provisionedConcurrencyOf(
  resources: readonly TemplateResource[],
  { functionNames, problems }: { functionNames: ReadonlyMap<string, string>; problems: Problems },
): Map<string, number> {
  const byFunction = new Map<string, number>();
  for (const read of resources.filter(({ kind }) => kind === 'version').map(propertiesOf))
    problems.attempt(() => {
      const environments = environmentsOf(read);
      const name = functionNames.get(read.text('FunctionName') ?? '');
      if (environments > 0 && name !== undefined) byFunction.set(name, (byFunction.get(name) ?? 0) + environments);
    });
  return byFunction;
}

function environmentsOf(read: PropertyReader): number {
  const given = read.json('ProvisionedConcurrencyConfig');
  if (!isObject(given)) return 0;
  const environments = Number(given.ProvisionedConcurrentExecutions);
  if (!Number.isInteger(environments) || environments < 1)
    throw read.error('ProvisionedConcurrencyConfig', 'needs ProvisionedConcurrentExecutions of at least 1');
  return environments;
}

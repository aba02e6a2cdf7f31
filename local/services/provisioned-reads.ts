/** How Lambda's reading actions describe provisioned concurrency. Source: Lambda API reference, read November 2026. Pure. */
import type { FunctionModel } from '../template/model.ts';
import { failure, type ServiceAnswer, success } from './answers.ts';

/** ListProvisionedConcurrencyConfigs, and GetProvisionedConcurrencyConfig of a version or alias. What several of these have is one sum, of the last of them. */
export function provisionedConcurrencyRead(
  { arn, qualifiers = [], provisionedConcurrency: environments = 0 }: FunctionModel,
  query: URLSearchParams,
  startedAt: string,
): ServiceAnswer {
  const qualifier = qualifiers.at(-1);
  const config = {
    RequestedProvisionedConcurrentExecutions: environments,
    AvailableProvisionedConcurrentExecutions: environments,
    AllocatedProvisionedConcurrentExecutions: environments,
    ...{ Status: 'READY', LastModified: startedAt },
  };
  if (query.get('List') === 'ALL') {
    const configs = environments > 0 ? [{ FunctionArn: `${arn}:${qualifier}`, ...config }] : [];
    return success({ ProvisionedConcurrencyConfigs: configs });
  }
  return environments > 0 && query.get('Qualifier') === qualifier
    ? success(config)
    : failure(
        404,
        'ProvisionedConcurrencyConfigNotFoundException',
        'No Provisioned Concurrency Config found for this function',
      );
}

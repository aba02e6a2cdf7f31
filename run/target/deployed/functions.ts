/** Functions and their event sources, as Lambda describes them. */
import {
  type FunctionEventInvokeConfig,
  GetEventSourceMappingCommand,
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  GetProvisionedConcurrencyConfigCommand,
  LambdaServiceException,
  ListFunctionEventInvokeConfigsCommand,
  type ProvisionedPollerConfig,
} from '@aws-sdk/client-lambda';
import { destinationNamed } from '../../../graph/destinations.ts';
import type { ResourceNames } from '../../../graph/integrations.ts';
import type { Asynchronous, EventSource, FunctionNode } from '../../../graph/model.ts';
import { arnName } from '../../../graph/references.ts';
import { ask, askEach, type Clients } from './clients.ts';
import type { DeployedResource } from './stack-resources.ts';

export interface DescribedFunction {
  node: FunctionNode;
  /** For finding what it reaches; it may hold secrets, and goes no further. */
  environment: Readonly<Record<string, string>>;
}

/** Lambda's defaults: 128 MB, 3 s. */
const defaults = { memoryMb: 128, timeoutSeconds: 3 };

/** `versions`: the stack's versions and aliases, without which nothing is provisioned. */
export async function describeFunction(
  clients: Clients,
  { id, physicalId }: DeployedResource,
  { names, versions }: { names: ResourceNames; versions: readonly DeployedResource[] },
): Promise<DescribedFunction> {
  const { lambda } = clients;
  const FunctionName = physicalId;
  const [configuration, concurrency, invokeConfigs, provisionedConcurrency] = await Promise.all([
    ask(`The function ${id}`, lambda.send(new GetFunctionConfigurationCommand({ FunctionName }))),
    ask(`The concurrency of the function ${id}`, lambda.send(new GetFunctionConcurrencyCommand({ FunctionName }))),
    ask(
      `What becomes of asynchronous invocations of the function ${id}`,
      lambda.send(new ListFunctionEventInvokeConfigsCommand({ FunctionName })),
    ),
    ask(`The provisioned concurrency of the function ${id}`, provisionedOf(clients, FunctionName, versions)),
  ]);
  const { MemorySize = defaults.memoryMb, Timeout = defaults.timeoutSeconds, Environment } = configuration;
  return {
    node: {
      ...{ id, name: physicalId, memoryMb: MemorySize, timeoutSeconds: Timeout },
      reservedConcurrency: concurrency.ReservedConcurrentExecutions ?? null,
      ...(provisionedConcurrency > 0 && { provisionedConcurrency }),
      ...asynchronousOf(
        invokeConfigs.FunctionEventInvokeConfigs ?? [],
        configuration.DeadLetterConfig?.TargetArn,
        names,
      ),
    },
    environment: Environment?.Variables ?? {},
  };
}

/** Of all versions and aliases of the stack. What has none is not found, and nor is anything where nobody knows the action, as some emulators do not. */
async function provisionedOf(
  { lambda }: Clients,
  FunctionName: string,
  versions: readonly DeployedResource[],
): Promise<number> {
  const qualifiers = versions.flatMap(({ physicalId }) => {
    const [, name, qualifier] = /^arn:[^:]+:lambda:[^:]*:[^:]*:function:([^:]+):([^:]+)$/.exec(physicalId) ?? [];
    return name === FunctionName && qualifier !== undefined ? [qualifier] : [];
  });
  const environments = await askEach(qualifiers, async (Qualifier) => {
    try {
      const call = new GetProvisionedConcurrencyConfigCommand({ FunctionName, Qualifier });
      return (await lambda.send(call)).RequestedProvisionedConcurrentExecutions ?? 0;
    } catch (error) {
      if (error instanceof LambdaServiceException && error.$metadata.httpStatusCode === 404) return 0;
      throw error;
    }
  });
  return environments.reduce((sum, each) => sum + each, 0);
}

/** Of several versions' configurations the first that says where an end is told. */
function asynchronousOf(
  configs: readonly FunctionEventInvokeConfig[],
  deadLetterArn: string | undefined,
  names: ResourceNames,
): { asynchronous?: Asynchronous } {
  const telling = configs.find(({ DestinationConfig: to }) => to?.OnSuccess?.Destination ?? to?.OnFailure?.Destination);
  const config = telling ?? configs[0];
  if (config === undefined && !deadLetterArn) return {};
  const { MaximumRetryAttempts, MaximumEventAgeInSeconds, DestinationConfig } = config ?? {};
  const to = (arn: string | undefined) => (arn ? destinationNamed(arn, names) : null);
  return {
    asynchronous: {
      maximumRetries: MaximumRetryAttempts ?? null,
      maximumAgeSeconds: MaximumEventAgeInSeconds ?? null,
      onSuccess: to(DestinationConfig?.OnSuccess?.Destination),
      onFailure: to(DestinationConfig?.OnFailure?.Destination),
      deadLetters: to(deadLetterArn),
    },
  };
}

/** Null for one that is disabled, or that feeds a function outside the stack. */
export async function describeEventSource(
  { lambda }: Clients,
  { id, physicalId }: DeployedResource,
  names: ResourceNames,
): Promise<EventSource | null> {
  const mapping = await ask(
    `The event source ${id}`,
    lambda.send(new GetEventSourceMappingCommand({ UUID: physicalId })),
  );
  const to = names.functions.get(arnName(mapping.FunctionArn ?? '')?.name ?? '');
  if (to === undefined || mapping.State === 'Disabled' || mapping.State === 'Disabling') return null;
  return {
    id,
    from: sourceOf(mapping.EventSourceArn ?? '', names),
    function: to,
    batchSize: mapping.BatchSize ?? 10,
    batchWindowSeconds: mapping.MaximumBatchingWindowInSeconds ?? 0,
    maximumConcurrency: mapping.ScalingConfig?.MaximumConcurrency ?? null,
    ...pollersOf(mapping.ProvisionedPollerConfig),
  };
}

/** Both are needed; AWS names the one that was not given as well. */
function pollersOf(config: ProvisionedPollerConfig | undefined): Pick<EventSource, 'provisionedPollers'> {
  const { MinimumPollers: minimum, MaximumPollers: maximum } = config ?? {};
  return minimum === undefined || maximum === undefined ? {} : { provisionedPollers: { minimum, maximum } };
}

function sourceOf(arn: string, { queues, tables }: ResourceNames): EventSource['from'] {
  const { service, name } = arnName(arn) ?? { service: '', name: '' };
  const queue = service === 'sqs' ? queues.get(name) : undefined;
  if (queue !== undefined) return { kind: 'queue', id: queue };
  const table = service === 'dynamodb' ? tables.get(name) : undefined;
  return table === undefined ? { kind: 'outside', what: arn } : { kind: 'stream', id: table };
}

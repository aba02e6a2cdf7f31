/** A served function in the graph of its stack. Pure. */
import { destinationNamed } from '../../graph/destinations.ts';
import type { ResourceNames } from '../../graph/integrations.ts';
import type { Asynchronous, FunctionNode } from '../../graph/model.ts';
import type { AsynchronousModel, DestinationModel, FunctionModel } from './model.ts';

type Names = Pick<ResourceNames, 'functions' | 'queues' | 'topics'>;

export function functionNodeOf(
  {
    logicalId,
    functionName,
    memoryMb,
    timeoutMs,
    reservedConcurrency,
    provisionedConcurrency,
    asynchronous,
  }: FunctionModel,
  names: Names,
): FunctionNode {
  return {
    ...{ id: logicalId, name: functionName, memoryMb, timeoutSeconds: timeoutMs / 1_000, reservedConcurrency },
    ...(provisionedConcurrency !== undefined && { provisionedConcurrency }),
    ...(asynchronous && { asynchronous: asynchronousOf(asynchronous, names) }),
  };
}

function asynchronousOf({ invokeConfig, deadLetters }: AsynchronousModel, names: Names): Asynchronous {
  const { maximumRetries = null, maximumAgeMs = null, onSuccess = null, onFailure = null } = invokeConfig ?? {};
  const to = (destination: DestinationModel | null) => destination && destinationNamed(destination.arn, names);
  return {
    maximumRetries,
    maximumAgeSeconds: maximumAgeMs === null ? null : maximumAgeMs / 1_000,
    ...{ onSuccess: to(onSuccess), onFailure: to(onFailure), deadLetters: to(deadLetters) },
  };
}

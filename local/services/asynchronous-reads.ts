/** How Lambda's reading actions describe what becomes of asynchronous invocations. Source: Lambda API reference, read November 2026. Pure. */
import type { DestinationModel, FunctionModel } from '../template/model.ts';

/** Of GetFunctionEventInvokeConfig; null where the function has none. */
export function eventInvokeConfigOf(model: FunctionModel, startedAt: string): object | null {
  const { invokeConfig = null } = model.asynchronous ?? {};
  if (invokeConfig === null) return null;
  const { maximumRetries, maximumAgeMs, onSuccess, onFailure } = invokeConfig;
  const to = (destination: DestinationModel | null) => (destination === null ? {} : { Destination: destination.arn });
  return {
    FunctionArn: `${model.arn}:$LATEST`,
    LastModified: Date.parse(startedAt) / 1_000,
    ...(maximumRetries !== null && { MaximumRetryAttempts: maximumRetries }),
    ...(maximumAgeMs !== null && { MaximumEventAgeInSeconds: maximumAgeMs / 1_000 }),
    DestinationConfig: { OnSuccess: to(onSuccess), OnFailure: to(onFailure) },
  };
}

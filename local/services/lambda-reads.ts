/** Lambda's reading actions over REST JSON: what functions there are, and how they are set up. Source: Lambda API reference, read November 2026. */
import { uuidOf } from '../../template/identities.ts';
import { findFunction } from '../lambda/function-reference.ts';
import type { EventSourceModel, FunctionModel, StackModel } from '../template/model.ts';
import { failure, type ServiceAnswer, success } from './answers.ts';

const functionPath = /^\/20\d\d-\d\d-\d\d\/functions\/([^/]+)(\/configuration|\/concurrency)?\/?$/;

export interface ReadContext {
  stack: StackModel;
  /** ISO 8601. */
  startedAt: string;
  accountConcurrency: number;
}

/** @returns null for a path that is not one of these actions. */
export function answerLambdaRead(
  path: string,
  { stack, startedAt, accountConcurrency }: ReadContext,
): ServiceAnswer | null {
  const { functions, eventSources } = stack;
  if (/^\/2015-03-31\/functions\/?$/.test(path))
    return success({ Functions: functions.map((model) => configurationOf(model, startedAt)) });
  if (/^\/2015-03-31\/event-source-mappings\/?$/.test(path))
    return success({ EventSourceMappings: eventSources.map((source) => mappingOf(source, functions)) });
  const uuid = /^\/2015-03-31\/event-source-mappings\/([^/]+)\/?$/.exec(path)?.[1];
  if (uuid !== undefined) {
    const source = eventSources.find(({ logicalId }) => uuidOf(logicalId) === uuid);
    return source === undefined
      ? failure(404, 'ResourceNotFoundException', 'The resource you requested does not exist.')
      : success(mappingOf(source, functions));
  }
  if (/^\/2016-08-19\/account-settings\/?$/.test(path)) return success(accountSettings(functions, accountConcurrency));
  const match = functionPath.exec(path);
  if (!match) return null;
  const name = decodeURIComponent(match[1] ?? '');
  const found = findFunction(functions, name, null);
  if (found === null)
    return failure(400, 'ValidationException', `${name} is neither a function name nor a function ARN.`);
  if (found.kind === 'unknown') return failure(404, 'ResourceNotFoundException', `Function not found: ${found.arn}`);
  const { model } = found;
  switch (match[2]) {
    case '/configuration':
      return success(configurationOf(model, startedAt));
    case '/concurrency':
      return success(
        model.reservedConcurrency === null ? {} : { ReservedConcurrentExecutions: model.reservedConcurrency },
      );
    default:
      return success({
        Configuration: configurationOf(model, startedAt),
        Code: { RepositoryType: 'S3', Location: `file://${model.codeFolder}` },
        Tags: {},
        ...(model.reservedConcurrency !== null && {
          Concurrency: { ReservedConcurrentExecutions: model.reservedConcurrency },
        }),
      });
  }
}

function configurationOf(model: FunctionModel, startedAt: string) {
  return {
    FunctionName: model.functionName,
    FunctionArn: model.arn,
    Handler: model.handler,
    MemorySize: model.memoryMb,
    Timeout: model.timeoutMs / 1_000,
    Environment: { Variables: model.environment },
    PackageType: 'Zip',
    Version: '$LATEST',
    State: 'Active',
    LastUpdateStatus: 'Successful',
    LastModified: startedAt,
    LoggingConfig: { LogFormat: 'Text', LogGroup: `/aws/lambda/${model.functionName}` },
  };
}

function mappingOf(source: EventSourceModel, functions: readonly FunctionModel[]) {
  return {
    UUID: uuidOf(source.logicalId),
    BatchSize: source.batchSize,
    MaximumBatchingWindowInSeconds: source.batchWindowMs / 1_000,
    EventSourceArn: source.queueArn,
    FunctionArn: functions.find(({ functionName }) => functionName === source.functionName)?.arn,
    State: 'Enabled',
    FunctionResponseTypes: source.reportsBatchItemFailures ? ['ReportBatchItemFailures'] : [],
    ...(source.maximumConcurrency !== null && { ScalingConfig: { MaximumConcurrency: source.maximumConcurrency } }),
  };
}

function accountSettings(functions: readonly FunctionModel[], concurrency: number) {
  const reserved = functions.reduce((sum, { reservedConcurrency }) => sum + (reservedConcurrency ?? 0), 0);
  return {
    AccountLimit: { ConcurrentExecutions: concurrency, UnreservedConcurrentExecutions: concurrency - reserved },
    AccountUsage: { FunctionCount: functions.length, TotalCodeSize: 0 },
  };
}

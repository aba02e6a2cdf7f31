/** Lambda's reading actions over REST JSON: what functions there are, and how they are set up. Source: Lambda API reference, read November 2026. */
import { uuidOf } from '../../template/identities.ts';
import { findFunction } from '../lambda/function-reference.ts';
import type { EventSourceModel, FunctionModel, StackModel, StreamSourceModel } from '../template/model.ts';
import { failure, type ServiceAnswer, success } from './answers.ts';
import { eventInvokeConfigOf } from './asynchronous-reads.ts';
import { provisionedConcurrencyRead } from './provisioned-reads.ts';

const functionPath =
  /^\/20\d\d-\d\d-\d\d\/functions\/([^/]+)(\/configuration|\/concurrency|\/urls?|\/event-invoke-config(?:\/list)?|\/provisioned-concurrency)?\/?$/;

export interface ReadContext {
  stack: StackModel;
  /** ISO 8601. */
  startedAt: string;
  accountConcurrency: number;
  /** Addresses of APIs and functions' URLs, by logical id. */
  endpoints: Readonly<Record<string, string>>;
}

/** @returns null for a path that is not one of these actions. */
export function answerLambdaRead(
  path: string,
  query: URLSearchParams,
  { stack, startedAt, accountConcurrency, endpoints }: ReadContext,
): ServiceAnswer | null {
  const { functions } = stack;
  if (/^\/2015-03-31\/functions\/?$/.test(path))
    return success({ Functions: functions.map((model) => configurationOf(model, startedAt)) });
  if (/^\/2015-03-31\/event-source-mappings\/?$/.test(path))
    return success({ EventSourceMappings: mappingsOf(stack).filter(isAskedFor(query, functions)) });
  const uuid = /^\/2015-03-31\/event-source-mappings\/([^/]+)\/?$/.exec(path)?.[1];
  if (uuid !== undefined) {
    const mapping = mappingsOf(stack).find(({ UUID }) => UUID === uuid);
    return mapping === undefined
      ? failure(404, 'ResourceNotFoundException', 'The resource you requested does not exist.')
      : success(mapping);
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
    case '/url':
    case '/urls': {
      const urls = urlsOf(model, stack, { endpoints, startedAt });
      if (match[2] === '/urls') return success({ FunctionUrlConfigs: urls });
      const [url] = urls;
      return url
        ? success(url)
        : failure(404, 'ResourceNotFoundException', 'The resource you requested does not exist.');
    }
    case '/event-invoke-config':
    case '/event-invoke-config/list': {
      const config = eventInvokeConfigOf(model, startedAt);
      if (match[2] === '/event-invoke-config/list')
        return success({ FunctionEventInvokeConfigs: config === null ? [] : [config] });
      return config === null
        ? failure(
            404,
            'ResourceNotFoundException',
            `The function ${model.arn}:$LATEST doesn't have an EventInvokeConfig`,
          )
        : success(config);
    }
    case '/provisioned-concurrency':
      return provisionedConcurrencyRead(model, query, startedAt);
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
    Runtime: model.runtime,
    Handler: model.handler,
    MemorySize: model.memoryMb,
    Timeout: model.timeoutMs / 1_000,
    Environment: { Variables: model.environment },
    PackageType: 'Zip',
    ...(model.asynchronous?.deadLetters && { DeadLetterConfig: { TargetArn: model.asynchronous.deadLetters.arn } }),
    Version: '$LATEST',
    State: 'Active',
    LastUpdateStatus: 'Successful',
    LastModified: startedAt,
    Layers: model.layerFolders.map((folder) => ({ Arn: `file://${folder}` })),
    LoggingConfig: { LogFormat: 'Text', LogGroup: `/aws/lambda/${model.functionName}` },
  };
}

interface Mapping {
  UUID: string;
  State: 'Enabled' | 'Disabled';
  EventSourceArn?: string;
  FunctionArn?: string | undefined;
}

/** Of queues and streams; of those that are disabled, no more than that. */
function mappingsOf({ eventSources, streamSources, functions, declared }: StackModel): Mapping[] {
  const common = (source: EventSourceModel | StreamSourceModel) => ({
    UUID: uuidOf(source.logicalId),
    State: 'Enabled' as const,
    BatchSize: source.batchSize,
    MaximumBatchingWindowInSeconds: source.batchWindowMs / 1_000,
    FunctionArn: functions.find(({ functionName }) => functionName === source.functionName)?.arn,
    FunctionResponseTypes: source.reportsBatchItemFailures ? ['ReportBatchItemFailures'] : [],
  });
  const enabled = [
    ...eventSources.map((source) => ({
      ...common(source),
      EventSourceArn: source.queueArn,
      ...(source.maximumConcurrency !== null && { ScalingConfig: { MaximumConcurrency: source.maximumConcurrency } }),
      ...(source.provisionedPollers !== null && {
        ProvisionedPollerConfig: {
          MinimumPollers: source.provisionedPollers.minimum,
          MaximumPollers: source.provisionedPollers.maximum,
        },
      }),
    })),
    ...streamSources.map((source) => ({
      ...common(source),
      EventSourceArn: source.streamArn,
      StartingPosition: source.startingPosition,
      ParallelizationFactor: source.parallelizationFactor,
    })),
  ];
  const known = new Set(enabled.map(({ UUID }) => UUID));
  const disabled = declared
    .filter(({ type }) => type === 'AWS::Lambda::EventSourceMapping')
    .map(({ logicalId }) => ({ UUID: uuidOf(logicalId), State: 'Disabled' as const }))
    .filter(({ UUID }) => !known.has(UUID));
  return [...enabled, ...disabled];
}

/** By `FunctionName` (a name or an ARN) and `EventSourceArn`. */
function isAskedFor(query: URLSearchParams, functions: readonly FunctionModel[]): (mapping: Mapping) => boolean {
  const wanted = query.get('FunctionName');
  const found = wanted === null ? null : findFunction(functions, wanted, null);
  const functionArn = found?.kind === 'found' ? found.model.arn : wanted;
  const sourceArn = query.get('EventSourceArn');
  return ({ FunctionArn, EventSourceArn }) =>
    (functionArn === null || FunctionArn === functionArn) && (sourceArn === null || EventSourceArn === sourceArn);
}

function urlsOf(
  model: FunctionModel,
  { functionUrls }: StackModel,
  { endpoints, startedAt }: Pick<ReadContext, 'endpoints' | 'startedAt'>,
) {
  return functionUrls
    .filter(
      ({ routes: [route] }) =>
        route?.integration.kind === 'lambda' && route.integration.functionName === model.functionName,
    )
    .map(({ logicalId, routes: [route] }) => ({
      FunctionUrl: endpoints[logicalId],
      FunctionArn: model.arn,
      AuthType: route?.authorizer?.kind === 'iam' ? 'AWS_IAM' : 'NONE',
      ...{ InvokeMode: 'BUFFERED', CreationTime: startedAt, LastModifiedTime: startedAt },
    }));
}

function accountSettings(functions: readonly FunctionModel[], concurrency: number) {
  const reserved = functions.reduce((sum, { reservedConcurrency }) => sum + (reservedConcurrency ?? 0), 0);
  return {
    AccountLimit: { ConcurrentExecutions: concurrency, UnreservedConcurrentExecutions: concurrency - reserved },
    AccountUsage: { FunctionCount: functions.length, TotalCodeSize: 0 },
  };
}

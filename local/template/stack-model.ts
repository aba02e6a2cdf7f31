/** Reads the CloudFormation template of a cloud assembly into the model that the local target serves. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { httpApiOf, webSocketApiOf } from './api-model.ts';
import { type Json, TemplateError } from './intrinsics.ts';
import type { EventSourceModel, FunctionModel, QueueModel, SecretModel, StackModel, TableModel } from './model.ts';
import { isObject, propertiesOf } from './properties.ts';
import { readResources, type TemplateResource, type TemplateSurroundings } from './resources.ts';

export interface StackModelSource extends TemplateSurroundings {
  templatePath: string;
  assemblyDir: string;
  /** `host:port` of the gateway, which stands in for every `<api>.execute-api.<region>.amazonaws.com`. */
  gatewayAddress: string;
  /** The same for `https` URLs only, if HTTP is served at a separate address. */
  httpAddress?: string;
}

/** @throws {TemplateError} for anything that the local target does not support, naming resource and property. */
export function readStackModel(source: StackModelSource): StackModel {
  const template: unknown = JSON.parse(readFileSync(source.templatePath, 'utf8'));
  const { resources, outputs, resolver } = readResources(template, source);
  const of = (kind: TemplateResource['kind']) => resources.filter((resource) => resource.kind === kind);
  const localize = (text: string) => localizeUrl(text, source);
  const arnOf = (logicalId: string) => String(resolver.getAtt(logicalId, 'Arn'));
  const nameOf = (logicalId: string) => String(resolver.ref(logicalId));
  const functions = of('function').map((resource): FunctionModel => {
    const model = functionOf(resource, source.assemblyDir, nameOf(resource.logicalId), arnOf(resource.logicalId));
    const environment = Object.entries(model.environment).map(([key, value]) => [key, localize(value)]);
    return { ...model, environment: Object.fromEntries(environment) };
  });
  const apis = {
    resources,
    functionNames: new Map(functions.map(({ arn, functionName }) => [arn, functionName])),
    apiIdOf: nameOf,
  };
  return {
    stackName: source.stackName,
    region: source.region,
    accountId: source.accountId,
    functions,
    webSocketApi: webSocketApiOf(apis),
    httpApi: httpApiOf(apis),
    queues: of('queue').map((resource) =>
      queueOf(resource, String(resolver.getAtt(resource.logicalId, 'QueueName')), arnOf(resource.logicalId)),
    ),
    tables: of('table').map((resource) => tableOf(resource, nameOf(resource.logicalId), arnOf(resource.logicalId))),
    eventSources: of('eventSource')
      .map((resource) => eventSourceOf(resource, functions))
      .filter((e) => e !== null),
    secrets: of('secret').map((resource) => secretOf(resource, nameOf(resource.logicalId))),
    outputs: Object.fromEntries(Object.entries(outputs).map(([name, value]) => [name, localize(value)])),
  };
}

/** `wss://<api>.execute-api.<region>.amazonaws.com/x` → `ws://<gateway>/x`; `https` likewise. */
export function localizeUrl(
  text: string,
  { gatewayAddress, httpAddress = gatewayAddress }: { gatewayAddress: string; httpAddress?: string },
): string {
  return text.replace(
    /\b(wss|https):\/\/[a-z0-9]+\.execute-api\.[a-z0-9-]+\.amazonaws\.com/g,
    (_host, scheme: string) => {
      return scheme === 'wss' ? `ws://${gatewayAddress}` : `http://${httpAddress}`;
    },
  );
}

function functionOf(resource: TemplateResource, assemblyDir: string, functionName: string, arn: string): FunctionModel {
  const read = propertiesOf(resource);
  const runtime = read.neededText('Runtime');
  if (!runtime.startsWith('nodejs')) throw read.error('Runtime', `${runtime} is not supported: Node.js only`);
  const asset = resource.metadata['aws:asset:path'];
  if (typeof asset !== 'string') {
    throw new TemplateError(
      `${resource.logicalId}.Metadata`,
      'has no aws:asset:path, so its code cannot be found. Synthesize with asset metadata',
    );
  }
  const environment = read.json('Environment');
  const variables = isObject(environment) && isObject(environment.Variables) ? environment.Variables : {};
  return {
    logicalId: resource.logicalId,
    functionName,
    arn,
    codeFolder: isAbsolute(asset) ? asset : join(assemblyDir, asset),
    handler: read.neededText('Handler'),
    // CloudFormation's defaults: 128 MB, 3 s.
    memoryMb: read.number('MemorySize') ?? 128,
    timeoutMs: (read.number('Timeout') ?? 3) * 1_000,
    reservedConcurrency: read.number('ReservedConcurrentExecutions') ?? null,
    environment: Object.fromEntries(Object.entries(variables).map(([key, value]) => [key, String(value)])),
  };
}

function queueOf(resource: TemplateResource, queueName: string, arn: string): QueueModel {
  const attributes: Record<string, string> = {};
  for (const [name, value] of Object.entries(resource.properties)) {
    if (name === 'QueueName') continue;
    attributes[name] = typeof value === 'object' ? JSON.stringify(value) : String(value);
  }
  return { logicalId: resource.logicalId, queueName, arn, attributes };
}

function tableOf(resource: TemplateResource, tableName: string, arn: string): TableModel {
  return {
    logicalId: resource.logicalId,
    tableName,
    arn,
    createTable: { ...resource.properties, TableName: tableName },
  };
}

function eventSourceOf(resource: TemplateResource, functions: readonly FunctionModel[]): EventSourceModel | null {
  const read = propertiesOf(resource);
  if (read.json('Enabled') === false) return null;
  const wanted = read.neededText('FunctionName');
  const target = functions.find(({ functionName, arn }) => functionName === wanted || arn === wanted);
  if (!target) throw read.error('FunctionName', `the stack has no function ${wanted}`);
  const queueArn = read.neededText('EventSourceArn');
  if (!queueArn.startsWith('arn:aws:sqs:'))
    throw read.error('EventSourceArn', `${queueArn} is not supported: SQS queues only`);
  const scaling = read.json('ScalingConfig');
  const maximum: Json | undefined = isObject(scaling) ? scaling.MaximumConcurrency : undefined;
  const metrics = read.json('MetricsConfig');
  const countsEvents = isObject(metrics) && Array.isArray(metrics.Metrics) && metrics.Metrics.includes('EventCount');
  return {
    logicalId: resource.logicalId,
    functionName: target.functionName,
    queueArn,
    batchSize: read.number('BatchSize') ?? 10,
    batchWindowMs: (read.number('MaximumBatchingWindowInSeconds') ?? 0) * 1_000,
    maximumConcurrency: maximum === undefined ? null : Number(maximum),
    reportsBatchItemFailures: read.texts('FunctionResponseTypes').includes('ReportBatchItemFailures'),
    ...(countsEvents && { countedAs: eventSourceUuid(resource.logicalId) }),
  };
}

/** CloudFormation's Ref of an event source is a random UUID; here the same template yields the same one. */
function eventSourceUuid(logicalId: string): string {
  const digits = createHash('sha256').update(logicalId).digest('hex');
  return [
    digits.slice(0, 8),
    digits.slice(8, 12),
    digits.slice(12, 16),
    digits.slice(16, 20),
    digits.slice(20, 32),
  ].join('-');
}

function secretOf(resource: TemplateResource, arn: string): SecretModel {
  const read = propertiesOf(resource);
  const name = arn.slice(arn.indexOf(':secret:') + ':secret:'.length, -7);
  const literal = read.text('SecretString');
  if (literal !== undefined)
    return { logicalId: resource.logicalId, name, arn, source: { kind: 'literal', value: literal } };
  const given = read.json('GenerateSecretString');
  const options = isObject(given) ? given : {};
  const textOr = (key: string) => (typeof options[key] === 'string' ? options[key] : null);
  const request = {
    length: Number(options.PasswordLength ?? 32),
    excludeCharacters: textOr('ExcludeCharacters') ?? '',
    excludeLowercase: options.ExcludeLowercase === true,
    excludeUppercase: options.ExcludeUppercase === true,
    excludeNumbers: options.ExcludeNumbers === true,
    excludePunctuation: options.ExcludePunctuation === true,
    includeSpace: options.IncludeSpace === true,
    secretStringTemplate: textOr('SecretStringTemplate'),
    generateStringKey: textOr('GenerateStringKey'),
  };
  return { logicalId: resource.logicalId, name, arn, source: { kind: 'generated', request } };
}

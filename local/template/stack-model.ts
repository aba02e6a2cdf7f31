/** A template as the model that the local target serves. */
import { isAbsolute } from 'node:path';
import type { StackPlace } from '../../template/identities.ts';
import type { GivenValues } from '../../template/parameters.ts';
import { propertiesOf } from '../../template/properties.ts';
import { isObject } from '../../template/template-error.ts';
import { functionNamed } from './apis/api-source.ts';
import { functionUrlsOf } from './apis/function-url-model.ts';
import { httpApisOf } from './apis/http-api-model.ts';
import { withQuickCreated } from './apis/quick-create.ts';
import { restApisOf } from './apis/rest-api-model.ts';
import { withStageVariables } from './apis/stage-variables.ts';
import { webSocketApisOf } from './apis/web-socket-api-model.ts';
import { withAsynchronous } from './asynchronous-model.ts';
import { customResourceOf } from './creation-models.ts';
import { databaseOf, databaseProxyOf } from './database-model.ts';
import { eventSourceOf } from './event-source-model.ts';
import { eventBusesOf, rulesOf } from './events/rule-model.ts';
import { functionReferences, qualifiersOf } from './function-references.ts';
import type { FunctionModel, QueueModel, SecretModel, StackModel, TemplateWarning } from './model.ts';
import { permissionsOf } from './permissions.ts';
import { provisionedConcurrencyOf } from './provisioned-concurrency.ts';
import { readResources, type TemplateResource } from './resources.ts';
import { serversOf } from './servers/servers-of.ts';
import { tableOf } from './table-model.ts';
import { topicsOf } from './topics/topic-model.ts';

/** A template with all that belongs to it, as loaded from files: plain data. */
export interface TemplateInput {
  /** JSON with the long forms of intrinsics. */
  document: unknown;
  /** Logical id of a function → absolute path of the folder of its code. */
  codeFolders: Readonly<Record<string, string>>;
  given: GivenValues;
  /** Types, and properties as `Type.Property`, to go on without. */
  ignore: readonly string[];
}

export interface StackModelSource extends StackPlace {
  input: TemplateInput;
  /** `host:port` of the gateway, which stands in for every `<api>.execute-api.<region>.amazonaws.com`; null: those addresses stay. */
  gatewayAddress: string | null;
  /** The same for `https` URLs only, if HTTP is served at a separate address. */
  httpAddress?: string;
  /** Of APIs and of functions' URLs that have an address of their own, by their id. */
  ownAddresses?: Readonly<Record<string, string>>;
}

/** The addresses of a gateway. */
type GatewayAddresses = Pick<StackModelSource, 'httpAddress' | 'ownAddresses'> & { gatewayAddress: string };

/** @throws {TemplateErrors} with everything that the local target does not support, naming resource and property. */
export function readStackModel(source: StackModelSource): StackModel {
  const { stackName, region, accountId, sqsUrl, input } = source;
  const place = { stackName, region, accountId, sqsUrl };
  const { template, resources, leftOut, problems } = readResources(input.document, { ...input, place });
  const { resolver, outputs } = template;
  const each = <Model>(kind: TemplateResource['kind'], read: (resource: TemplateResource) => Model): Model[] =>
    resources
      .filter((resource) => resource.kind === kind)
      .map((resource) => problems.attempt(() => read(resource)))
      .filter((model) => model !== null);
  const { gatewayAddress } = source;
  const localize = (text: string) =>
    gatewayAddress === null ? text : localizeUrl(text, { ...source, gatewayAddress });
  const arnOf = (logicalId: string) => String(resolver.getAtt(logicalId, 'Arn'));
  const nameOf = (logicalId: string) => String(resolver.ref(logicalId));
  const layers = new Map(each('layer', ({ logicalId }) => [nameOf(logicalId), input.codeFolders[logicalId]] as const));
  const functionNames = functionReferences(template, problems);
  const provisioned = provisionedConcurrencyOf(resources, { functionNames, problems });
  const functions = each('function', (resource): FunctionModel => {
    const { logicalId } = resource;
    const model = functionOf(resource, {
      codeFolder: input.codeFolders[logicalId],
      layerFolders: layerFoldersOf(resource, layers),
      functionName: nameOf(logicalId),
      arn: arnOf(logicalId),
    });
    const variables = Object.entries(model.environment).map(([key, value]) => [key, localize(value)]);
    const qualifiers = qualifiersOf(functionNames, model.functionName);
    const environments = provisioned.get(model.functionName);
    return {
      ...{ ...model, environment: Object.fromEntries(variables) },
      ...(qualifiers.length > 0 && { qualifiers }),
      ...(environments !== undefined && { provisionedConcurrency: environments }),
    };
  });
  const apis = {
    resources: withStageVariables(withQuickCreated(resources, nameOf)),
    functionNames,
    apiIdOf: nameOf,
    urlIdOf: (logicalId: string) =>
      new URL(String(resolver.getAtt(logicalId, 'FunctionUrl'))).hostname.split('.')[0] ?? '',
    problems,
    permissions:
      problems.attempt(() => permissionsOf(resources, (reference) => functionNames.get(reference) ?? null)) ?? [],
    warnings: [] as TemplateWarning[],
    arnPrefix: `arn:aws:execute-api:${region}:${accountId}`,
  };
  const ids = { refOf: nameOf, attributeOf: (id: string, name: string) => String(resolver.getAtt(id, name)) };
  const ofKind = (kind: TemplateResource['kind']) => resources.filter((resource) => resource.kind === kind);
  const databases = each('database', (resource) => databaseOf(resource, ofKind('databaseParameters'), ids));
  const sources = each('eventSource', (resource) =>
    eventSourceOf(resource, (read, property) => {
      const wanted = read.neededText(property);
      const name = functionNames.get(wanted);
      if (name === undefined) throw read.error(property, `the stack has no function ${wanted}`);
      return name;
    }),
  ).flat();
  const queues = each('queue', (resource) =>
    queueOf(resource, String(resolver.getAtt(resource.logicalId, 'QueueName')), arnOf(resource.logicalId)),
  );
  const topics = topicsOf({ ...apis, template, queues });
  const events = { ...apis, template, queues, topics };
  const stack = {
    stackName,
    region,
    accountId,
    functions: withAsynchronous(functions, { resources, queues, topics, functionNames, problems }),
    webSocketApis: webSocketApisOf(apis),
    httpApis: httpApisOf(apis),
    restApis: restApisOf({ ...apis, functionNamed: (uri, error) => functionNamed(apis, uri, error) }),
    functionUrls: functionUrlsOf(apis),
    queues,
    topics,
    eventBuses: eventBusesOf(events),
    rules: rulesOf(events),
    tables: each('table', (resource) => {
      const { logicalId } = resource;
      const streamArn = String(resolver.getAtt(logicalId, 'StreamArn'));
      return tableOf(resource, { tableName: nameOf(logicalId), arn: arnOf(logicalId), streamArn, region });
    }),
    eventSources: sources.flatMap(({ kind, source }) => (kind === 'queue' ? [source] : [])),
    streamSources: sources.flatMap(({ kind, source }) => (kind === 'stream' ? [source] : [])),
    databases,
    databaseProxies: each('databaseProxy', (resource) =>
      databaseProxyOf(resource, ofKind('databaseProxyTargets'), databases, ids),
    ),
    customResources: each('customResource', (resource) => customResourceOf(resource, functionNames)),
    ...serversOf({
      ...{ resources, codeFolders: input.codeFolders, nameOf },
      attributeOf: (logicalId, attribute) => String(resolver.getAtt(logicalId, attribute)),
      attempt: (read) => problems.attempt(read),
    }),
    secrets: each('secret', (resource) => secretOf(resource, nameOf(resource.logicalId))),
    parameters: each('parameter', (resource) => {
      const read = propertiesOf(resource);
      const type = read.text('Type') ?? 'String';
      return { name: nameOf(resource.logicalId), type, value: localize(read.neededText('Value')) };
    }),
    outputs: Object.fromEntries(Object.entries(outputs).map(([name, value]) => [name, localize(value)])),
    exports: Object.fromEntries(Object.entries(template.exports).map(([name, value]) => [name, localize(value)])),
    declared: [...template.resources.values()].map(({ logicalId, type }) => ({
      logicalId,
      type,
      physicalId: problems.attempt(() => nameOf(logicalId)) ?? logicalId,
    })),
    leftOut,
    warnings: apis.warnings,
  };
  problems.throwAny();
  return stack;
}

/** `wss://<api>.execute-api.<region>.amazonaws.com/x` → `ws://<address>/x`; `https` and URLs of functions likewise. */
export function localizeUrl(
  text: string,
  { gatewayAddress, httpAddress = gatewayAddress, ownAddresses = {} }: GatewayAddresses,
): string {
  return text.replace(
    /\b(wss|https):\/\/([a-z0-9]+)\.(?:execute-api\.[a-z0-9-]+\.amazonaws\.com|lambda-url\.[a-z0-9-]+\.on\.aws)/g,
    (_host, scheme: string, id: string) => {
      const address = ownAddresses[id] ?? (scheme === 'wss' ? gatewayAddress : httpAddress);
      return `${scheme === 'wss' ? 'ws' : 'http'}://${address}`;
    },
  );
}

/** The last layer first. @throws {TemplateError} for one that is not of the template, or not on this machine. */
function layerFoldersOf(
  resource: TemplateResource,
  layers: ReadonlyMap<string, string | undefined>,
): readonly string[] {
  const read = propertiesOf(resource);
  return read
    .texts('Layers')
    .map((arn) => {
      const folder = layers.get(arn);
      if (folder === undefined)
        throw read.error(
          'Layers',
          `${arn} is not on this machine: put what it has beside the code, and go on with --ignore AWS::Lambda::Function.Layers`,
        );
      return folder;
    })
    .toReversed();
}

function functionOf(
  resource: TemplateResource,
  {
    codeFolder,
    ...given
  }: Pick<FunctionModel, 'functionName' | 'arn' | 'layerFolders'> & { codeFolder: string | undefined },
): FunctionModel {
  const read = propertiesOf(resource);
  const runtime = read.neededText('Runtime');
  if (codeFolder === undefined || !isAbsolute(codeFolder))
    throw read.error('Code', 'is not on this machine, so the function cannot run');
  const environment = read.json('Environment');
  const variables = isObject(environment) && isObject(environment.Variables) ? environment.Variables : {};
  return {
    ...given,
    logicalId: resource.logicalId,
    runtime,
    codeFolder,
    // A custom runtime starts its bootstrap, whatever the handler.
    handler: runtime.startsWith('provided') ? (read.text('Handler') ?? 'bootstrap') : read.neededText('Handler'),
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

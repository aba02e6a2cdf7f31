/** Reads load balancers, services and caches of a template. */
import { isAbsolute } from 'node:path';
import { type PropertyReader, propertiesOf } from '../../../template/properties.ts';
import { isObject, type Json } from '../../../template/template-error.ts';
import type { TemplateResource } from '../resources.ts';
import type {
  BalancerModel,
  CacheModel,
  ServerModels,
  ServiceModel,
  TargetGroupModel,
  TaskModel,
} from './server-model.ts';

interface Options {
  resources: readonly TemplateResource[];
  codeFolders: Readonly<Record<string, string>>;
  nameOf: (logicalId: string) => string;
  attributeOf: (logicalId: string, attribute: string) => string;
  attempt: <Value>(read: () => Value) => Value | null;
}

/** AWS's defaults: ELB API, ModifyLoadBalancerAttributes and ModifyTargetGroupAttributes; ECS API, ContainerDefinition; read November 2026. */
const defaults = { idleTimeoutSeconds: 60, deregistrationDelaySeconds: 300, stopTimeoutSeconds: 30 };
/** ElastiCache's. */
const cachePort = 6_379;

export function serversOf(options: Options): ServerModels {
  const { resources, attempt } = options;
  const each = <Model>(kind: TemplateResource['kind'], read: (resource: TemplateResource) => Model): Model[] =>
    resources
      .filter((resource) => resource.kind === kind)
      .map((resource) => attempt(() => read(resource)))
      .filter((model) => model !== null);
  const groups = new Map(
    each('targetGroup', (resource) => targetGroupOf(resource, options)).map((one) => [one.arn, one]),
  );
  const listeners = each('listener', (resource) => listenerOf(resource));
  const tasks = new Map(
    each('taskDefinition', (resource) => [options.nameOf(resource.logicalId), taskOf(resource, options)] as const),
  );
  return {
    balancers: each('balancer', (resource) => balancerOf(resource, { ...options, listeners, groups })),
    services: each('service', (resource) => serviceOf(resource, { ...options, tasks, groups })),
    caches: each('cache', (resource) => cacheOf(resource, options)),
  };
}

function targetGroupOf(resource: TemplateResource, { nameOf }: Options): TargetGroupModel {
  const read = propertiesOf(resource);
  const attributes = attributesOf(read.json('TargetGroupAttributes'));
  const delay = attributes.get('deregistration_delay.timeout_seconds') ?? defaults.deregistrationDelaySeconds;
  return {
    arn: nameOf(resource.logicalId),
    healthPath: read.text('HealthCheckPath') ?? '/',
    deregistrationDelayMs: Number(delay) * 1_000,
  };
}

interface Listener {
  balancerArn: string;
  targetGroupArn: string | null;
}

function listenerOf(resource: TemplateResource): Listener {
  const read = propertiesOf(resource);
  const actions = read.json('DefaultActions');
  const [action] = Array.isArray(actions) ? actions.filter(isObject) : [];
  // Another action than forwarding, as one that redirects to TLS, has nothing to serve.
  const targetGroupArn =
    action?.Type === 'forward' && typeof action.TargetGroupArn === 'string' ? action.TargetGroupArn : null;
  return { balancerArn: read.neededText('LoadBalancerArn'), targetGroupArn };
}

function balancerOf(
  resource: TemplateResource,
  {
    nameOf,
    attributeOf,
    listeners,
    groups,
  }: Options & { listeners: readonly Listener[]; groups: ReadonlyMap<string, TargetGroupModel> },
): BalancerModel {
  const { logicalId } = resource;
  const read = propertiesOf(resource);
  if ((read.text('Type') ?? 'application') !== 'application')
    throw read.error('Type', 'is not supported: application load balancers only');
  const arn = nameOf(logicalId);
  const group = listeners
    .filter(({ balancerArn }) => balancerArn === arn)
    .map(({ targetGroupArn }) => groups.get(targetGroupArn ?? ''))
    .find((one) => one !== undefined);
  if (group === undefined) throw read.error('Type', 'has no listener that forwards to a target group of the stack');
  const attributes = attributesOf(read.json('LoadBalancerAttributes'));
  return {
    logicalId,
    fullName: attributeOf(logicalId, 'LoadBalancerFullName'),
    dnsName: attributeOf(logicalId, 'DNSName'),
    idleTimeoutMs: Number(attributes.get('idle_timeout.timeout_seconds') ?? defaults.idleTimeoutSeconds) * 1_000,
    targetGroup: group,
  };
}

function serviceOf(
  resource: TemplateResource,
  {
    attributeOf,
    tasks,
    groups,
  }: Options & { tasks: ReadonlyMap<string, TaskModel>; groups: ReadonlyMap<string, TargetGroupModel> },
): ServiceModel {
  const read = propertiesOf(resource);
  const definition = read.neededText('TaskDefinition');
  const task = tasks.get(definition);
  if (task === undefined)
    throw read.error('TaskDefinition', `the stack has no task definition ${definition} that can run here`);
  const balancers = read.json('LoadBalancers');
  const arns = (Array.isArray(balancers) ? balancers : [])
    .filter(isObject)
    .map(({ TargetGroupArn }) => String(TargetGroupArn));
  return {
    logicalId: resource.logicalId,
    serviceName: attributeOf(resource.logicalId, 'Name'),
    clusterName: (read.text('Cluster') ?? 'default').replace(/^.*\//, ''),
    // CloudFormation's default.
    desiredCount: read.number('DesiredCount') ?? 1,
    targetGroup: arns.map((arn) => groups.get(arn)).find((one) => one !== undefined) ?? null,
    task,
  };
}

/** One container, whose command is Node.js and a file of its code. */
function taskOf(resource: TemplateResource, { codeFolders }: Options): TaskModel {
  const read = propertiesOf(resource);
  const containers = read.json('ContainerDefinitions');
  const [container, second] = Array.isArray(containers) ? containers.filter(isObject) : [];
  if (container === undefined || second !== undefined)
    throw read.error('ContainerDefinitions', 'needs exactly one container: no other is run here');
  const codeFolder = codeFolders[resource.logicalId];
  if (codeFolder === undefined || !isAbsolute(codeFolder))
    throw read.error('ContainerDefinitions', 'has an image whose code is not on this machine, so the task cannot run');
  const environment = (Array.isArray(container.Environment) ? container.Environment : []).filter(isObject);
  if (Array.isArray(container.Secrets) && container.Secrets.length > 0)
    throw read.error('ContainerDefinitions', 'has Secrets, which are not given to tasks here: let the task read them');
  return {
    codeFolder,
    command: commandOf(container, read),
    environment: Object.fromEntries(environment.map(({ Name, Value }) => [String(Name), String(Value)])),
    cpuUnits: Number(read.json('Cpu') ?? container.Cpu ?? 256),
    memoryMb: Number(read.json('Memory') ?? container.Memory ?? container.MemoryReservation ?? 512),
    stopTimeoutMs: Number(container.StopTimeout ?? defaults.stopTimeoutSeconds) * 1_000,
  };
}

/** `node <file> …`, with the file below the working directory, which is the image's copy of the folder. */
function commandOf(container: Readonly<Record<string, Json>>, read: PropertyReader): TaskModel['command'] {
  const { Command, WorkingDirectory = '/' } = container;
  const [program, file, ...rest] = Array.isArray(Command) ? Command.map(String) : [];
  const directory = String(WorkingDirectory).replace(/\/$/, '');
  const inside = file?.startsWith(`${directory}/`) ? file.slice(directory.length + 1) : file;
  if (program !== 'node' || inside === undefined || isAbsolute(inside))
    throw read.error(
      'ContainerDefinitions',
      'needs a Command of `node` and a file in its WorkingDirectory: no other is run here',
    );
  return [inside, ...rest];
}

const cacheOf = (resource: TemplateResource, { attributeOf }: Options): CacheModel => ({
  logicalId: resource.logicalId,
  host: attributeOf(resource.logicalId, 'PrimaryEndPoint.Address'),
  port: propertiesOf(resource).number('Port') ?? cachePort,
});

/** `[{Key, Value}]`. */
function attributesOf(value: Json | undefined): Map<string, string> {
  const items = (Array.isArray(value) ? value : []).filter(isObject);
  return new Map(items.map(({ Key, Value }) => [String(Key), String(Value)]));
}

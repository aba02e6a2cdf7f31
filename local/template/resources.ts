/** The resources of a template: names as this machine gives them, intrinsics resolved, unknown things refused. */
import { createHash } from 'node:crypto';
import { type Json, type Resolver, resolve, TemplateError } from './intrinsics.ts';
import { type ResourceKind, resourceTypes } from './resource-types.ts';

export interface TemplateResource {
  logicalId: string;
  kind: ResourceKind;
  properties: Readonly<Record<string, Json>>;
  metadata: Readonly<Record<string, unknown>>;
}

/** Where this target's services listen: a queue's Ref is its URL. */
export interface TemplateSurroundings {
  stackName: string;
  region: string;
  accountId: string;
  /** Base URL of SQS, without a slash at the end. */
  sqsUrl: string;
}

type Properties = Record<string, unknown>;
interface RawResource {
  type: string;
  properties: Properties;
  metadata: Properties;
}

const isRecord = (value: unknown): value is Properties =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Stands in for the random part of a name that CloudFormation makes: the same template gives the same names. */
function suffix(logicalId: string, length: number): string {
  return createHash('sha256').update(logicalId).digest('hex').slice(0, length);
}

/** Reads all resources. Throws a {@link TemplateError} for what the local target does not serve. */
export function readResources(template: unknown, surroundings: TemplateSurroundings) {
  if (!isRecord(template) || !isRecord(template.Resources)) throw new TemplateError('top level', 'has no Resources');
  const raw = new Map<string, RawResource>();
  for (const [logicalId, resource] of Object.entries(template.Resources)) {
    if (!isRecord(resource) || typeof resource.Type !== 'string') throw new TemplateError(logicalId, 'has no Type');
    const properties = isRecord(resource.Properties) ? resource.Properties : {};
    checkSupported(logicalId, resource.Type, properties);
    raw.set(logicalId, {
      type: resource.Type,
      properties,
      metadata: isRecord(resource.Metadata) ? resource.Metadata : {},
    });
  }
  const resolver = resolverOf(raw, parametersOf(template), surroundings);
  const resources = [...raw].map(([logicalId, { type, properties, metadata }]): TemplateResource => {
    const kind = resourceTypes[type]?.kind ?? 'ignored';
    const used = resourceTypes[type]?.used ?? [];
    const entries = Object.entries(properties)
      .filter(([name]) => used.includes(name))
      .map(([name, value]): [string, Json] => [name, resolve(value, resolver, `${logicalId}.Properties.${name}`)]);
    return { logicalId, kind, properties: Object.fromEntries(entries), metadata };
  });
  const outputs: Record<string, string> = {};
  for (const [name, output] of Object.entries(isRecord(template.Outputs) ? template.Outputs : {})) {
    if (isRecord(output)) outputs[name] = String(resolve(output.Value, resolver, `Outputs.${name}.Value`));
  }
  return { resources, outputs, resolver };
}

function checkSupported(logicalId: string, type: string, properties: Properties): void {
  const known = resourceTypes[type];
  if (!known) throw new TemplateError(logicalId, `resource type ${type} is not served by the local target`);
  if (known.ignored.includes('*')) return;
  for (const name of Object.keys(properties)) {
    if (!known.used.includes(name) && !known.ignored.includes(name)) {
      throw new TemplateError(
        `${logicalId}.Properties.${name}`,
        `the local target does not serve this property of ${type}`,
      );
    }
  }
}

function parametersOf(template: Properties): Map<string, Json> {
  const parameters = new Map<string, Json>();
  for (const [name, parameter] of Object.entries(isRecord(template.Parameters) ? template.Parameters : {})) {
    if (isRecord(parameter) && typeof parameter.Default === 'string') parameters.set(name, parameter.Default);
  }
  return parameters;
}

function resolverOf(
  raw: ReadonlyMap<string, RawResource>,
  parameters: ReadonlyMap<string, Json>,
  { stackName, region, accountId, sqsUrl }: TemplateSurroundings,
): Resolver {
  const pseudo: Readonly<Record<string, string>> = {
    'AWS::AccountId': accountId,
    'AWS::Partition': 'aws',
    'AWS::Region': region,
    'AWS::StackId': `arn:aws:cloudformation:${region}:${accountId}:stack/${stackName}/local`,
    'AWS::StackName': stackName,
    'AWS::URLSuffix': 'amazonaws.com',
  };
  const arn = (service: string, resource: string) => `arn:aws:${service}:${region}:${accountId}:${resource}`;
  const nameOf = (logicalId: string, resource: RawResource, property: string) => {
    const given = resource.properties[property];
    if (given === undefined) return `${stackName}-${logicalId}-${suffix(logicalId, 12)}`;
    return String(resolve(given, resolver, `${logicalId}.Properties.${property}`));
  };

  /** Ref and attributes of one resource. */
  const identity = (logicalId: string): { ref: string; attributes: Readonly<Record<string, string>> } => {
    const resource = raw.get(logicalId);
    if (!resource) throw new Error(`there is no resource, parameter or pseudo-parameter ${logicalId}`);
    switch (resource.type) {
      case 'AWS::Lambda::Function': {
        const name = nameOf(logicalId, resource, 'FunctionName');
        return { ref: name, attributes: { Arn: arn('lambda', `function:${name}`) } };
      }
      case 'AWS::SQS::Queue': {
        const name = nameOf(logicalId, resource, 'QueueName');
        const url = `${sqsUrl}/${accountId}/${name}`;
        return { ref: url, attributes: { Arn: arn('sqs', name), QueueName: name, QueueUrl: url } };
      }
      case 'AWS::DynamoDB::Table': {
        const name = nameOf(logicalId, resource, 'TableName');
        return { ref: name, attributes: { Arn: arn('dynamodb', `table/${name}`) } };
      }
      case 'AWS::SecretsManager::Secret': {
        const secret = arn('secretsmanager', `secret:${nameOf(logicalId, resource, 'Name')}-${suffix(logicalId, 6)}`);
        return { ref: secret, attributes: { Id: secret } };
      }
      case 'AWS::ApiGatewayV2::Api': {
        const apiId = suffix(logicalId, 10);
        const scheme = resource.properties.ProtocolType === 'WEBSOCKET' ? 'wss' : 'https';
        return {
          ref: apiId,
          attributes: { ApiId: apiId, ApiEndpoint: `${scheme}://${apiId}.execute-api.${region}.amazonaws.com` },
        };
      }
      case 'AWS::ApiGatewayV2::Stage':
        return { ref: String(resource.properties.StageName), attributes: {} };
      default:
        // Roles, log groups, topics, routes and the like: only ever compared with themselves.
        return { ref: logicalId, attributes: { Arn: arn('local', logicalId), Id: logicalId, RoleId: logicalId } };
    }
  };

  const resolver: Resolver = {
    ref: (name) => pseudo[name] ?? parameters.get(name) ?? identity(name).ref,
    getAtt(logicalId, attribute) {
      const value = identity(logicalId).attributes[attribute];
      if (value === undefined) throw new Error(`${logicalId} has no attribute ${attribute} here`);
      return value;
    },
  };
  return resolver;
}

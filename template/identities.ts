/** What Ref and Fn::GetAtt say of a resource: names as CloudFormation makes them, but the same template makes the same ones. Pure. */
import { createHash } from 'node:crypto';
import type { Json, Properties } from './template-error.ts';

/** Where the stack is. A queue's Ref is its URL. */
export interface StackPlace {
  stackName: string;
  region: string;
  accountId: string;
  /** Base URL of SQS, without a slash at the end. */
  sqsUrl: string;
}

export interface DeclaredResource {
  logicalId: string;
  type: string;
  /** As written: intrinsics unresolved. */
  properties: Properties;
  metadata: Properties;
}

export interface Identity {
  ref: string;
  attributes: Readonly<Record<string, string>>;
  /** Of a type that nothing on this machine knows: any other attribute is a name that is only ever compared with itself. */
  isOpen?: boolean;
}

/** Replaces the random part of a name or id that CloudFormation makes. */
function suffix(logicalId: string, length: number): string {
  return createHash('sha256').update(logicalId).digest('hex').slice(0, length);
}

/** CloudFormation's Ref of an event source is a random UUID. */
export function uuidOf(logicalId: string): string {
  const digits = suffix(logicalId, 32);
  const parts = [0, 8, 12, 16, 20, 32];
  return parts
    .slice(1)
    .map((end, index) => digits.slice(parts[index], end))
    .join('-');
}

/** The one creation time of all tables' streams. */
const streamLabel = '2026-01-01T00:00:00.000';

/** @param propertyOf resolves a property of the resource; undefined if it has none. */
export function identityOf(
  { logicalId, type, properties }: DeclaredResource,
  place: StackPlace,
  propertyOf: (property: string) => Json | undefined,
): Identity {
  const { stackName, region, accountId, sqsUrl } = place;
  const arn = (service: string, resource: string) => `arn:aws:${service}:${region}:${accountId}:${resource}`;
  // A resource of a nested stack is called `Stack/Resource`.
  const made = `${stackName}-${logicalId.replaceAll('/', '-')}-${suffix(logicalId, 12)}`;
  const named = (property: string, otherwise = made) => {
    const given = propertyOf(property);
    return given === undefined || given === null ? otherwise : String(given);
  };
  switch (type) {
    case 'AWS::Lambda::Function': {
      const name = named('FunctionName');
      return { ref: name, attributes: { Arn: arn('lambda', `function:${name}`) } };
    }
    case 'AWS::Lambda::Version':
    case 'AWS::Lambda::Alias': {
      const version = type === 'AWS::Lambda::Version' ? '1' : named('Name');
      const ref = `${functionArn(named('FunctionName'), arn)}:${version}`;
      return { ref, attributes: { AliasArn: ref, FunctionArn: ref, Version: version } };
    }
    case 'AWS::Lambda::Url': {
      const FunctionArn = functionArn(named('TargetFunctionArn'), arn);
      const FunctionUrl = `https://${suffix(logicalId, 32)}.lambda-url.${region}.on.aws/`;
      return { ref: FunctionArn, attributes: { FunctionArn, FunctionUrl } };
    }
    case 'AWS::Lambda::LayerVersion': {
      const ref = arn('lambda', `layer:${named('LayerName')}:1`);
      return { ref, attributes: { LayerVersionArn: ref } };
    }
    case 'AWS::Lambda::EventSourceMapping': {
      const id = uuidOf(logicalId);
      return { ref: id, attributes: { Id: id, EventSourceMappingArn: arn('lambda', `event-source-mapping:${id}`) } };
    }
    case 'AWS::SQS::Queue': {
      const fifo = String(propertyOf('FifoQueue')) === 'true';
      const name = named('QueueName', `${made}${fifo ? '.fifo' : ''}`);
      const url = `${sqsUrl}/${accountId}/${name}`;
      return { ref: url, attributes: { Arn: arn('sqs', name), QueueName: name, QueueUrl: url } };
    }
    case 'AWS::DynamoDB::Table':
    case 'AWS::DynamoDB::GlobalTable': {
      const name = named('TableName');
      const table = arn('dynamodb', `table/${name}`);
      return {
        ref: name,
        attributes: { Arn: table, StreamArn: `${table}/stream/${streamLabel}`, TableId: uuidOf(logicalId) },
      };
    }
    case 'AWS::RDS::DBInstance': {
      const name = named('DBInstanceIdentifier', made.toLowerCase());
      const attributes = {
        'Endpoint.Address': `${name}.${suffix(stackName, 12)}.${region}.rds.amazonaws.com`,
        'Endpoint.Port': named('Port', '5432'),
        DBInstanceArn: arn('rds', `db:${name}`),
        DbiResourceId: `db-${suffix(logicalId, 26).toUpperCase()}`,
      };
      return { ref: name, attributes };
    }
    case 'AWS::RDS::DBProxy': {
      const name = named('DBProxyName');
      const Endpoint = `${name.toLowerCase()}.proxy-${suffix(stackName, 12)}.${region}.rds.amazonaws.com`;
      const DBProxyArn = arn('rds', `db-proxy:prx-${suffix(logicalId, 17)}`);
      return { ref: name, isOpen: true, attributes: { Endpoint, DBProxyArn } };
    }
    case 'AWS::SecretsManager::SecretTargetAttachment': {
      const secret = named('SecretId');
      return { ref: secret, attributes: { Id: secret } };
    }
    case 'AWS::SecretsManager::Secret': {
      const secret = arn('secretsmanager', `secret:${named('Name')}-${suffix(logicalId, 6)}`);
      return { ref: secret, attributes: { Id: secret } };
    }
    case 'AWS::ApiGatewayV2::Api': {
      const apiId = suffix(logicalId, 10);
      const scheme = propertyOf('ProtocolType') === 'WEBSOCKET' ? 'wss' : 'https';
      const ApiEndpoint = `${scheme}://${apiId}.execute-api.${region}.amazonaws.com`;
      return { ref: apiId, attributes: { ApiId: apiId, ApiEndpoint } };
    }
    case 'AWS::ApiGateway::RestApi': {
      const apiId = suffix(logicalId, 10);
      return { ref: apiId, attributes: { RestApiId: apiId, RootResourceId: rootResourceId(apiId) } };
    }
    // By which methods and routes name it.
    case 'AWS::ApiGatewayV2::Model':
    case 'AWS::ApiGateway::Model':
      return { ref: named('Name', logicalId), attributes: {} };
    case 'AWS::ApiGatewayV2::Stage':
    case 'AWS::ApiGateway::Stage':
      return { ref: named('StageName', '$default'), attributes: {} };
    case 'AWS::ElasticLoadBalancingV2::LoadBalancer': {
      const name = named('Name', made.slice(0, 32));
      const LoadBalancerFullName = `app/${name}/${suffix(logicalId, 16)}`;
      const ref = arn('elasticloadbalancing', `loadbalancer/${LoadBalancerFullName}`);
      const DNSName = `${name}-${suffix(logicalId, 10)}.${region}.elb.amazonaws.com`.toLowerCase();
      const attributes = { LoadBalancerArn: ref, LoadBalancerFullName, LoadBalancerName: name, DNSName };
      return { ref, isOpen: true, attributes };
    }
    case 'AWS::ElasticLoadBalancingV2::TargetGroup': {
      const TargetGroupName = named('Name', made.slice(0, 32));
      const TargetGroupFullName = `targetgroup/${TargetGroupName}/${suffix(logicalId, 16)}`;
      const ref = arn('elasticloadbalancing', TargetGroupFullName);
      return { ref, isOpen: true, attributes: { TargetGroupArn: ref, TargetGroupFullName, TargetGroupName } };
    }
    case 'AWS::ECS::Cluster': {
      const name = named('ClusterName');
      return { ref: name, attributes: { Arn: arn('ecs', `cluster/${name}`) } };
    }
    case 'AWS::ECS::Service': {
      const Name = named('ServiceName');
      const ref = arn('ecs', `service/${named('Cluster', 'default').replace(/^.*\//, '')}/${Name}`);
      return { ref, attributes: { Name, ServiceArn: ref } };
    }
    case 'AWS::ECS::TaskDefinition': {
      const ref = arn('ecs', `task-definition/${named('Family')}:1`);
      return { ref, attributes: { TaskDefinitionArn: ref } };
    }
    case 'AWS::ElastiCache::ReplicationGroup': {
      const ref = named('ReplicationGroupId', `${stackName}-${suffix(logicalId, 12)}`.toLowerCase());
      const address = `master.${ref}.${suffix(logicalId, 6)}.cache.amazonaws.com`;
      const attributes = { 'PrimaryEndPoint.Address': address, 'PrimaryEndPoint.Port': named('Port', '6379') };
      return { ref, isOpen: true, attributes };
    }
    case 'AWS::SNS::Topic': {
      const fifo = String(propertyOf('FifoTopic')) === 'true';
      const name = named('TopicName', `${made}${fifo ? '.fifo' : ''}`);
      return { ref: arn('sns', name), isOpen: true, attributes: { TopicArn: arn('sns', name), TopicName: name } };
    }
    case 'AWS::SNS::Subscription': {
      const ref = `${named('TopicArn')}:${logicalId}`;
      return { ref, attributes: { Arn: ref } };
    }
    case 'AWS::Events::EventBus': {
      const name = named('Name');
      return { ref: name, isOpen: true, attributes: { Arn: arn('events', `event-bus/${name}`), Name: name } };
    }
    case 'AWS::Events::Rule': {
      const name = named('Name');
      // By name or by ARN.
      const bus = named('EventBusName', 'default').replace(/^.*event-bus\//, '');
      const isDefault = bus === 'default';
      return {
        ref: isDefault ? name : `${bus}|${name}`,
        attributes: { Arn: arn('events', `rule/${isDefault ? name : `${bus}/${name}`}`) },
      };
    }
    case 'AWS::S3::Bucket': {
      const name = named('BucketName', made.toLowerCase());
      const DomainName = `${name}.s3.amazonaws.com`;
      const attributes = { Arn: `arn:aws:s3:::${name}`, DomainName, RegionalDomainName: DomainName };
      return { ref: name, isOpen: true, attributes };
    }
    case 'AWS::IAM::Role': {
      const name = named('RoleName');
      const attributes = { Arn: `arn:aws:iam::${accountId}:role/${name}`, RoleId: logicalId };
      return { ref: name, attributes };
    }
    case 'AWS::Logs::LogGroup': {
      const name = named('LogGroupName');
      return { ref: name, attributes: { Arn: arn('logs', `log-group:${name}:*`) } };
    }
    case 'AWS::SSM::Parameter': {
      const name = named('Name');
      return { ref: name, attributes: { Type: named('Type', 'String'), Value: named('Value', '') } };
    }
    default: {
      // Whatever has no name that anything on this machine would know it by: only ever compared with itself.
      const attributes = { Arn: arn('local', logicalId), Id: logicalId };
      return {
        ref: logicalId,
        isOpen: true,
        attributes: typeof properties.Name === 'string' ? { ...attributes, Name: properties.Name } : attributes,
      };
    }
  }
}

/** The id of `/` in a REST API. */
const rootResourceId = (apiId: string): string => `${apiId}-root`;

/** Versions and aliases name their function by name or by ARN. */
function functionArn(reference: string, arn: (service: string, resource: string) => string): string {
  return reference.startsWith('arn:') ? reference : arn('lambda', `function:${reference}`);
}

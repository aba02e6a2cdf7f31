/** How the local target treats a type of resource. */

export type ResourceKind =
  | 'function'
  | 'eventSource'
  | 'functionUrl'
  | 'permission'
  | 'version'
  | 'eventInvokeConfig'
  | 'layer'
  | 'queue'
  | 'queuePolicy'
  | 'topic'
  | 'topicPolicy'
  | 'subscription'
  | 'table'
  | 'secret'
  | 'database'
  | 'databaseParameters'
  | 'databaseProxy'
  | 'databaseProxyTargets'
  | 'customResource'
  | 'rule'
  | 'eventBus'
  | 'parameter'
  | 'api'
  | 'stage'
  | 'route'
  | 'routeResponse'
  | 'integrationResponse'
  | 'integration'
  | 'authorizer'
  | 'model'
  | 'restApi'
  | 'restResource'
  | 'restMethod'
  | 'restStage'
  | 'restDeployment'
  | 'restAuthorizer'
  | 'gatewayResponse'
  | 'requestValidator'
  | 'restModel'
  | 'apiKey'
  | 'usagePlan'
  | 'usagePlanKey'
  | 'balancer'
  | 'targetGroup'
  | 'listener'
  | 'cluster'
  | 'taskDefinition'
  | 'service'
  | 'cache';

export interface ResourceType {
  kind: ResourceKind;
  used: readonly string[];
  /** Whether these are there is known, and not what they hold, which may name what is not served. */
  noticed?: readonly string[];
  ignored: readonly string[];
}

export const isCustomType = (type: string): boolean =>
  type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource';

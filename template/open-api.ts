/**
 * APIs that a template defines by an OpenAPI document (`Body`), as SAM makes them: written out as the resources that the document means, with its
 * intrinsics as they are. Source: API Gateway developer guide, "OpenAPI extensions for API Gateway", read November 2026. Pure.
 */
import { requestRules, ruleResources } from './open-api-rules.ts';
import { isRecord, type Properties } from './template-error.ts';

type Raw = Record<string, unknown>;

const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace', 'x-amazon-apigateway-any-method'];
const methodName = (key: string): string => (key === 'x-amazon-apigateway-any-method' ? 'ANY' : key.toUpperCase());

/** The template with routes, integrations and authorizers in place of each Body. */
export function withoutOpenApi(document: Properties): Properties {
  if (!isRecord(document.Resources)) return document;
  const resources: Raw = {};
  for (const [logicalId, resource] of Object.entries(document.Resources)) {
    const properties = isRecord(resource) && isRecord(resource.Properties) ? resource.Properties : {};
    const body = isRecord(resource) && isRecord(properties.Body) ? properties.Body : null;
    if (!isRecord(resource) || body === null) {
      resources[logicalId] = resource;
    } else if (resource.Type === 'AWS::ApiGatewayV2::Api') {
      Object.assign(resources, httpApi(logicalId, resource, body));
    } else if (resource.Type === 'AWS::ApiGateway::RestApi') {
      Object.assign(resources, restApi(logicalId, resource, body));
    } else resources[logicalId] = resource;
  }
  return { ...document, Resources: resources };
}

interface Operation {
  path: string;
  /** Of the path, in which the operation stands. */
  item: Properties;
  method: string;
  integration: Properties;
  operation: Properties;
}

/** Those with an integration, in the order of the document. */
function operationsOf(body: Properties): Operation[] {
  return Object.entries(isRecord(body.paths) ? body.paths : {}).flatMap(([path, item]) =>
    methods.flatMap((key): Operation[] => {
      const operation = isRecord(item) ? item[key] : undefined;
      if (!isRecord(operation)) return [];
      const integration = operation['x-amazon-apigateway-integration'];
      return isRecord(item) && isRecord(integration)
        ? [{ path, item, method: methodName(key), integration, operation }]
        : [];
    }),
  );
}

function httpApi(logicalId: string, resource: Properties, body: Properties): Raw {
  const { Body: _body, ...properties } = isRecord(resource.Properties) ? resource.Properties : {};
  const ApiId = { Ref: logicalId };
  const condition = conditionOf(resource);
  const cors = body['x-amazon-apigateway-cors'];
  const made: Raw = {
    [logicalId]: {
      ...resource,
      Properties: {
        ProtocolType: 'HTTP',
        ...(isRecord(cors) && { CorsConfiguration: capitalized(cors) }),
        ...properties,
      },
    },
  };
  const authorizers = authorizersOf(body);
  for (const [name, { authorizer, scheme }] of authorizers) {
    made[`${logicalId}Authorizer${plain(name)}`] = {
      Type: 'AWS::ApiGatewayV2::Authorizer',
      ...condition,
      Properties: { ApiId, Name: name, ...httpAuthorizer(authorizer, scheme) },
    };
  }
  for (const [index, { path, method, integration, operation }] of operationsOf(body).entries()) {
    const integrationId = `${logicalId}Integration${index}`;
    const isDefault = path === '/$default';
    made[integrationId] = {
      Type: 'AWS::ApiGatewayV2::Integration',
      ...condition,
      Properties: { ApiId, ...httpIntegration(integration) },
    };
    made[`${logicalId}Route${index}`] = {
      Type: 'AWS::ApiGatewayV2::Route',
      ...condition,
      Properties: {
        ApiId,
        RouteKey: isDefault ? '$default' : `${method} ${path}`,
        Target: { 'Fn::Join': ['/', ['integrations', { Ref: integrationId }]] },
        ...routeSecurity(logicalId, operation, authorizers),
        ...scopesOf(operation, authorizers),
      },
    };
  }
  return made;
}

const fields: Readonly<Record<string, string>> = {
  type: 'IntegrationType',
  uri: 'IntegrationUri',
  httpMethod: 'IntegrationMethod',
  payloadFormatVersion: 'PayloadFormatVersion',
  timeoutInMillis: 'TimeoutInMillis',
  requestParameters: 'RequestParameters',
  responseParameters: 'ResponseParameters',
  connectionType: 'ConnectionType',
  connectionId: 'ConnectionId',
  integrationSubtype: 'IntegrationSubtype',
  credentials: 'CredentialsArn',
};

function httpIntegration(integration: Properties): Raw {
  const entries = Object.entries(integration)
    .filter(([name]) => Object.hasOwn(fields, name))
    .map(([name, value]) => [fields[name], name === 'type' ? String(value).toUpperCase() : value]);
  // A format is needed for functions; OpenAPI's default is the older one.
  return { PayloadFormatVersion: '1.0', ...Object.fromEntries(entries) };
}

interface NamedAuthorizer {
  authorizer: Properties;
  scheme: Properties;
}

/** By version 3 and 2 of OpenAPI. */
function schemesOf({ components, securityDefinitions }: Properties): Properties {
  if (isRecord(components) && isRecord(components.securitySchemes)) return components.securitySchemes;
  return isRecord(securityDefinitions) ? securityDefinitions : {};
}

function authorizersOf(body: Properties): Map<string, NamedAuthorizer> {
  const found = new Map<string, NamedAuthorizer>();
  for (const [name, scheme] of Object.entries(schemesOf(body))) {
    const authorizer = isRecord(scheme) ? scheme['x-amazon-apigateway-authorizer'] : undefined;
    if (isRecord(scheme) && isRecord(authorizer)) found.set(name, { authorizer, scheme });
  }
  return found;
}

function httpAuthorizer(authorizer: Properties, scheme: Properties): Raw {
  const type = String(authorizer.type).toUpperCase();
  const identity = authorizer.identitySource;
  return {
    AuthorizerType: type,
    ...(isRecord(authorizer.jwtConfiguration) && { JwtConfiguration: capitalized(authorizer.jwtConfiguration) }),
    ...(authorizer.authorizerUri !== undefined && { AuthorizerUri: authorizer.authorizerUri }),
    ...(authorizer.authorizerPayloadFormatVersion !== undefined && {
      AuthorizerPayloadFormatVersion: authorizer.authorizerPayloadFormatVersion,
    }),
    ...(authorizer.authorizerResultTtlInSeconds !== undefined && {
      AuthorizerResultTtlInSeconds: authorizer.authorizerResultTtlInSeconds,
    }),
    ...(authorizer.enableSimpleResponses !== undefined && { EnableSimpleResponses: authorizer.enableSimpleResponses }),
    IdentitySource:
      identity === undefined
        ? defaultIdentity(scheme)
        : String(identity)
            .split(',')
            .map((part) => part.trim()),
  };
}

const defaultIdentity = ({ in: place, name }: Properties): string[] =>
  place === 'header' && typeof name === 'string' ? [`$request.header.${name}`] : [];

function routeSecurity(
  logicalId: string,
  operation: Properties,
  authorizers: ReadonlyMap<string, NamedAuthorizer>,
): Raw {
  const [first] = Array.isArray(operation.security) ? operation.security : [];
  const [name] = Object.keys(isRecord(first) ? first : {});
  const named = name === undefined ? undefined : authorizers.get(name);
  if (name === undefined || !named) return {};
  const type = String(named.authorizer.type).toUpperCase() === 'JWT' ? 'JWT' : 'CUSTOM';
  return { AuthorizationType: type, AuthorizerId: { Ref: `${logicalId}Authorizer${plain(name)}` } };
}

/** Scopes of a JWT authorizer, of which a token needs one. */
function scopesOf({ security }: Properties, authorizers: ReadonlyMap<string, NamedAuthorizer>): Raw {
  const [first] = Array.isArray(security) ? security : [];
  const [name = '', scopes] = Object.entries(isRecord(first) ? first : {})[0] ?? [];
  return authorizers.has(name) && Array.isArray(scopes) && scopes.length > 0 ? { AuthorizationScopes: scopes } : {};
}

function restApi(logicalId: string, resource: Properties, body: Properties): Raw {
  const { Body: _body, ...properties } = isRecord(resource.Properties) ? resource.Properties : {};
  const RestApiId = { Ref: logicalId };
  const condition = conditionOf(resource);
  const source = body['x-amazon-apigateway-api-key-source'];
  const made: Raw = {
    [logicalId]: {
      ...resource,
      Properties: { ...(source !== undefined && { ApiKeySourceType: source }), ...properties },
    },
    ...ruleResources(body, { logicalId, condition }),
  };
  const authorizers = authorizersOf(body);
  for (const [name, { authorizer, scheme }] of authorizers) {
    made[`${logicalId}Authorizer${plain(name)}`] = {
      Type: 'AWS::ApiGateway::Authorizer',
      ...condition,
      Properties: { RestApiId, Name: name, ...restAuthorizer(authorizer, scheme) },
    };
  }
  const resourceIds = new Map<string, unknown>([['', { 'Fn::GetAtt': [logicalId, 'RootResourceId'] }]]);
  const resourceAt = (path: string): unknown => {
    const known = resourceIds.get(path);
    if (known !== undefined) return known;
    const ParentId = resourceAt(path.slice(0, path.lastIndexOf('/')));
    const id = `${logicalId}Resource${resourceIds.size}`;
    const PathPart = path.slice(path.lastIndexOf('/') + 1);
    made[id] = { Type: 'AWS::ApiGateway::Resource', ...condition, Properties: { RestApiId, ParentId, PathPart } };
    resourceIds.set(path, { Ref: id });
    return { Ref: id };
  };
  for (const [index, { path, item, method, integration, operation }] of operationsOf(body).entries()) {
    const rules = requestRules({ body, item, operation }, { logicalId, condition, name: `Method${index}` });
    Object.assign(made, rules.resources);
    made[`${logicalId}Method${index}`] = {
      Type: 'AWS::ApiGateway::Method',
      ...condition,
      Properties: {
        RestApiId,
        ResourceId: resourceAt(path.replace(/\/$/, '')),
        HttpMethod: method,
        Integration: restIntegration(integration),
        AuthorizationType: 'NONE',
        ...routeSecurity(logicalId, operation, authorizers),
        ...apiKeyOf(operation, body),
        ...rules.properties,
      },
    };
  }
  return made;
}

function restIntegration(integration: Properties): Raw {
  const { type, httpMethod, credentials, timeoutInMillis, responses, ...rest } = integration;
  const answers = Object.entries(isRecord(responses) ? responses : {}).map(([pattern, answer]) => ({
    ...(pattern !== 'default' && { SelectionPattern: pattern }),
    ...(isRecord(answer) ? capitalized(answer) : {}),
  }));
  return {
    Type: String(type).toUpperCase(),
    ...(httpMethod !== undefined && { IntegrationHttpMethod: httpMethod }),
    ...(credentials !== undefined && { Credentials: credentials }),
    ...(timeoutInMillis !== undefined && { TimeoutInMillis: timeoutInMillis }),
    ...(answers.length > 0 && { IntegrationResponses: answers }),
    ...capitalized(rest),
  };
}

function restAuthorizer(authorizer: Properties, scheme: Properties): Raw {
  const { type, identitySource, ...rest } = authorizer;
  const header = typeof scheme.name === 'string' ? scheme.name : 'Authorization';
  return {
    Type: String(type).toUpperCase(),
    IdentitySource: identitySource ?? `method.request.header.${header}`,
    ...capitalized(rest),
  };
}

/** OpenAPI's way to need an API key. */
function apiKeyOf({ security = [] }: Properties, body: Properties): Raw {
  const schemes = Object.entries(schemesOf(body)).filter(
    ([, scheme]) =>
      isRecord(scheme) &&
      scheme.type === 'apiKey' &&
      String(scheme.name).toLowerCase() === 'x-api-key' &&
      scheme['x-amazon-apigateway-authorizer'] === undefined,
  );
  const names = ['api_key', ...schemes.map(([name]) => name)];
  const needs = (Array.isArray(security) ? security : []).some(
    (one) => isRecord(one) && names.some((name) => name in one),
  );
  return needs ? { ApiKeyRequired: true } : {};
}

const capitalized = (given: Properties): Raw =>
  Object.fromEntries(
    Object.entries(given).map(([name, value]) => [name.charAt(0).toUpperCase() + name.slice(1), value]),
  );

const conditionOf = ({ Condition }: Properties): Raw => (Condition === undefined ? {} : { Condition });
const plain = (name: string): string => name.replaceAll(/[^A-Za-z0-9]/g, '');

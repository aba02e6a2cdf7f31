/** What an OpenAPI document of a REST API says of its requests, as resources and properties: models, request validators, parameters. Pure. */
import { isRecord, type Properties } from './template-error.ts';

type Raw = Record<string, unknown>;

/** Where an API's resources belong to. */
interface OpenApiPlace {
  logicalId: string;
  /** The API's own Condition, if it has one. */
  condition: Raw;
}

const validatorId = (logicalId: string, name: string): string =>
  `${logicalId}Validator${name.replaceAll(/[^A-Za-z0-9]/g, '')}`;

/** The document's models and validators. */
export function ruleResources(body: Properties, { logicalId, condition }: OpenApiPlace): Raw {
  const made: Raw = {};
  for (const [index, [Name, schema]] of Object.entries(schemasOf(body)).entries())
    made[`${logicalId}Model${index}`] = modelOf(schema, { logicalId, condition, Name });
  const validators = body['x-amazon-apigateway-request-validators'];
  for (const [name, validator] of Object.entries(isRecord(validators) ? validators : {})) {
    const { validateRequestBody = false, validateRequestParameters = false } = isRecord(validator) ? validator : {};
    made[validatorId(logicalId, name)] = {
      Type: 'AWS::ApiGateway::RequestValidator',
      ...condition,
      Properties: {
        RestApiId: { Ref: logicalId },
        ValidateRequestBody: validateRequestBody,
        ValidateRequestParameters: validateRequestParameters,
      },
    };
  }
  return made;
}

/**
 * What an operation says of its requests: properties of its method, and resources for models that stand in it.
 * @param name of such a model.
 */
export function requestRules(
  { body, item, operation }: { body: Properties; item: Properties; operation: Properties },
  { name, ...place }: OpenApiPlace & { name: string },
): { properties: Raw; resources: Raw } {
  const validator = operation['x-amazon-apigateway-request-validator'] ?? body['x-amazon-apigateway-request-validator'];
  const { logicalId } = place;
  const parameters = parametersOf(body, [item, operation]);
  const RequestParameters = Object.fromEntries(
    parameters.flatMap(({ in: where, name: parameter, required = false }) => {
      const kind = typeof where === 'string' ? placeNames[where] : undefined;
      return kind === undefined ? [] : [[`method.request.${kind}.${parameter}`, required]];
    }),
  );
  const resources: Raw = {};
  const RequestModels = Object.fromEntries(
    bodiesOf(body, operation, parameters).map(([type, schema], index) => {
      const referred = isRecord(schema) ? nameIn(schema.$ref) : null;
      if (referred !== null) return [type, referred];
      const Name = `${name}Body${index}`;
      resources[`${logicalId}${Name}`] = modelOf(schema, { ...place, Name });
      return [type, Name];
    }),
  );
  return {
    resources,
    properties: {
      ...(typeof validator === 'string' && { RequestValidatorId: { Ref: validatorId(logicalId, validator) } }),
      ...(Object.keys(RequestParameters).length > 0 && { RequestParameters }),
      ...(Object.keys(RequestModels).length > 0 && { RequestModels }),
    },
  };
}

const placeNames: Readonly<Record<string, string>> = { query: 'querystring', header: 'header', path: 'path' };

const modelOf = (schema: unknown, { logicalId, condition, Name }: OpenApiPlace & { Name: string }): Raw => ({
  Type: 'AWS::ApiGateway::Model',
  ...condition,
  Properties: { RestApiId: { Ref: logicalId }, Name, Schema: withModelUrls(schema, logicalId) },
});

/** By version 2 and 3 of OpenAPI. */
function schemasOf({ definitions, components }: Properties): Properties {
  if (isRecord(definitions)) return definitions;
  return isRecord(components) && isRecord(components.schemas) ? components.schemas : {};
}

/** Those of the operation go before those of its path. */
function parametersOf(body: Properties, places: readonly Properties[]): Properties[] {
  const { components } = body;
  const shared = isRecord(body.parameters) ? body.parameters : isRecord(components) ? components.parameters : {};
  const given = places.flatMap(({ parameters }) => (Array.isArray(parameters) ? parameters : [])).filter(isRecord);
  const found = given.map((parameter) => {
    const named = isRecord(shared) ? shared[nameIn(parameter.$ref) ?? ''] : undefined;
    return isRecord(named) ? named : parameter;
  });
  return [...new Map(found.map((parameter) => [`${parameter.in} ${parameter.name}`, parameter])).values()];
}

/** Content type → schema of the body. */
function bodiesOf(body: Properties, operation: Properties, parameters: readonly Properties[]): [string, unknown][] {
  const { requestBody } = operation;
  if (isRecord(requestBody)) {
    const { content } = requestBody;
    return Object.entries(isRecord(content) ? content : {}).flatMap(([type, each]) =>
      isRecord(each) && each.schema !== undefined ? [[type, each.schema] as [string, unknown]] : [],
    );
  }
  const schema = parameters.find((parameter) => parameter.in === 'body')?.schema;
  if (schema === undefined) return [];
  const types = operation.consumes ?? body.consumes;
  return (Array.isArray(types) && types.length > 0 ? types : ['application/json']).map((type) => [
    String(type),
    schema,
  ]);
}

/** `#/definitions/Order` → `Order`. */
function nameIn(reference: unknown): string | null {
  const [, name] = typeof reference === 'string' ? (/^#\/(?:.+\/)?([^/]+)$/.exec(reference) ?? []) : [];
  return name ?? null;
}

/** Models refer to one another by their URLs. */
function withModelUrls(schema: unknown, logicalId: string): unknown {
  if (Array.isArray(schema)) return schema.map((each) => withModelUrls(each, logicalId));
  if (!isRecord(schema)) return schema;
  return Object.fromEntries(
    Object.entries(schema).map(([key, value]) => {
      const name = key === '$ref' ? nameIn(value) : null;
      if (name === null) return [key, withModelUrls(value, logicalId)];
      const parts = ['https://apigateway.amazonaws.com/restapis/', { Ref: logicalId }, `/models/${name}`];
      return [key, { 'Fn::Join': ['', parts] }];
    }),
  );
}

/** Integrations of a template, other than those of HTTP APIs: of WebSocket APIs, and the parts that REST APIs share. */

import type { PropertyReader } from '../../../template/properties.ts';
import type {
  IntegratedService,
  IntegrationModel,
  IntegrationResponseModel,
  MappingModel,
} from '../integration-model.ts';

export interface IntegrationSource {
  /** The function that a URI names. @throws {TemplateError} for one that is not of the stack. */
  functionNameOf: (uri: string, read: PropertyReader) => string;
  /** The AWS::ApiGatewayV2::IntegrationResponses of an integration. */
  responses: readonly PropertyReader[];
}

/** 29 s: the longest, and the default (API Gateway quotas for WebSocket and REST APIs, read November 2026). */
export const mappedIntegrationTimeoutMs = 29_000;

/** @throws {TemplateError} for what is not supported, by its name. */
export function webSocketIntegrationOf(read: PropertyReader, source: IntegrationSource): IntegrationModel {
  const type = read.neededText('IntegrationType');
  const timeoutMs = read.number('TimeoutInMillis') ?? mappedIntegrationTimeoutMs;
  if (type === 'AWS_PROXY') {
    if (read.json('IntegrationSubtype') !== undefined || read.json('RequestParameters') !== undefined)
      throw read.error('RequestParameters', 'WebSocket APIs have them with other integrations than AWS_PROXY only');
    return { kind: 'lambda', functionName: source.functionNameOf(read.neededText('IntegrationUri'), read), timeoutMs };
  }
  const mapping: MappingModel = {
    requestTemplates: read.textMap('RequestTemplates'),
    requestSelection: read.text('TemplateSelectionExpression') ?? null,
    passthrough: passthroughOf(read.text('PassthroughBehavior')),
    requestParameters: read.textMap('RequestParameters'),
    responses: source.responses.map(webSocketResponseOf),
  };
  const method = read.text('IntegrationMethod') ?? 'POST';
  return integrationOfType(
    { type, uri: read.text('IntegrationUri'), method, mapping, timeoutMs },
    (uri) => source.functionNameOf(uri, read),
    read.error,
  );
}

export const passthroughOf = (given: string | undefined): MappingModel['passthrough'] =>
  given === 'NEVER' || given === 'WHEN_NO_TEMPLATES' ? given : 'WHEN_NO_MATCH';

/** Keys are `/pattern/` or `$default`. */
function webSocketResponseOf(read: PropertyReader): IntegrationResponseModel {
  const key = read.neededText('IntegrationResponseKey');
  return {
    pattern: key === '$default' ? null : key.replace(/^\/(.*)\/$/, '$1'),
    status: null,
    headers: {},
    templates: read.textMap('ResponseTemplates'),
    selection: read.text('TemplateSelectionExpression') ?? null,
  };
}

interface TypedIntegration {
  type: string;
  uri: string | undefined;
  method: string;
  mapping: MappingModel;
  timeoutMs: number;
}

/** MOCK, HTTP, HTTP_PROXY and AWS. `error` names the property that is not supported. */
export function integrationOfType(
  { type, uri, method, mapping, timeoutMs }: TypedIntegration,
  functionNameOf: (uri: string) => string,
  error: (property: 'IntegrationType' | 'IntegrationUri', problem: string) => Error,
): IntegrationModel {
  switch (type) {
    case 'MOCK':
      return { kind: 'mock', mapping };
    case 'HTTP':
    case 'HTTP_PROXY':
      if (uri === undefined) throw error('IntegrationUri', 'is missing');
      if (!/^https?:\/\//.test(uri)) throw error('IntegrationUri', `${uri} is not a URL of http or https`);
      return {
        kind: 'forward',
        url: uri,
        method,
        requestParameters: mapping.requestParameters,
        mapping: type === 'HTTP' ? mapping : null,
        timeoutMs,
      };
    case 'AWS':
      return serviceIntegration({ uri: uri ?? '', mapping, timeoutMs }, functionNameOf, error);
    default:
      throw error('IntegrationType', `${type} is not supported: AWS_PROXY, AWS, HTTP_PROXY, HTTP and MOCK only`);
  }
}

/** Services by their name in URIs. */
const served: Readonly<Record<string, IntegratedService>> = {
  ...{ sqs: 'sqs', sns: 'sns', events: 'events', dynamodb: 'dynamodb' },
};
const namesOf: Readonly<Record<string, string>> = {
  states: 'Step Functions',
  kinesis: 'Kinesis',
  firehose: 'Firehose',
  s3: 'S3',
};

/** `arn:aws:apigateway:{region}:{service}:{action|path}/{what}`. */
function serviceIntegration(
  { uri, mapping, timeoutMs }: Pick<TypedIntegration, 'mapping' | 'timeoutMs'> & { uri: string },
  functionNameOf: (uri: string) => string,
  error: (property: 'IntegrationUri', problem: string) => Error,
): IntegrationModel {
  const [, service = '', how, what = ''] =
    /^arn:aws[a-z-]*:apigateway:[a-z0-9-]+:([a-z0-9.-]+):(action|path)\/(.*)$/.exec(uri) ?? [];
  if (service === 'lambda')
    return { kind: 'lambdaWithTemplates', functionName: functionNameOf(uri), mapping, timeoutMs };
  const name = served[service];
  if (name === undefined) {
    const known = namesOf[service];
    throw error(
      'IntegrationUri',
      known === undefined
        ? `${uri} is not supported: integrations with Lambda, SQS, SNS, EventBridge and DynamoDB only`
        : `integrations with ${known} (${what}) are not supported by the local target`,
    );
  }
  if (name === 'dynamodb' && how !== 'action') throw error('IntegrationUri', `${uri} names no action of DynamoDB`);
  return {
    kind: 'service',
    service: name,
    action: how === 'action' ? what : null,
    path: how === 'path' ? `/${what}` : '',
    mapping,
    timeoutMs,
  };
}

/** What an HTTP API does with a request that may pass: a function, a URL, SQS's SendMessage, or EventBridge's PutEvents. */
import type { LambdaService } from '../../lambda/lambda-service.ts';
import { AwsJsonError } from '../../process/aws-json-client.ts';
import type { Limits } from '../../quota/limits.ts';
import type { SqsClient } from '../../sqs/sqs-client.ts';
import type { HttpApiModel, HttpIntegrationModel, HttpRouteModel } from '../../template/apis/api-models.ts';
import { newTraceId } from '../ids.ts';
import { type Forwarder, withoutOwn } from '../integrations/forward.ts';
import type { ServiceCalls } from '../integrations/service-calls.ts';
import { withTimeout } from '../with-timeout.ts';
import type { AuthorizerFacts } from './authorization.ts';
import { forwardedParts } from './forward-request.ts';
import { type Answer, lambdaAnswer, messageAnswer } from './http-answers.ts';
import { httpEvent, isText, type TargetedRequest } from './http-event.ts';
import { type MappedRequest, mapParameter } from './parameter-mapping.ts';
import { restEvent } from './rest-event.ts';

export interface HttpIntegrationServices {
  api: HttpApiModel;
  accountId: string;
  lambda: LambdaService;
  sqs: SqsClient;
  limits: Limits;
  forwarder: Forwarder;
  serviceCalls: ServiceCalls;
}

/** A request with the route that it takes. */
export interface RoutedRequest extends TargetedRequest {
  body: Buffer;
  route: HttpRouteModel;
  pathParameters: Readonly<Record<string, string>>;
  requestId: string;
  nowMs: number;
}

export class HttpIntegrations {
  #services: HttpIntegrationServices;

  constructor(services: HttpIntegrationServices) {
    this.#services = services;
  }

  async answer(call: RoutedRequest, authorizer: AuthorizerFacts | null): Promise<Answer> {
    const { integration } = call.route;
    switch (integration.kind) {
      case 'lambda':
        return await this.#invoke(call, integration, authorizer);
      case 'forward':
        return await this.#forward(call, integration);
      case 'sqsSendMessage':
        return await this.#sendMessage(call, integration.requestParameters);
      case 'putEvents':
        return await this.#putEvents(call, integration.requestParameters);
    }
  }

  /** The event of a function, of payload format `version`. */
  eventOf(call: RoutedRequest, version: '1.0' | '2.0', authorizer: AuthorizerFacts | null) {
    const { api, accountId } = this.#services;
    const { request, target, body, route, requestId, nowMs, pathParameters } = call;
    const { apiId, stage, stageVariables } = api;
    const moment = { requestId, nowMs, traceId: newTraceId(nowMs) };
    const owner = api.kind === 'functionUrl' ? 'anonymous' : accountId;
    const facts = { apiId, accountId: owner, stage, stageVariables, pathParameters, ...moment };
    const { routeKey } = route;
    return version === '2.0'
      ? httpEvent({ request, target }, body, { ...facts, routeKey, authorizer: authorizer?.v2 ?? null })
      : restEvent({ request, target }, body, {
          ...{ ...facts, version, authorizer: authorizer?.v1 ?? null, base64: body.length > 0 && !isText(request) },
          ...{ resource: routeKey.split(' ')[1] ?? routeKey, path: target.path },
        });
  }

  /** The request as parameter mapping sees it. */
  mapped({ request, target, body, route, pathParameters, requestId }: RoutedRequest): MappedRequest {
    const { api, accountId } = this.#services;
    const { apiId, stage, stageVariables } = api;
    const context = { apiId, accountId, stage, requestId, routeKey: route.routeKey, httpMethod: request.method ?? '' };
    return { ...mappedRequest({ request, target }, body), pathParameters, context, stageVariables };
  }

  async #invoke(
    call: RoutedRequest,
    { functionName, timeoutMs, payloadVersion }: Extract<HttpIntegrationModel, { kind: 'lambda' }>,
    authorizer: AuthorizerFacts | null,
  ): Promise<Answer> {
    const { api, lambda, limits } = this.#services;
    const event = JSON.stringify(this.eventOf(call, payloadVersion, authorizer));
    const outcome = await withTimeout(lambda.invoke(functionName, event), timeoutMs);
    const isUrl = api.kind === 'functionUrl';
    return lambdaAnswer(outcome, { limits, timeoutMs, payloadVersion, isUrl });
  }

  async #forward(
    call: RoutedRequest,
    { url, method, parameters, timeoutMs }: Extract<HttpIntegrationModel, { kind: 'forward' }>,
  ): Promise<Answer> {
    const { request, body } = call;
    const answer = await this.#services.forwarder.send({
      ...forwardedParts(url, parameters, this.mapped(call)),
      ...{ method: method === 'ANY' ? (request.method ?? 'GET') : method, body, timeoutMs },
    });
    if (answer === null)
      return { ...messageAnswer(503, 'Service Unavailable'), failure: { kind: 'timeout', afterMs: timeoutMs } };
    return { status: answer.status, headers: withoutOwn(answer.headers), body: answer.body };
  }

  /** The service integration: the body goes to the queue unchanged, and SQS's own response is returned. */
  async #sendMessage(call: RoutedRequest, parameters: Readonly<Record<string, string>>): Promise<Answer> {
    const mapped = this.mapped(call);
    const input: Record<string, unknown> = {};
    for (const [name, expression] of Object.entries(parameters)) {
      // The attributes template is JSON, and values are inserted into its strings.
      input[name] =
        name === 'MessageAttributes' ? mapJson(JSON.parse(expression), mapped) : mapParameter(expression, mapped);
    }
    if (input.DelaySeconds !== undefined) input.DelaySeconds = Number(input.DelaySeconds);
    return await orError(async () => {
      const answer = await this.#services.sqs.call('SendMessage', input);
      return jsonAnswer(JSON.stringify({ SendMessageResponse: { SendMessageResult: answer } }));
    });
  }

  /** Likewise: one entry, and EventBridge's own response, in which the entry may have failed. */
  async #putEvents(call: RoutedRequest, parameters: Readonly<Record<string, string>>): Promise<Answer> {
    const mapped = this.mapped(call);
    const fields = Object.entries(parameters).map(([name, expression]) => [name, mapParameter(expression, mapped)]);
    const { Resources, Time, Region: _, ...entry }: Record<string, string> = Object.fromEntries(fields);
    const Entries = [{ ...entry, ...(Resources && { Resources: resourcesIn(Resources) }), ...(Time && { Time }) }];
    return await orError(async () => {
      const body = JSON.stringify({ Entries });
      const to = { service: 'events', action: 'PutEvents', path: '', headers: {}, query: {} } as const;
      const answer = await this.#services.serviceCalls.call({ ...to, body });
      return jsonAnswer(answer.body);
    });
  }
}

const jsonAnswer = (text: string): Answer => ({
  ...{ status: 200, headers: { 'content-type': 'application/json' }, body: Buffer.from(text) },
});

/** An error of the service is the answer. */
async function orError(answer: () => Promise<Answer>): Promise<Answer> {
  try {
    return await answer();
  } catch (error) {
    if (error instanceof AwsJsonError) return messageAnswer(error.status, error.message);
    throw error;
  }
}

/** A list in JSON, or the text of a single ARN. */
function resourcesIn(text: string): string[] {
  try {
    const parsed: unknown = JSON.parse(text);
    return Array.isArray(parsed) ? parsed.map(String) : [text];
  } catch {
    return [text];
  }
}

function mappedRequest({ request, target }: TargetedRequest, body: Buffer): MappedRequest {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) headers[name] = [value ?? ''].flat().join(',');
  return { body: body.toString(), headers, query: Object.fromEntries(target.query), path: target.path };
}

export function integrationNameOf(integration: HttpIntegrationModel): string {
  switch (integration.kind) {
    case 'lambda':
      return integration.functionName;
    case 'forward':
      return integration.url;
    case 'sqsSendMessage':
      return 'SQS';
    case 'putEvents':
      return 'EventBridge';
  }
}

function mapJson(value: unknown, request: MappedRequest): unknown {
  if (typeof value === 'string') return mapParameter(value, request);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapJson(item, request)]));
}

/**
 * Integrations other than the Lambda proxy, as WebSocket and REST APIs have them: a request is made of what came, by parameters and a template; what
 * came back is made into the answer. Source: API Gateway developer guide, "Integrations for REST APIs" and "Data transformations", read November 2026.
 */
import type { InvokeOutcome, LambdaService } from '../../lambda/lambda-service.ts';
import type { IntegrationFailure } from '../../notices.ts';
import { AwsJsonError } from '../../process/aws-json-client.ts';
import type { IntegrationModel, IntegrationResponseModel, MappingModel } from '../../template/integration-model.ts';
import { type Rendered, renderTemplate } from '../mapping/mapping-template.ts';
import { parameterValue, requestParameters } from '../mapping/parameter-expressions.ts';
import { headerOf, type MappingSource } from '../mapping/template-variables.ts';
import { timedOut, withTimeout } from '../with-timeout.ts';
import { type Forwarder, urlOf, withoutOwn } from './forward.ts';
import { failureOf } from './integration-failures.ts';
import type { ServiceCalls } from './service-calls.ts';

export type MappedIntegration = Exclude<IntegrationModel, { kind: 'lambda' }>;

/** A request, as an API hands it to its integration. */
export interface MappedRequest extends MappingSource {
  method: string;
  /** As sent: what `body` is the text of. */
  bytes: Buffer;
  /** Which of the request templates fits: null if none does. */
  choose: ChooseTemplate;
  /** Likewise of the answer's. */
  chooseAnswer: ChooseTemplate;
}

type ChooseTemplate = (
  templates: Readonly<Record<string, string>>,
  selection: string | null,
  source: MappingSource,
) => string | null;

export type MappedOutcome =
  | {
      kind: 'answered';
      status: number;
      headers: Readonly<Record<string, string | readonly string[]>>;
      body: Buffer | string;
    }
  /** No template fits the body, and none may pass without. */
  | { kind: 'unsupportedMedia' }
  | { kind: 'failed'; failure: IntegrationFailure };

export interface IntegrationServices {
  lambda: Pick<LambdaService, 'invoke'>;
  forwarder: Forwarder;
  serviceCalls: ServiceCalls;
  /** Accepts an asynchronous invocation. */
  acceptAsync: (functionName: string, payload: string) => boolean;
}

/** What an integration returned, before it is mapped. */
interface Returned {
  status: number;
  headers: Readonly<Record<string, string>>;
  body: string;
  /** What patterns are compared with. */
  matched: string;
}

/** Never rejects. */
export async function callIntegration(
  integration: MappedIntegration,
  request: MappedRequest,
  services: IntegrationServices,
): Promise<MappedOutcome> {
  try {
    return await (integration.kind === 'forward' && integration.mapping === null
      ? forward(integration, request, services)
      : mapped(integration, request, services));
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    return { kind: 'failed', failure: { kind: 'broken', problem } };
  }
}

type Forward = Extract<MappedIntegration, { kind: 'forward' }>;

async function forward(
  integration: Forward,
  request: MappedRequest,
  { forwarder }: IntegrationServices,
): Promise<MappedOutcome> {
  const { headers, query, path } = requestParameters(integration.requestParameters, request);
  const url = urlOf(integration.url, { path: { ...request.path, ...path }, query: { ...request.query, ...query } });
  const answer = await forwarder.send({
    url,
    method: integration.method === 'ANY' ? request.method : integration.method,
    headers: { ...withoutOwn(request.headers), ...headers },
    body: request.bytes,
    timeoutMs: integration.timeoutMs,
  });
  if (answer === null) return { kind: 'failed', failure: failureOf(timedOut, integration.timeoutMs) };
  return { kind: 'answered', status: answer.status, headers: withoutOwn(answer.headers), body: answer.body };
}

async function mapped(
  integration: MappedIntegration,
  request: MappedRequest,
  services: IntegrationServices,
): Promise<MappedOutcome> {
  const { mapping } = integration;
  if (mapping === null) throw new Error('This integration has no mapping.');
  const made = integrationRequest(mapping, request);
  if (made === null) return { kind: 'unsupportedMedia' };
  const returned = await returnedBy(integration, { made, request, mapping }, services);
  return 'failure' in returned
    ? { kind: 'failed', failure: returned.failure }
    : integrationAnswer(mapping, request, returned);
}

/** The body of the request to the integration; null if it must not pass. */
function integrationRequest(mapping: MappingModel, request: MappedRequest): Rendered | null {
  const template = request.choose(mapping.requestTemplates, mapping.requestSelection, request);
  if (template !== null) return renderTemplate(template, request);
  const none = Object.keys(mapping.requestTemplates).length === 0;
  if (mapping.passthrough === 'NEVER' || (mapping.passthrough === 'WHEN_NO_TEMPLATES' && !none)) return null;
  return { text: request.body, overrides: { status: null, headers: {}, query: {} } };
}

interface Made {
  made: Rendered;
  request: MappedRequest;
  mapping: MappingModel;
}

async function returnedBy(
  integration: MappedIntegration,
  { made, request, mapping }: Made,
  services: IntegrationServices,
): Promise<Returned | { failure: IntegrationFailure }> {
  const parameters = requestParameters(mapping.requestParameters, request);
  const headers = { ...parameters.headers, ...made.overrides.headers };
  const query = { ...parameters.query, ...made.overrides.query };
  switch (integration.kind) {
    case 'mock':
      return mockAnswer(made.text);
    case 'lambdaWithTemplates': {
      const { functionName, timeoutMs } = integration;
      const isAsync = /^'?Event'?$/i.test(headerOf(headers, 'x-amz-invocation-type') ?? '');
      if (isAsync)
        return services.acceptAsync(functionName, made.text)
          ? { status: 202, headers: {}, body: '', matched: '' }
          : { failure: { kind: 'throttled' } };
      return lambdaAnswer(await withTimeout(services.lambda.invoke(functionName, made.text), timeoutMs), timeoutMs);
    }
    case 'forward': {
      const url = urlOf(integration.url, { path: parameters.path, query });
      const method = integration.method === 'ANY' ? request.method : integration.method;
      const type = { 'content-type': headerOf(request.headers, 'content-type') ?? 'application/json' };
      const { timeoutMs } = integration;
      const answer = await services.forwarder.send({
        url,
        method,
        headers: { ...type, ...headers },
        body: made.text,
        timeoutMs,
      });
      if (answer === null) return { failure: failureOf(timedOut, timeoutMs) };
      const texts = Object.entries(answer.headers).map(
        ([name, value]) => [name, [value ?? ''].flat().join(',')] as const,
      );
      return {
        status: answer.status,
        headers: Object.fromEntries(texts),
        body: answer.body.toString(),
        matched: String(answer.status),
      };
    }
    case 'service': {
      const { service, action, path, timeoutMs } = integration;
      const call = services.serviceCalls
        .call({ service, action, path, body: made.text, headers, query })
        .catch((error: unknown) => {
          if (error instanceof AwsJsonError)
            return { status: error.status, body: JSON.stringify({ __type: error.type, message: error.message }) };
          throw error;
        });
      const answer = await withTimeout(call, timeoutMs);
      if (answer === timedOut) return { failure: failureOf(timedOut, timeoutMs) };
      return { ...answer, headers: {}, matched: String(answer.status) };
    }
  }
}

/** A mock's own status is what its template says. @throws if it does not say one. */
function mockAnswer(text: string): Returned {
  // API Gateway reads it leniently: CDK and the Serverless Framework write preflights as `{ statusCode: 200 }`.
  const [, said] = /["']?\bstatusCode\b["']?\s*:\s*["']?(\d{3})\b/.exec(text) ?? [];
  if (said === undefined) throw new Error(`Its template made no statusCode: ${text.slice(0, 100)}`);
  return { status: Number(said), headers: {}, body: '', matched: said };
}

function lambdaAnswer(
  outcome: InvokeOutcome | typeof timedOut,
  timeoutMs: number,
): Returned | { failure: IntegrationFailure } {
  if (outcome !== timedOut && outcome.kind === 'ok')
    return { status: 200, headers: {}, body: outcome.payload, matched: '' };
  // An error of the code is an answer like any other, told by its message.
  if (outcome !== timedOut && outcome.kind === 'functionError' && outcome.cause === 'thrown')
    return { status: 200, headers: {}, body: JSON.stringify(outcome.error), matched: outcome.error.errorMessage };
  return { failure: failureOf(outcome, timeoutMs) };
}

function integrationAnswer(mapping: MappingModel, request: MappedRequest, returned: Returned): MappedOutcome {
  const response = responseOf(mapping.responses, returned.matched);
  if (response === null) {
    // Without any of its own, an API passes on what came; with some, none of which fits, it does not know the status.
    if (mapping.responses.length > 0)
      return {
        kind: 'failed',
        failure: { kind: 'broken', problem: `no integration response matches "${returned.matched}"` },
      };
    return { kind: 'answered', status: returned.status, headers: {}, body: returned.body };
  }
  const source: MappingSource = { ...request, body: returned.body, headers: returned.headers };
  const template = request.chooseAnswer(response.templates, response.selection, source);
  const rendered = template === null ? null : renderTemplate(template, source);
  const headers: Record<string, string> = {};
  for (const [name, expression] of Object.entries(response.headers)) {
    const value = parameterValue(expression, source);
    if (value !== undefined) headers[name] = value;
  }
  return {
    kind: 'answered',
    status: rendered?.overrides.status ?? response.status ?? returned.status,
    headers: { ...headers, ...rendered?.overrides.headers },
    body: rendered?.text ?? returned.body,
  };
}

/** The first whose pattern matches as a whole, else the one without; null if there is none. */
function responseOf(responses: readonly IntegrationResponseModel[], matched: string): IntegrationResponseModel | null {
  const own = responses.find(
    ({ pattern }) => pattern !== null && matched !== '' && new RegExp(`^(?:${pattern})$`, 's').test(matched),
  );
  return own ?? responses.find(({ pattern }) => pattern === null) ?? null;
}

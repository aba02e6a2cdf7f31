/** The port of all services of AWS that the target has: each request goes to the one that it is for. */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { answerEvents, type EventsPlace } from '../events/events-api.ts';
import { InvokeApi } from '../lambda/invoke-api.ts';
import type { ServiceQuotas } from '../quota/service-quotas.ts';
import type { SecretsService } from '../secrets/secrets-service.ts';
import { failure, type ServiceAnswer, sendJson, sendXml, unknownAction } from '../services/answers.ts';
import { answerApiGatewayRead } from '../services/api-gateway-reads.ts';
import { answerCloudFormation, cloudFormationSpace } from '../services/cloudformation.ts';
import { answerLambdaRead } from '../services/lambda-reads.ts';
import type { LogStore } from '../services/log-store.ts';
import { answerLogs } from '../services/logs.ts';
import { answerRestApiRead } from '../services/rest-api-reads.ts';
import { type ServiceName, serviceOf } from '../services/service-of.ts';
import { answerSsm } from '../services/ssm.ts';
import { answerSts, stsSpace } from '../services/sts.ts';
import { answerSns, snsSpace } from '../sns/sns-api.ts';
import type { TopicService } from '../sns/topic-service.ts';
import type { StackModel } from '../template/model.ts';
import { checkSignature, isLocalKey, type SignatureCheck, type SignedRequest } from './connections-api/sigv4.ts';
import { readBody } from './http-body.ts';
import { readTarget } from './request-target.ts';

/**
 * A message of SNS is at most 262,144 bytes (SNS quotas, read November 2026), which a form may make thrice as long; a secret is less. Entries of PutEvents are
 * 1 MB together, and JSON in JSON may be twice as long.
 */
const maxBodyBytes = 2_359_296;

export interface AwsServices {
  secrets: SecretsService;
  serviceQuotas: ServiceQuotas;
  lambda: InvokeApi;
  logs: LogStore;
  cloudwatch: RequestListener;
  dynamodb: RequestListener;
  sqs: RequestListener;
  topics: TopicService;
  events: EventsPlace;
  /** Null without a WebSocket API. */
  connectionsApi: RequestListener | null;
  stack: StackModel;
  /** The template, as served. */
  document: unknown;
  /** Addresses of the APIs, by logical id. */
  apiEndpoints: Readonly<Record<string, string>>;
  accountConcurrency: number;
  /** Milliseconds since the epoch. */
  startedAtMs: number;
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

export function awsListener(services: AwsServices): RequestListener {
  const { stack, document, startedAtMs, logs, apiEndpoints, accountConcurrency } = services;
  const { region, accountId } = stack;
  const startedAt = new Date(startedAtMs).toISOString();
  const described = { stack, document, startedAt };
  const reads = { stack, startedAt, accountConcurrency, endpoints: apiEndpoints };

  const json =
    (
      refusal: (request: SignedRequest) => ServiceAnswer | null,
      handle: (action: string, input: Input) => ServiceAnswer,
    ): Handler =>
    (request, response) => {
      withBody(request, response, (body) => {
        const target = String(request.headers['x-amz-target'] ?? '');
        const refused = refusal(signedRequest(request, body));
        sendJson(request, response, refused ?? handle(target.slice(target.lastIndexOf('.') + 1), inputOf(body)));
      });
    };
  const query =
    (space: string, handle: (action: string, form: URLSearchParams) => ServiceAnswer): Handler =>
    (request, response) => {
      withBody(request, response, (body) => {
        const form = formOf(request, body);
        const action = form.get('Action') ?? '';
        const check = checkSignatureAnyService(signedRequest(request, body));
        sendXml(request, response, { ...(check ?? handle(action, form)), action, space });
      });
    };

  const lambda: Handler = (request, response) => {
    const path = pathOf(request);
    const read = request.method === 'GET' ? answerLambdaRead(path, readTarget(request.url ?? '/').query, reads) : null;
    if (read === null && !InvokeApi.serves(path))
      sendJson(request, response, unknownAction('Lambda', `${request.method} ${path}`, lambdaActions));
    else if (read === null) services.lambda.handle(request, response).catch(() => response.destroy());
    else sendSigned(request, response, read);
  };
  const apiGateway: Handler = (request, response) => {
    const path = pathOf(request);
    const isRead = request.method === 'GET';
    const read = isRead
      ? (answerApiGatewayRead(path, { stack, endpoints: apiEndpoints }) ?? answerRestApiRead(path, stack))
      : null;
    sendSigned(request, response, read ?? unknownAction('API Gateway', `${request.method} ${path}`, apiGatewayActions));
  };
  const noWebSockets: Handler = (request, response) =>
    sendJson(request, response, failure(404, 'NotFoundException', 'The stack has no WebSocket API.'));

  const handlers: Readonly<Record<ServiceName, Handler>> = {
    apigateway: apiGateway,
    cloudformation: query(cloudFormationSpace, (action, form) => answerCloudFormation(action, form, described)),
    cloudwatch: services.cloudwatch,
    dynamodb: services.dynamodb,
    events: json(checkSignatureAnyService, (action, input) => answerEvents(action, input, services.events)),
    'execute-api': services.connectionsApi ?? noWebSockets,
    lambda,
    logs: json(checkSignatureAnyService, (action, input) =>
      answerLogs(action, input, { store: logs, region, accountId, startedAtMs }),
    ),
    secretsmanager: json(refuseStranger, (action, input) => services.secrets.handle(action, input)),
    servicequotas: json(refuseUnsigned, (action, input) => services.serviceQuotas.handle(action, input)),
    sns: query(snsSpace, (action, form) => answerSns(action, form, services.topics)),
    sqs: services.sqs,
    ssm: json(checkSignatureAnyService, (action, input) =>
      answerSsm(action, input, { parameters: stack.parameters, region, accountId, startedAtMs }),
    ),
    sts: query(stsSpace, (action, form) => answerSts(action, form, accountId)),
  };

  return (request, response) => {
    try {
      const to = serviceOf(request.url ?? '/', request.headers);
      if (to.kind === 'known') handlers[to.service](request, response);
      else unknownService(to.name, request, response);
    } catch (error) {
      if (!(error instanceof URIError)) throw error;
      const message = `${request.url} has a percent sign that no two hexadecimal digits follow, or that is not UTF-8.`;
      sendJson(request, response, failure(400, 'ValidationException', message));
    }
  };
}

const lambdaActions = [
  'Invoke',
  'ListFunctions',
  'GetFunction',
  'GetFunctionConfiguration',
  'GetFunctionConcurrency',
  'ListEventSourceMappings',
  'GetEventSourceMapping',
  'GetFunctionUrlConfig',
  'ListFunctionUrlConfigs',
  'GetFunctionEventInvokeConfig',
  'ListFunctionEventInvokeConfigs',
  'GetProvisionedConcurrencyConfig',
  'ListProvisionedConcurrencyConfigs',
  'GetAccountSettings',
];
const apiGatewayActions = [
  'GetApis',
  'GetApi',
  'GetRoutes',
  'GetRoute',
  'GetIntegrations',
  'GetAuthorizers',
  'GetStages',
  'GetStage',
  'GetRestApis',
  'GetRestApi',
  'GetApiKeys',
  'GetUsagePlans',
  'GetResources',
  'GetResource',
];

type Input = Readonly<Record<string, unknown>>;

function unknownService(name: string, request: IncomingMessage, response: ServerResponse): void {
  withBody(request, response, (body) => {
    const action = request.headers['x-amz-target'] ?? formOf(request, body).get('Action');
    const what = typeof action === 'string' ? ` (${action.slice(action.lastIndexOf('.') + 1)})` : '';
    const answer = failure(400, 'UnknownOperationException', `The local target has no service ${name}${what}.`);
    const speaksXml = xmlServices.includes(name) || (request.headers['content-type']?.startsWith(formType) ?? false);
    if (speaksXml) sendXml(request, response, { ...answer, action: '', space: `https://${name}.amazonaws.com/` });
    else sendJson(request, response, answer);
  });
}

/** Services whose protocol is REST XML. */
const xmlServices: readonly string[] = ['cloudfront', 'route53', 's3'];
const formType = 'application/x-www-form-urlencoded';
const pathOf = (request: IncomingMessage): string => (request.url ?? '/').split('?', 1)[0] ?? '/';

function signedRequest({ method = '', url: target = '/', headers }: IncomingMessage, body: Buffer): SignedRequest {
  return { method, target, headers, body };
}

function withBody(request: IncomingMessage, response: ServerResponse, answer: (body: Buffer) => void): void {
  readBody(request, maxBodyBytes)
    .then((body) => answer(body ?? Buffer.alloc(0)))
    .catch(() => response.writeHead(400).end());
}

function sendSigned(request: IncomingMessage, response: ServerResponse, answer: ServiceAnswer): void {
  withBody(request, response, (body) =>
    sendJson(request, response, checkSignatureAnyService(signedRequest(request, body)) ?? answer),
  );
}

function inputOf(body: Buffer): Input {
  const parsed: unknown = JSON.parse(body.toString() || '{}');
  return typeof parsed === 'object' && parsed !== null ? { ...parsed } : {};
}

function formOf({ method, url = '/' }: IncomingMessage, body: Buffer): URLSearchParams {
  return new URLSearchParams(method === 'GET' ? url.split('?').slice(1).join('?') : body.toString());
}

/** Type and message of Secrets Manager's error, 400 each. Source: Secrets Manager API reference, common errors; SDK traces, read November 2026. */
const signatureErrors: Readonly<Record<Exclude<SignatureCheck, 'valid'> | 'unknownKey', readonly [string, string]>> = {
  missing: ['MissingAuthenticationTokenException', 'Missing Authentication Token'],
  incomplete: ['IncompleteSignatureException', 'Authorization header requires a SigV4 signature for this service.'],
  expired: [
    'InvalidSignatureException',
    'Signature expired: the date of the request is more than five minutes from that of the target.',
  ],
  mismatch: [
    'InvalidSignatureException',
    'The request signature we calculated does not match the signature you provided.',
  ],
  unknownKey: [
    'UnrecognizedClientException',
    "The local Secrets Manager accepts the target's own credentials only: docs/clients.md has them.",
  ],
};

function signatureError(kind: keyof typeof signatureErrors): ServiceAnswer {
  const [type, message] = signatureErrors[kind];
  return failure(400, type, message);
}

/** What keeps secrets wants the right signature, with the target's own key: unlike elsewhere, not any key will do. */
function refuseStranger(request: SignedRequest): ServiceAnswer | null {
  const check = checkSignature(request, 'secretsmanager', Date.now());
  if (check !== 'valid') return signatureError(check);
  return isLocalKey(request.headers) ? null : signatureError('unknownKey');
}

function refuseUnsigned(request: SignedRequest): ServiceAnswer | null {
  const check = checkSignature(request, 'servicequotas', Date.now());
  return check === 'valid' ? null : signatureError(check);
}

/** Whoever signs at all is a tool, and not a web page. */
function checkSignatureAnyService({ headers }: SignedRequest): ServiceAnswer | null {
  return headers.authorization?.startsWith('AWS4-HMAC-SHA256 ') ? null : signatureError('missing');
}

/** The port on which CloudWatch, Secrets Manager, Service Quotas and Lambda answer, distinguished by X-Amz-Target and path. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { InvokeApi } from '../lambda/invoke-api.ts';
import { type ServiceQuotas, serviceQuotasPrefix } from '../quota/service-quotas.ts';
import type { SecretsService } from '../secrets/secrets-service.ts';
import { checkSignature, isLocalKey, type SignatureCheck, type SignedRequest } from './connections-api/sigv4.ts';
import { readBody } from './http-body.ts';

const secretsPrefix = 'secretsmanager.';
/** A secret is at most 65,536 bytes (Secrets Manager quotas, read November 2026). */
const maxJsonBody = 131_072;

export interface AwsServices {
  secrets: SecretsService;
  serviceQuotas: ServiceQuotas;
  lambda: InvokeApi;
  cloudwatch: RequestListener;
}

interface JsonAnswer {
  status: number;
  body: object;
}

/** A service over AWS JSON 1.1. */
interface JsonService {
  handle(action: string, input: unknown): JsonAnswer;
}

export function awsListener({ secrets, serviceQuotas, lambda, cloudwatch }: AwsServices): RequestListener {
  return (request, response) => {
    const target = String(request.headers['x-amz-target'] ?? '');
    if (target.startsWith(secretsPrefix))
      answerJson(
        { service: secrets, action: target.slice(secretsPrefix.length), refusal: refuseStranger },
        { request, response },
      );
    else if (target.startsWith(serviceQuotasPrefix))
      answerJson(
        { service: serviceQuotas, action: target.slice(serviceQuotasPrefix.length), refusal: refuseUnsigned },
        { request, response },
      );
    else if (InvokeApi.serves(request.url ?? '/')) lambda.handle(request, response).catch(() => response.destroy());
    else cloudwatch(request, response);
  };
}

interface JsonCall {
  service: JsonService;
  action: string;
  /** The refusal of a request because of its signature; null if it is right. */
  refusal: (request: SignedRequest) => JsonAnswer | null;
}

function answerJson(
  { service, action, refusal }: JsonCall,
  { request, response }: { request: IncomingMessage; response: ServerResponse },
): void {
  readBody(request, maxJsonBody)
    .then((body) => {
      const { method = '', url: target = '/', headers } = request;
      const refused = refusal({ method, target, headers, body: body ?? Buffer.alloc(0) });
      const answer = refused ?? service.handle(action, JSON.parse(body?.toString() || '{}'));
      const text = JSON.stringify(answer.body);
      response.writeHead(answer.status, {
        'content-type': 'application/x-amz-json-1.1',
        'content-length': Buffer.byteLength(text),
        'x-amzn-requestid': randomUUID(),
      });
      response.end(text);
    })
    .catch(() => response.writeHead(400).end());
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

function signatureError(kind: keyof typeof signatureErrors): JsonAnswer {
  const [type, message] = signatureErrors[kind];
  return { status: 400, body: { __type: type, message } };
}

/** What keeps secrets wants the right signature, with the target's own key: unlike elsewhere, not any key will do. */
function refuseStranger(request: SignedRequest): JsonAnswer | null {
  const check = checkSignature(request, 'secretsmanager', Date.now());
  if (check !== 'valid') return signatureError(check);
  return isLocalKey(request.headers) ? null : signatureError('unknownKey');
}

function refuseUnsigned(request: SignedRequest): JsonAnswer | null {
  const check = checkSignature(request, 'servicequotas', Date.now());
  return check === 'valid' ? null : signatureError(check);
}

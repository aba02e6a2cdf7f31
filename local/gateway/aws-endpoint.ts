/** The port on which CloudWatch, Secrets Manager, Service Quotas and Lambda answer, distinguished by X-Amz-Target and path. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { InvokeApi } from '../lambda/invoke-api.ts';
import { type ServiceQuotas, serviceQuotasPrefix } from '../quota/service-quotas.ts';
import type { SecretsService } from '../secrets/secrets-service.ts';
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

/** A service over AWS JSON 1.1. */
interface JsonService {
  handle(action: string, input: unknown): { status: number; body: object };
}

export function awsListener({ secrets, serviceQuotas, lambda, cloudwatch }: AwsServices): RequestListener {
  return (request, response) => {
    const target = String(request.headers['x-amz-target'] ?? '');
    if (target.startsWith(secretsPrefix))
      answerJson(secrets, target.slice(secretsPrefix.length), { request, response });
    else if (target.startsWith(serviceQuotasPrefix))
      answerJson(serviceQuotas, target.slice(serviceQuotasPrefix.length), { request, response });
    else if (InvokeApi.serves(request.url ?? '/')) lambda.handle(request, response).catch(() => response.destroy());
    else cloudwatch(request, response);
  };
}

function answerJson(
  service: JsonService,
  action: string,
  { request, response }: { request: IncomingMessage; response: ServerResponse },
): void {
  readBody(request, maxJsonBody)
    .then((body) => {
      const input: unknown = JSON.parse(body?.toString() || '{}');
      const answer = service.handle(action, input);
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

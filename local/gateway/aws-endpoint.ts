/** The port on which CloudWatch and Secrets Manager answer, told apart by X-Amz-Target. */
import { randomUUID } from 'node:crypto';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { SecretsService } from '../secrets/secrets-service.ts';
import { readBody } from './http-body.ts';

const secretsPrefix = 'secretsmanager.';
/** A secret is at most 65,536 bytes (Secrets Manager quotas, read November 2026). */
const maxSecretsBody = 131_072;

export function createAwsEndpoint(secrets: SecretsService, cloudwatch: RequestListener): Server {
  return createServer({ keepAliveTimeout: 75_000 }, (request, response) => {
    const target = String(request.headers['x-amz-target'] ?? '');
    if (!target.startsWith(secretsPrefix)) {
      cloudwatch(request, response);
      return;
    }
    readBody(request, maxSecretsBody)
      .then((body) => {
        const input: unknown = JSON.parse(body?.toString() || '{}');
        const answer = secrets.handle(target.slice(secretsPrefix.length), input);
        const text = JSON.stringify(answer.body);
        response.writeHead(answer.status, {
          'content-type': 'application/x-amz-json-1.1',
          'content-length': Buffer.byteLength(text),
          'x-amzn-requestid': randomUUID(),
        });
        response.end(text);
      })
      .catch(() => response.writeHead(400).end());
  });
}

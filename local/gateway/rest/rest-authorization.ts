/** Lambda authorizers of REST APIs: TOKEN and REQUEST, with their results kept. Source: API Gateway developer guide, "Use API Gateway Lambda authorizers", read November 2026. */
import type { InvokeOutcome, LambdaService } from '../../lambda/lambda-service.ts';
import type { RestAuthorizerModel } from '../../template/apis/api-models.ts';
import { headerOf } from '../mapping/template-variables.ts';
import { type Authorization, readAuthorization } from '../websocket/authorizer.ts';

export interface AuthorizedRequest {
  headers: Readonly<Record<string, string>>;
  query: Readonly<Record<string, string>>;
  /** `arn:aws:execute-api:…:{api}/{stage}/{method}/{path}`. */
  methodArn: string;
  /** The event of the method, for a REQUEST authorizer. */
  event: object;
}

export class RestAuthorization {
  #lambda: Pick<LambdaService, 'invoke'>;
  #maxBytes: number;
  #kept = new Map<string, { outcome: InvokeOutcome; untilMs: number }>();

  constructor(lambda: Pick<LambdaService, 'invoke'>, maxBytes: number) {
    this.#lambda = lambda;
    this.#maxBytes = maxBytes;
  }

  /** `nowMs`: of a monotonic clock. */
  async decide(authorizer: RestAuthorizerModel, request: AuthorizedRequest, nowMs: number): Promise<Authorization> {
    const { kind, logicalId, functionName, identitySources, validation, resultTtlMs, permitted } = authorizer;
    const identity = identitySources.map((source) => identityOf(source, request));
    const [token = ''] = identity;
    if (
      identity.includes('') ||
      (kind === 'TOKEN' && validation !== null && !new RegExp(`^(?:${validation})$`).test(token))
    )
      return { kind: 'unauthorized' };
    if (!permitted) return { kind: 'failed' };
    const key = JSON.stringify([logicalId, ...identity]);
    const kept = resultTtlMs > 0 && identity.length > 0 ? this.#kept.get(key) : undefined;
    if (kept && kept.untilMs > nowMs) return readAuthorization(kept.outcome, request.methodArn, this.#maxBytes);
    const { methodArn } = request;
    const event =
      kind === 'TOKEN'
        ? { type: 'TOKEN', authorizationToken: token, methodArn }
        : { type: 'REQUEST', ...request.event, methodArn };
    const outcome = await this.#lambda.invoke(functionName, JSON.stringify(event));
    if (outcome.kind === 'ok' && resultTtlMs > 0) this.#kept.set(key, { outcome, untilMs: nowMs + resultTtlMs });
    return readAuthorization(outcome, methodArn, this.#maxBytes);
  }
}

function identityOf(source: string, { headers, query }: AuthorizedRequest): string {
  const name = source.slice(source.lastIndexOf('.') + 1);
  return (source.includes('.header.') ? headerOf(headers, name) : query[name]) ?? '';
}

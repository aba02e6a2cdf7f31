/**
 * Authorizers of HTTP APIs: functions (payload 1.0 and 2.0, with policies or simple responses), and tokens by an issuer. Sources: API Gateway developer
 * guide, "Control access to HTTP APIs with AWS Lambda authorizers", "… with JWT authorizers" and "Quotas for … an HTTP API", read November 2026.
 */
import type { InvokeOutcome, LambdaService } from '../../lambda/lambda-service.ts';
import type { Limits } from '../../quota/limits.ts';
import type { HttpAuthorizerModel } from '../../template/apis/api-models.ts';
import { checkSignature, type SignedRequest } from '../connections-api/sigv4.ts';
import { policyAllows } from '../websocket/authorizer.ts';
import { timedOut, withTimeout } from '../with-timeout.ts';
import type { HttpAuthorization } from './authorization.ts';
import { JwtCheck } from './jwt-check.ts';
import { type MappedRequest, mapParameter } from './parameter-mapping.ts';

export interface HttpAuthorizedRequest {
  mapped: MappedRequest;
  /** `arn:aws:execute-api:{region}:{account}:{api}/{stage}/{method}{path}`. */
  routeArn: string;
  /** As it was sent. */
  signed: SignedRequest;
  /** The event of the route in this payload format, without its body. */
  eventOf: (version: '1.0' | '2.0') => Readonly<Record<string, unknown>>;
}

type FunctionAuthorizer = Extract<HttpAuthorizerModel, { kind: 'function' }>;

type AuthorizerLimits = Pick<Limits, 'authorizerResultBytes' | 'httpAuthorizerTimeoutMs' | 'jwtIssuerTimeoutMs'>;

/** The oldest is evicted for a new one: a client that tries tokens must not fill the memory. */
const maxKept = 10_000;

export class HttpAuthorizers {
  #lambda: Pick<LambdaService, 'invoke'>;
  #limits: AuthorizerLimits;
  #kept = new Map<string, { outcome: InvokeOutcome; untilMs: number }>();
  #jwt: JwtCheck;

  constructor(lambda: Pick<LambdaService, 'invoke'>, limits: AuthorizerLimits) {
    this.#lambda = lambda;
    this.#limits = limits;
    this.#jwt = new JwtCheck(limits.jwtIssuerTimeoutMs);
  }

  /** `nowMs`: of a monotonic clock. */
  async decide(
    authorizer: HttpAuthorizerModel,
    request: HttpAuthorizedRequest,
    nowMs: number,
  ): Promise<HttpAuthorization> {
    if (authorizer.kind === 'iam') return bySignature(request.signed, authorizer.service);
    const sources = authorizer.kind === 'jwt' ? [authorizer.identitySource] : authorizer.identitySources;
    const identity = sources.map((source) => mapParameter(source, request.mapped));
    if (identity.includes('')) return { kind: 'unauthorized' };
    if (authorizer.kind === 'jwt') return await this.#jwt.decide(authorizer, identity[0] ?? '');
    if (!authorizer.permitted) return { kind: 'failed', problem: null };
    const { httpAuthorizerTimeoutMs: timeoutMs, authorizerResultBytes: maxBytes } = this.#limits;
    const outcome = await withTimeout(this.#ask(authorizer, { ...request, identity }, nowMs), timeoutMs);
    if (outcome === timedOut)
      return { kind: 'failed', problem: `The authorizer did not answer within ${timeoutMs / 1_000} s.` };
    return readHttpAuthorization(outcome, authorizer, { routeArn: request.routeArn, maxBytes });
  }

  async #ask(
    authorizer: FunctionAuthorizer,
    { identity, ...request }: HttpAuthorizedRequest & { identity: readonly string[] },
    nowMs: number,
  ): Promise<InvokeOutcome> {
    const { logicalId, functionName, resultTtlMs } = authorizer;
    // For every route that it is an authorizer of, unless `$context.routeKey` is among its identity sources.
    const key = JSON.stringify([logicalId, ...identity]);
    const keeps = resultTtlMs > 0 && identity.length > 0;
    const kept = keeps ? this.#kept.get(key) : undefined;
    if (kept && kept.untilMs > nowMs) return kept.outcome;
    const event = authorizerEvent(authorizer.payloadVersion, request, identity);
    const outcome = await this.#lambda.invoke(functionName, JSON.stringify(event));
    if (keeps && outcome.kind === 'ok') {
      const [oldest] = this.#kept.keys();
      if (this.#kept.size >= maxKept && oldest !== undefined) this.#kept.delete(oldest);
      this.#kept.set(key, { outcome, untilMs: nowMs + resultTtlMs });
    }
    return outcome;
  }
}

/** Whether it is signed, and rightly where the key is the target's own; what its policies allow is not known here. */
function bySignature(signed: SignedRequest, service: string): HttpAuthorization {
  if (checkSignature(signed, service, Date.now()) !== 'valid') return { kind: 'forbidden' };
  const accessKey = /Credential=([^/]+)/.exec(signed.headers.authorization ?? '')?.[1] ?? '';
  return { kind: 'allowed', facts: { v2: { iam: { accessKey } }, v1: {} } };
}

function authorizerEvent(
  version: '1.0' | '2.0',
  { eventOf, routeArn }: Pick<HttpAuthorizedRequest, 'eventOf' | 'routeArn'>,
  identity: readonly string[],
) {
  const { body: _body, isBase64Encoded: _encoded, version: _version, ...event } = eventOf(version);
  if (version === '2.0') return { version, type: 'REQUEST', routeArn, identitySource: identity, ...event };
  const [authorizationToken = ''] = identity;
  return {
    ...{ version, type: 'REQUEST', methodArn: routeArn, identitySource: identity.join(','), authorizationToken },
    ...event,
  };
}

/** A policy, or `{isAuthorized, context}`; the function's `Unauthorized` is 401. Pure. */
function readHttpAuthorization(
  outcome: InvokeOutcome,
  { simpleResponses }: Pick<FunctionAuthorizer, 'simpleResponses'>,
  { routeArn, maxBytes }: { routeArn: string; maxBytes: number },
): HttpAuthorization {
  if (outcome.kind === 'functionError' && outcome.error.errorMessage === 'Unauthorized')
    return { kind: 'unauthorized' };
  if (outcome.kind !== 'ok' || Buffer.byteLength(outcome.payload) > maxBytes) return { kind: 'failed', problem: null };
  const answer = parsed(outcome.payload);
  if (!isRecord(answer)) return { kind: 'failed', problem: null };
  const context = isRecord(answer.context) ? answer.context : {};
  if (simpleResponses) {
    if (typeof answer.isAuthorized !== 'boolean')
      return { kind: 'failed', problem: 'The authorizer did not say isAuthorized.' };
    return answer.isAuthorized
      ? { kind: 'allowed', facts: { v2: { lambda: context }, v1: context } }
      : { kind: 'forbidden' };
  }
  const allows = policyAllows(answer.policyDocument, routeArn);
  if (allows === null) return { kind: 'failed', problem: 'The authorizer returned no policy.' };
  const { principalId } = answer;
  return allows
    ? { kind: 'allowed', facts: { v2: { lambda: context }, v1: { ...context, principalId } } }
    : { kind: 'forbidden' };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

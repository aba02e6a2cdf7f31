/** The decision about one handshake: throttles, authorizer, $connect. The upgrade stays pending meanwhile. */
import type { LambdaService } from '../../lambda/lambda-service.ts';
import type { IntegrationFailure } from '../../notices.ts';
import type { Limits } from '../../quota/limits.ts';
import type {
  WebSocketApiModel,
  WebSocketAuthorizerModel,
  WebSocketRouteModel,
} from '../../template/apis/api-models.ts';
import type { IntegrationModel } from '../../template/integration-model.ts';
import type { ApiMetrics } from '../api-metrics.ts';
import { newId } from '../ids.ts';
import type { IntegrationServices } from '../integrations/mapped-integration.ts';
import type { ProxyResult } from '../proxy-result.ts';
import { withTimeout } from '../with-timeout.ts';
import { type Authorization, hasIdentity, readAuthorization } from './authorizer.ts';
import type { AuthorizerCache } from './authorizer-cache.ts';
import { mappedOutcome, proxyOutcome } from './route-integration.ts';
import { authorizerEvent, type ConnectionFacts, connectEvent, type HandshakeFacts } from './websocket-events.ts';

export type HandshakeDecision =
  | {
      kind: 'accepted';
      facts: ConnectionFacts;
      subprotocol: string | null;
      /** Sent with the 101. */
      headers: Readonly<Record<string, string>>;
    }
  | { kind: 'refused'; status: number; message: string | null };

export interface HandshakeSetting {
  api: WebSocketApiModel;
  lambda: LambdaService;
  services: IntegrationServices;
  metrics: ApiMetrics;
  limits: Limits;
  authorizerCache: AuthorizerCache;
  region: string;
  accountId: string;
  nowMs: () => number;
  /** The integration of $connect did not let the handshake go on. */
  onFailed: (
    integration: IntegrationModel,
    failed: { requestId: string; status: number; failure: IntegrationFailure },
  ) => void;
}

const refused = (status: number, message: string | null): HandshakeDecision => ({ kind: 'refused', status, message });

export async function decideHandshake(
  setting: HandshakeSetting,
  handshake: HandshakeFacts,
  facts: ConnectionFacts,
): Promise<HandshakeDecision> {
  const route = setting.api.routes.find(({ routeKey }) => routeKey === '$connect');
  if (!route) return { kind: 'accepted', facts, subprotocol: null, headers: {} };
  const authorized = await authorize(setting, route, { handshake, facts });
  if (authorized.kind === 'refused') return authorized;
  if (!route.integration) return authorized;
  const { metrics, nowMs, limits } = setting;
  const startedAtMs = nowMs();
  metrics.put('ConnectCount', 1, startedAtMs, '$connect');
  if (!route.permitted) {
    metrics.put('ExecutionError', 1, startedAtMs, '$connect');
    return refused(500, 'Internal server error');
  }
  const event = connectEvent(handshake, authorized.facts, { requestId: newId(), nowMs: startedAtMs });
  const { integration } = route;
  const outcome =
    integration.kind === 'lambda'
      ? proxyOutcome(
          await withTimeout(
            setting.lambda.invoke(integration.functionName, JSON.stringify(event)),
            integration.timeoutMs,
          ),
          integration.timeoutMs,
        )
      : await mappedOutcome(integration, event, setting.services);
  metrics.put('IntegrationLatency', nowMs() - startedAtMs, startedAtMs, '$connect');
  const { requestId } = event.requestContext;
  if (outcome.kind === 'failed') {
    const { failure } = outcome;
    const isOwn = failure.kind === 'timeout' || failure.kind === 'throttled';
    metrics.put(isOwn ? 'IntegrationError' : 'ExecutionError', 1, startedAtMs, '$connect');
    const status = failedStatus(failure, limits);
    setting.onFailed(integration, { requestId, status, failure });
    return refused(status, failure.kind === 'timeout' ? 'Endpoint request timed out' : 'Internal server error');
  }
  const { result } = outcome;
  // A status that is not final (1xx) cannot end a handshake.
  if (result.statusCode < 200) {
    metrics.put('ExecutionError', 1, startedAtMs, '$connect');
    setting.onFailed(integration, { requestId, status: 502, failure: { kind: 'answered' } });
    return refused(502, 'Internal server error');
  }
  if (result.statusCode >= 200 && result.statusCode < 300) {
    const headers = limits.assumptions.connectHeadersOnUpgrade ? otherHeaders(result) : {};
    return { kind: 'accepted', facts: authorized.facts, subprotocol: subprotocolOf(result), headers };
  }
  if (result.statusCode >= 400) metrics.put('IntegrationError', 1, startedAtMs, '$connect');
  if (result.statusCode >= 500)
    setting.onFailed(integration, { requestId, status: result.statusCode, failure: { kind: 'answered' } });
  return refused(result.statusCode, result.statusCode === 401 ? 'Unauthorized' : 'Forbidden');
}

function failedStatus({ kind }: IntegrationFailure, limits: Limits): number {
  if (kind === 'timeout') return limits.assumptions.connectTimeoutStatus;
  return kind === 'throttled' ? limits.connectLambdaThrottledStatus : 502;
}

/** Omitted unless it is a token (RFC 6455, 4.2.2): a line break would inject another header. */
function subprotocolOf(result: ProxyResult): string | null {
  const header = Object.entries(result.headers).find(([name]) => name.toLowerCase() === 'sec-websocket-protocol');
  const value = String(header?.[1] ?? '');
  return /^[\w!#$%&'*+.^`|~-]+$/.test(value) ? value : null;
}

/** Without the headers of the handshake itself. */
function otherHeaders({ headers }: ProxyResult): Record<string, string> {
  const own = /^(?:connection|upgrade|content-length|transfer-encoding|sec-websocket-.*)$/i;
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !own.test(name)));
}

async function authorize(
  setting: HandshakeSetting,
  route: WebSocketRouteModel,
  { handshake, facts }: { handshake: HandshakeFacts; facts: ConnectionFacts },
): Promise<HandshakeDecision> {
  const { authorizer } = route;
  if (authorizer === null) return { kind: 'accepted', facts, subprotocol: null, headers: {} };
  const { metrics, limits } = setting;
  const nowMs = setting.nowMs();
  if (!hasIdentity(authorizer.identitySources, handshake)) {
    metrics.put('ClientError', 1, nowMs, '$connect');
    return refused(401, 'Unauthorized');
  }
  const authorization = await authorizationOf(setting, authorizer, { handshake, facts, nowMs });
  switch (authorization.kind) {
    case 'allowed':
      return {
        kind: 'accepted',
        facts: { ...facts, authorizer: authorization.context },
        subprotocol: null,
        headers: {},
      };
    case 'unauthorized':
      metrics.put('ClientError', 1, nowMs, '$connect');
      return refused(401, 'Unauthorized');
    case 'forbidden':
      metrics.put('ClientError', 1, nowMs, '$connect');
      return refused(403, 'User is not authorized to access this resource');
    case 'failed':
      metrics.put('ExecutionError', 1, nowMs, '$connect');
      return refused(limits.assumptions.authorizerFailedStatus, null);
  }
}

async function authorizationOf(
  setting: HandshakeSetting,
  authorizer: WebSocketAuthorizerModel,
  { handshake, facts, nowMs }: { handshake: HandshakeFacts; facts: ConnectionFacts; nowMs: number },
): Promise<Authorization> {
  if (!authorizer.permitted) return { kind: 'failed' };
  const { api, region, accountId, lambda, limits, authorizerCache } = setting;
  const cached = limits.assumptions.cacheAuthorizerResults;
  const known = cached ? authorizerCache.find(authorizer, handshake, nowMs) : null;
  if (known !== null) return known;
  const methodArn = `arn:aws:execute-api:${region}:${accountId}:${api.apiId}/${api.stage}/$connect`;
  const event = authorizerEvent(handshake, facts, { requestId: newId(), nowMs, methodArn });
  const outcome = await lambda.invoke(authorizer.functionName, JSON.stringify(event));
  const authorization = readAuthorization(outcome, methodArn, limits.authorizerResultBytes);
  if (cached) authorizerCache.keep(authorizer, handshake, { authorization, nowMs });
  return authorization;
}

/** Reads the response of a REQUEST authorizer: an IAM policy, a principal and a context. Pure. */
import type { InvokeOutcome } from '../../lambda/lambda-service.ts';
import type { AuthorizerContext, HandshakeFacts } from './websocket-events.ts';

export type Authorization =
  | { kind: 'allowed'; context: AuthorizerContext }
  | { kind: 'unauthorized' }
  | { kind: 'forbidden' }
  /** The authorizer failed, or returned something that is not a policy. */
  | { kind: 'failed' };

/** Whether every identity source is in the request. If not, the answer is 401 and the function is not called. */
export function hasIdentity(sources: readonly string[], handshake: HandshakeFacts): boolean {
  return sources.every((source) => identityOf(source, handshake) !== '');
}

/** The value of `route.request.querystring.x` or `route.request.header.x`; '' if it is not in the request. */
export function identityOf(source: string, handshake: HandshakeFacts): string {
  const name = source.slice(source.lastIndexOf('.') + 1);
  if (source.startsWith('route.request.querystring.')) {
    return Object.hasOwn(handshake.query, name) ? (handshake.query[name] ?? '') : '';
  }
  return Object.entries(handshake.headers).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1] ?? '';
}

/** `maxBytes`: a longer result counts as a failure. */
export function readAuthorization(outcome: InvokeOutcome, methodArn: string, maxBytes = 8_192): Authorization {
  if (outcome.kind === 'functionError' && outcome.error.errorMessage === 'Unauthorized')
    return { kind: 'unauthorized' };
  if (outcome.kind !== 'ok' || Buffer.byteLength(outcome.payload) > maxBytes) return { kind: 'failed' };
  const answer: unknown = JSON.parse(outcome.payload);
  if (!isRecord(answer) || typeof answer.principalId !== 'string') return { kind: 'failed' };
  const allows = policyAllows(answer.policyDocument, methodArn);
  if (allows === null) return { kind: 'failed' };
  if (!allows) return { kind: 'forbidden' };
  const context: Record<string, string> = { principalId: answer.principalId };
  for (const [key, value] of Object.entries(isRecord(answer.context) ? answer.context : {})) {
    // Only texts, numbers and booleans may be passed on.
    if (typeof value === 'object') return { kind: 'failed' };
    context[key] = String(value);
  }
  return { kind: 'allowed', context };
}

/** As in IAM: an explicit Deny wins, and anything not explicitly allowed is denied. Null: it is no policy. */
export function policyAllows(policyDocument: unknown, arn: string): boolean | null {
  const statements = isRecord(policyDocument) ? policyDocument.Statement : undefined;
  if (statements === undefined) return null;
  const effects = [statements]
    .flat()
    .filter((statement) => covers(statement, arn))
    .map((statement) => statement.Effect);
  return !effects.includes('Deny') && effects.includes('Allow');
}

function covers(statement: unknown, methodArn: string): statement is { Effect: unknown } {
  if (!isRecord(statement)) return false;
  const matches = (patterns: unknown, value: string) =>
    [patterns].flat().some((pattern) => typeof pattern === 'string' && matchesWildcard(pattern, value));
  return matches(statement.Action, 'execute-api:Invoke') && matches(statement.Resource, methodArn);
}

function matchesWildcard(pattern: string, value: string): boolean {
  const source = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 'i').test(value);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

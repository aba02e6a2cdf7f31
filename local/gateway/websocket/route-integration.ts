/** The integration of one route of a WebSocket API, other than a Lambda proxy: mock, forward, and services with templates. */
import type { LambdaService } from '../../lambda/lambda-service.ts';
import type { IntegrationFailure } from '../../notices.ts';
import { failureOf } from '../integrations/integration-failures.ts';
import {
  callIntegration,
  type IntegrationServices,
  type MappedIntegration,
} from '../integrations/mapped-integration.ts';
import type { MappingSource } from '../mapping/template-variables.ts';
import { type ProxyResult, readProxyResult } from '../proxy-result.ts';
import { timedOut } from '../with-timeout.ts';
import { parseRouteSelection, selectRouteKey } from './route-selection.ts';

export type RouteOutcome = { kind: 'answered'; result: ProxyResult } | { kind: 'failed'; failure: IntegrationFailure };

/** Of a Lambda proxy's outcome. */
export function proxyOutcome(
  outcome: Awaited<ReturnType<LambdaService['invoke']>> | typeof timedOut,
  timeoutMs: number,
): RouteOutcome {
  const result = outcome !== timedOut && outcome.kind === 'ok' ? readProxyResult(parsed(outcome.payload)) : null;
  return result === null ? { kind: 'failed', failure: failureOf(outcome, timeoutMs) } : { kind: 'answered', result };
}

/** A custom runtime may answer with what is not JSON. */
function parsed(payload: string): unknown {
  try {
    return JSON.parse(payload);
  } catch {
    return undefined;
  }
}

/** The parts of an event that templates take from. */
export interface RouteEvent {
  requestContext: object;
  body?: string;
  headers?: Readonly<Record<string, string>>;
  queryStringParameters?: Readonly<Record<string, string>>;
  stageVariables?: Readonly<Record<string, string>>;
}

export async function mappedOutcome(
  integration: MappedIntegration,
  event: RouteEvent,
  services: IntegrationServices,
): Promise<RouteOutcome> {
  const body = event.body ?? '';
  const outcome = await callIntegration(
    integration,
    {
      ...{ method: 'POST', body, bytes: Buffer.from(body), path: {} },
      query: event.queryStringParameters ?? {},
      headers: event.headers ?? {},
      context: { ...event.requestContext },
      stageVariables: event.stageVariables ?? {},
      choose,
      chooseAnswer: choose,
    },
    services,
  );
  switch (outcome.kind) {
    case 'answered': {
      const { status, headers } = outcome;
      const texts = Object.entries(headers).map(([name, value]) => [name, [value].flat().join(',')]);
      const result = { cookies: [], isBase64Encoded: false, headers: Object.fromEntries(texts) };
      return { kind: 'answered', result: { ...result, statusCode: status, body: outcome.body.toString() } };
    }
    case 'unsupportedMedia':
      return {
        kind: 'failed',
        failure: { kind: 'broken', problem: 'no template fits the message, and it must not pass without' },
      };
    case 'failed':
      return outcome;
  }
}

/** The template that the selection expression names, else `$default`, else the only one. */
function choose(
  templates: Readonly<Record<string, string>>,
  selection: string | null,
  { body }: Pick<MappingSource, 'body'>,
): string | null {
  const wanted = selection === null ? null : selected(selection, body);
  const [only, ...others] = Object.values(templates);
  const named = wanted === null || !Object.hasOwn(templates, wanted) ? undefined : templates[wanted];
  return named ?? templates.$default ?? (others.length === 0 ? (only ?? null) : null);
}

/** `\$default` is a name; `${request.body.action}` and `$request.body.action` take from the message. */
function selected(selection: string, body: string): string {
  try {
    return selectRouteKey(parseRouteSelection(selection), body) ?? selection.replaceAll('\\$', '$');
  } catch {
    return selection.replaceAll('\\$', '$');
  }
}

/** What failed of functions and of integrations, counted by its kind since the start, and asked for over HTTP. */
import { type FunctionFailureKind, failuresPath, type TargetFailures } from '../model.ts';
import type { Notice } from '../notices.ts';
import type { Layer } from '../process/compose.ts';

type FunctionFailure = TargetFailures['functions'][number];
type RouteFailure = TargetFailures['routes'][number];

/** Of functions and of routes each: whoever fails in more different ways is known by then. */
const mostKinds = 500;

export class FailureCounts {
  #functions = new Map<string, FunctionFailure>();
  #routes = new Map<string, RouteFailure>();

  /** Errors of one type are one kind, with the line of the first: others may name what they were about. */
  ofFunction(functionName: string, kind: FunctionFailureKind, text: string): void {
    const [type = ''] = text.split(':', 1);
    add(this.#functions, [functionName, kind, type], () => ({ functionName, kind, text, count: 0 }));
  }

  /** Errors of functions are known of these themselves, and throttles of the quotas. */
  ofNotice(notice: Notice): void {
    if (notice.kind !== 'integrationFailed') return;
    const { api, routeKey: route, integration, status, failure } = notice;
    const { kind } = failure;
    if (kind === 'functionError' || kind === 'throttled') return;
    const text =
      failure.kind === 'timeout' ? `${failure.afterMs / 1_000} s` : failure.kind === 'broken' ? failure.problem : null;
    add(this.#routes, [api, route, integration, kind, String(status)], () => ({
      ...{ api, route, integration, kind, status, text, count: 0 },
    }));
  }

  get all(): TargetFailures {
    return { functions: mostFirst(this.#functions), routes: mostFirst(this.#routes) };
  }

  /** Answers the requests for them, and passes on all others. */
  readonly layer: Layer = (request, response, next) => {
    if (request.method !== 'GET' || request.url !== failuresPath) return next();
    const text = JSON.stringify(this.all);
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
    response.end(text);
  };
}

function add<Failure extends { count: number }>(
  to: Map<string, Failure>,
  parts: readonly string[],
  made: () => Failure,
): void {
  const key = JSON.stringify(parts);
  const known = to.get(key) ?? (to.size < mostKinds ? made() : null);
  if (known === null) return;
  known.count += 1;
  to.set(key, known);
}

const mostFirst = <Failure extends { count: number }>(counts: ReadonlyMap<string, Failure>): Failure[] =>
  [...counts.values()].toSorted((a, b) => b.count - a.count);

/** What a local target says of what failed in it: of functions that could not be loaded, and of integrations. CloudWatch counts errors, and says of none why. */
import type { OwnFailures } from '../record/observation.ts';
import { failuresPath, type MeasuredTarget, type TargetFailures, targetFailuresSchema } from '../record/target.ts';

const patienceMs = 5_000;

/** All that failed since the target was started; null where it does not say. Never rejects. */
export async function readFailures(
  { kind, endpoints }: Pick<MeasuredTarget, 'kind' | 'endpoints'>,
  signal: AbortSignal,
): Promise<TargetFailures | null> {
  if (kind !== 'local' || endpoints === undefined) return null;
  try {
    const wait = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]);
    const response = await fetch(new URL(failuresPath, endpoints.cloudwatch), { signal: wait });
    return targetFailuresSchema.parse(await response.json());
  } catch {
    // It is gone, or of an older version: the metrics say so, or there is nothing to say.
    return null;
  }
}

/** Those of a run, by logical ids: what failed `before` it is taken off. Null where what failed by now is not known. */
export function failuresSince(
  before: TargetFailures,
  now: TargetFailures | null,
  { functions }: MeasuredTarget['graph'],
): OwnFailures | null {
  if (now === null) return null;
  const idOf = (name: string) => functions.find((each) => each.name === name)?.id ?? name;
  return {
    functions: since(before.functions, now.functions, ({ functionName, kind, text }) => [functionName, kind, text]).map(
      ({ functionName, ...rest }) => ({ id: idOf(functionName), ...rest }),
    ),
    routes: since(before.routes, now.routes, ({ api, route, integration, kind, status }) => [
      ...[api, route, integration, kind],
      String(status),
    ]).map((each) => ({ ...each, integration: idOf(each.integration) })),
  };
}

function since<Failure extends { count: number }>(
  before: readonly Failure[],
  now: readonly Failure[],
  keyOf: (failure: Failure) => string[],
): Failure[] {
  const counts = new Map(before.map((each) => [JSON.stringify(keyOf(each)), each.count]));
  return now
    .map((each) => ({ ...each, count: each.count - (counts.get(JSON.stringify(keyOf(each))) ?? 0) }))
    .filter(({ count }) => count > 0)
    .toSorted((a, b) => b.count - a.count);
}

/** Where the time goes from a webhook's post to its push: each stage on the way, by the arrows of the stack. Pure. */
import { causesOf } from '../../../graph/causes.ts';
import type { StackGraph } from '../../../graph/model.ts';
import type { LatencyRow } from '../latency.ts';
import type { ResourceUse } from '../resource-use.ts';

export interface DeliveryStage {
  /** `accepted`: post due → 200; `delivered`: post due → push received; between them what the target says of its parts. */
  kind: 'accepted' | 'api' | 'function' | 'queue' | 'consumer' | 'delivered';
  /** Logical id of a part; null: as the client sees it. */
  id: string | null;
  /** Null: not measured, or not measured so. Of a queue `maxMs` is the age of its oldest message. */
  meanMs: number | null;
  p50Ms: number | null;
  p99Ms: number | null;
  maxMs: number | null;
}

/** In their order; empty where nothing was delivered. */
export function deliveryStages(
  latency: readonly LatencyRow[],
  resources: ResourceUse | null,
  graph: StackGraph | undefined,
): DeliveryStage[] {
  const steady = (id: LatencyRow['id']) => latency.find((row) => row.id === id)?.steady ?? null;
  const [accepted, delivered] = [steady('webhook'), steady('delivery')];
  if (accepted === null || delivered === null) return [];
  const ofClient = (kind: DeliveryStage['kind'], { p50, p99, max }: typeof accepted): DeliveryStage => ({
    ...{ kind, id: null, meanMs: null, p50Ms: p50.ms, p99Ms: p99.ms, maxMs: max.ms },
  });
  const within = resources === null || graph === undefined ? [] : partsOf(resources, graph);
  return [ofClient('accepted', accepted), ...within, ofClient('delivered', delivered)];
}

/** The parts that a request of an HTTP or REST API sets to work, those before a queue first. */
function partsOf(resources: ResourceUse, graph: StackGraph): DeliveryStage[] {
  const causes = causesOf(graph);
  const isOnTheWay = (id: string) => (causes.get(id) ?? []).some(({ kind }) => kind === 'request');
  const consumers = new Set(
    graph.eventSources.flatMap(({ from, function: id }) => (from.kind === 'queue' ? [id] : [])),
  );
  const part = (kind: DeliveryStage['kind'], id: string, times: Partial<DeliveryStage>): DeliveryStage => ({
    ...{ kind, id, meanMs: null, p50Ms: null, p99Ms: null, maxMs: null },
    ...times,
  });
  const functions = resources.functions.filter(({ id, invocations }) => isOnTheWay(id) && (invocations ?? 0) > 0);
  const ofFunctions = (kind: 'function' | 'consumer') =>
    functions
      .filter(({ id }) => consumers.has(id) === (kind === 'consumer'))
      .map(({ id, meanMs, p99Ms }) => part(kind, id, { meanMs, p99Ms }));
  return [
    ...resources.httpApis
      .filter(({ requests }) => (requests ?? 0) > 0)
      .map(({ id, p99Ms }) => part('api', id, { p99Ms })),
    ...ofFunctions('function'),
    ...resources.queues
      .filter(({ id, sent }) => isOnTheWay(id) && (sent ?? 0) > 0)
      .map(({ id, oldestSeconds }) =>
        part('queue', id, { maxMs: oldestSeconds === null ? null : oldestSeconds * 1_000 }),
      ),
    ...ofFunctions('consumer'),
  ];
}

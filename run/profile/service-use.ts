/** What tasks of a service hold for a connection, and what they do without being asked: of the phase in which connections come and are held. Pure. */
import { unitCost } from '../../capacity/profile/unit-cost.ts';
import type { StackGraph } from '../../graph/model.ts';
import type { Observation, Series } from '../../record/observation.ts';
import type { ProfiledService } from '../../record/profile.ts';
import { findSeries } from '../../reports/analysis/series.ts';

/** CPU of all tasks in a period, in µs; of this machine only. */
export const cpuSeries = 'processorMicros.sum';
/** Resident memory of a task: the mean of all. */
const memorySeries = 'memoryBytes.avg';

/** Parts of the ramp, for the interval. */
const wantedBatches = 8;
/** Fewer seconds of silence do not say what is done in it. */
const fewestSilentSeconds = 3;
const microsPerMs = 1_000;

/** `observation`: of a phase of connections alone. Null: the stack has no service, or its tasks were not measured. */
export function serviceUse(observation: Observation, graph: StackGraph): ProfiledService | null {
  const [service] = graph.services ?? [];
  if (service === undefined) return null;
  const { id, tasks } = service;
  const cpu = findSeries(observation.server, `ecs.${id}.${cpuSeries}`);
  if (cpu?.kind !== 'series') return null;
  const memory = memoryUse(observation, findSeries(observation.server, `ecs.${id}.${memorySeries}`), tasks);
  return { ...{ id, tasks }, ...memory, idleCpuMsPerSecond: idleOf(observation, cpu, tasks) };
}

/** From a second after the last connect until the first is closed. */
function idleOf({ client, clock }: Observation, { points }: Pick<Measured, 'points'>, tasks: number): number | null {
  const opened = clock.steadyFirstSecond;
  if (opened === null) return null;
  const closing = client.seconds.find(({ second, counters }) => second >= opened && counters.closesRequested > 0);
  const [from, to] = [opened + 1, closing?.second ?? clock.lastSecond];
  if (to - from < fewestSilentSeconds) return null;
  const used = points.filter(([second]) => second >= from && second < to).reduce((sum, [, micros]) => sum + micros, 0);
  return used / microsPerMs / (to - from) / tasks;
}

type Measured = Extract<Series, { kind: 'series' }>;

/** How memory grows with connections while they come: both from the first second that has them on. */
function memoryUse(
  { client, clock }: Observation,
  memory: Series | undefined,
  tasks: number,
): Pick<ProfiledService, 'baseBytes' | 'bytesPerConnection'> {
  const unknown = (reason: string) => ({ baseBytes: null, bytesPerConnection: { kind: 'unknown' as const, reason } });
  if (memory?.kind !== 'series') return unknown('The memory of tasks was not measured.');
  const open = new Map(client.seconds.map(({ second, openConnections }) => [second, openConnections]));
  const opened = clock.steadyFirstSecond ?? clock.lastSecond;
  const closing = client.seconds.find(({ second, counters }) => second >= opened && counters.closesRequested > 0);
  const held = closing?.second ?? clock.lastSecond;
  const seen = memory.points.flatMap(([second, bytes]) => {
    const connections = open.get(second);
    return connections === undefined || second >= held ? [] : [{ second, connections, bytes: bytes * tasks }];
  });
  const [first] = seen;
  const last = seen.at(-1);
  if (first === undefined || last === undefined) return unknown('The memory of tasks was not measured.');
  const between = (from: typeof first, to: typeof first) => ({
    units: to.connections - from.connections,
    use: to.bytes - from.bytes,
  });
  const ramp = seen.filter(({ second }) => second <= opened);
  const size = Math.max(1, Math.floor((ramp.length - 1) / wantedBatches));
  const borders = ramp.filter((_, n) => n % size === 0);
  const batches = borders.slice(1).map((border, n) => between(borders[n] ?? border, border));
  const bytesPerConnection = unitCost(between(first, last), batches);
  const perConnection = bytesPerConnection.kind === 'value' ? bytesPerConnection.value : 0;
  return { bytesPerConnection, baseBytes: (first.bytes - first.connections * perConnection) / tasks };
}

/** The same without what its tasks do unasked: that is no unit of load's. */
export function withoutIdle(observation: Observation, service: ProfiledService | null): Observation {
  if (service === null || service.idleCpuMsPerSecond === null) return observation;
  const key = `ecs.${service.id}.${cpuSeries}`;
  const idleMicros = service.idleCpuMsPerSecond * service.tasks * microsPerMs;
  const series = observation.server.series.map((each) =>
    each.key === key && each.kind === 'series'
      ? {
          ...each,
          points: each.points.map(([second, micros]): [number, number] => [
            second,
            micros - idleMicros * each.periodSeconds,
          ]),
        }
      : each,
  );
  return { ...observation, server: { ...observation.server, series } };
}

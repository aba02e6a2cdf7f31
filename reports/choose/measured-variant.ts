/** What a run of one variant measured, of its report.json. */
import { z } from 'zod';
import type { ServiceUnits } from '../../capacity/servers/measured-service-costs.ts';
import type { MeasuredServiceCosts } from '../../capacity/servers/profiled-service-costs.ts';
import type { RunRecord } from '../../record/run.ts';
import { acceptedLine } from '../analysis/over-time/timeline.ts';

interface MeasuredP99 {
  ms: number;
  /** At 95%; null: there are too few samples to bound it. */
  interval95: { lowerMs: number; upperMs: number } | null;
}

export interface MeasuredVariant {
  runId: string;
  /** ISO 8601, UTC. */
  startedAt: string;
  loadlineVersion: string;
  commit: string | null;
  machine: Pick<RunRecord['machine'], 'cores' | 'memoryBytes' | 'platform' | 'nodeVersion'>;
  /** A local run's latencies are this machine's, not AWS's. */
  on: 'local' | 'aws';
  verdict: 'ok' | 'sloBroken';
  connections: number;
  messagesPerSecond: number;
  /** At its highest rate. */
  webhooksPerSecond: number;
  /** Of the steady state; null: none was measured, or it lies among what failed. */
  p99: { roundTrip: MeasuredP99 | null; webhook: MeasuredP99 | null; delivery: MeasuredP99 | null };
  /** Of the run in which webhooks came alone, faster than they were expected to be taken; null: there is none. */
  webhooks: WebhooksReached | null;
  /** Durations of all functions for one message; null: of tasks, or not counted. */
  functionMsPerMessage: number | null;
  /** What each kind of load costs tasks, by a profile; null: of functions, or there is none. */
  profiled: ProfiledVariant | null;
  /** CPU of all tasks over what they answered and pushed; null: of functions, or not counted. */
  taskCpuMsPerUnit: number | null;
  /** Durations of all functions over the same; null: of tasks, or not counted. */
  functionMsPerUnit: number | null;
  /** Of the task with the most memory, with what a task needs without connections. */
  connectionsPerGb: number | null;
  /** Whether every event that was accepted has its outcome, and none is lost. */
  isBalanced: boolean;
}

/** How fast webhooks were accepted. */
export interface WebhooksReached {
  runId: string;
  acceptedPerSecond: number;
  offeredPerSecond: number;
  /** False: as many were accepted as were offered, so it may be more. */
  isLimit: boolean;
}

export interface ProfiledVariant extends MeasuredServiceCosts {
  profileId: string;
  on: 'local' | 'aws';
}

const interval = z.object({ lowerMs: z.number(), upperMs: z.number() }).nullable();
const percentile = z.object({ p99: z.object({ ms: z.number().nullable(), interval95: interval }) }).nullable();
const outcomes = z.object({ outcomes: z.record(z.string(), z.number()) });

/** What of report.json is read here. */
export const measuredReportSchema = z.object({
  verdict: z.object({ status: z.enum(['ok', 'sloBroken', 'invalid', 'partial']) }),
  latency: z.array(z.object({ id: z.string(), steady: percentile })),
  ledger: z
    .object({
      events: z.object({ missed: z.number(), lost: z.number().nullable() }),
      pushes: z.object({ delivered: z.number() }),
      connects: outcomes,
      messages: outcomes,
      webhooks: outcomes,
    })
    .nullable(),
  timeline: z
    .object({
      steady: z.object({ from: z.number(), to: z.number() }).nullable(),
      panels: z.array(
        z.object({
          id: z.string(),
          lines: z.array(z.object({ name: z.string(), points: z.array(z.tuple([z.number(), z.number().nullable()])) })),
        }),
      ),
    })
    .nullable()
    .default(null),
  resources: z
    .object({
      functions: z.array(z.object({ invocations: z.number().nullable(), meanMs: z.number().nullable() })).default([]),
      services: z
        .array(
          z.object({
            tasks: z.number().nullable(),
            cpuSeconds: z.number().nullable(),
            mostMemoryBytes: z.number().nullable(),
          }),
        )
        .optional(),
    })
    .nullable(),
});
type MeasuredReport = z.infer<typeof measuredReportSchema>;

export const gb = 1_073_741_824;

/** Null: its numbers are not to be relied on. */
export function measuredOf(run: RunRecord, report: MeasuredReport): MeasuredVariant | null {
  const { workload, target } = run;
  const { status } = report.verdict;
  if (target.kind === 'endpoint' || status === 'invalid' || status === 'partial') return null;
  const p99 = (id: string): MeasuredP99 | null => {
    const { ms = null, interval95 = null } = report.latency.find((row) => row.id === id)?.steady?.p99 ?? {};
    return ms === null ? null : { ms, interval95 };
  };
  const [service] = report.resources?.services ?? [];
  const units = Object.values(unitsOf(report)).reduce((sum, each) => sum + each, 0);
  return {
    ...{ runId: run.runId, on: target.kind, verdict: status },
    ...{ startedAt: run.startedAt, loadlineVersion: run.loadlineVersion, commit: run.commit },
    machine: machineOf(run),
    connections: workload.connections,
    messagesPerSecond: workload.messageRatePerSecond,
    webhooksPerSecond: Math.max(workload.webhookRatePerSecond, workload.burstRatePerSecond),
    p99: { roundTrip: p99('roundTrip'), webhook: p99('webhook'), delivery: p99('delivery') },
    ...{ webhooks: null, functionMsPerMessage: null, profiled: null },
    taskCpuMsPerUnit: service?.cpuSeconds == null || units === 0 ? null : (service.cpuSeconds * 1_000) / units,
    functionMsPerUnit: units === 0 ? null : perUnit(functionMs(report), units),
    connectionsPerGb:
      service?.mostMemoryBytes == null || !service.tasks || workload.connections === 0
        ? null
        : workload.connections / service.tasks / (service.mostMemoryBytes / gb),
    isBalanced: report.ledger?.events.lost === 0 && report.ledger.events.missed === 0,
  };
}

/** Of a load of webhooks alone: how many were accepted in each second of the steady state. Null: it was another load, or nothing was seen of it. */
export function webhooksReached(
  { runId, workload }: Pick<RunRecord, 'runId' | 'workload'>,
  { timeline }: Pick<MeasuredReport, 'timeline'>,
): WebhooksReached | null {
  if (!isOfWebhooksAlone(workload) || timeline?.steady == null) return null;
  const { from, to } = timeline.steady;
  const accepted = timeline.panels
    .find(({ id }) => id === 'traffic')
    ?.lines.find(({ name }) => name === acceptedLine)
    ?.points.filter(([second]) => second >= from && second <= to);
  if (accepted === undefined || accepted.length === 0) return null;
  const acceptedPerSecond = accepted.reduce((sum, [, value]) => sum + (value ?? 0), 0) / (to - from + 1);
  const offeredPerSecond = workload.webhookRatePerSecond;
  return { runId, acceptedPerSecond, offeredPerSecond, isLimit: acceptedPerSecond < limitShare * offeredPerSecond };
}

/** Of what is offered: less is accepted only where it cannot be taken. */
const limitShare = 0.95;

export const isOfWebhooksAlone = (workload: RunRecord['workload']): boolean =>
  workload.messageRatePerSecond === 0 && workload.webhookRatePerSecond > 0;

const machineOf = ({ machine: { cores, memoryBytes, platform, nodeVersion } }: RunRecord) => ({
  ...{ cores, memoryBytes, platform, nodeVersion },
});

const perUnit = (ms: number | null, units: number): number | null => (ms === null ? null : ms / units);

/** Null: there are none, or one was not counted. */
function functionMs({ resources }: MeasuredReport): number | null {
  const invoked = (resources?.functions ?? []).filter(({ invocations }) => (invocations ?? 0) > 0);
  const durations = invoked.map(({ invocations, meanMs }) => (meanMs === null ? null : (invocations ?? 0) * meanMs));
  return durations.length === 0 || durations.includes(null)
    ? null
    : durations.reduce<number>((sum, ms) => sum + (ms ?? 0), 0);
}

/** Connects, messages, webhooks and pushes that ended well. */
export function unitsOf({ ledger }: Pick<MeasuredReport, 'ledger'>): ServiceUnits {
  const of = (counts: { outcomes: Record<string, number> } | undefined, name: string) => counts?.outcomes[name] ?? 0;
  return {
    connect: of(ledger?.connects, 'opened'),
    message: of(ledger?.messages, 'answered'),
    webhook: of(ledger?.webhooks, 'accepted'),
    push: ledger?.pushes.delivered ?? 0,
  };
}

/** How the numbers of a report came about, in sentences. */
import type { Observation } from '../../record/observation.ts';
import type { RunRecord } from '../../record/run.ts';
import { count, plural } from './numbers.ts';

export function howMeasured(run: RunRecord, observation: Observation | null): string[] {
  const { machine, target } = run;
  return [
    'Latency starts when the message was due by the schedule, not when it was sent, so a late generator or a stalled target is not hidden. Service time starts when it was sent, and is never called latency.',
    'Percentiles come from merged HdrHistogram bucket counts (error at most 0.1%), over the steady state unless the table says otherwise.',
    'Load is open: messages and webhooks are due at fixed times, whatever the target does.',
    `Generator: ${plural(machine.cores, 'core')}, ${count(machine.memoryBytes / 2 ** 30)} GiB, ${machine.platform}, Node ${machine.nodeVersion}, Artillery ${machine.artilleryVersion}. Seed ${run.workload.seed}.`,
    ...(observation && target.kind !== 'endpoint'
      ? [
          `CloudWatch series have a period of ${observation.server.periodSeconds} s; what it had no data for is named as missing, not counted as zero.`,
        ]
      : []),
    ...(target.kind === 'endpoint'
      ? []
      : [
          'Demand on a quota = units of the run over its connects, messages and webhooks, times the plan’s rates. Concurrency = rate × mean duration (Little), a mean in steady state.',
          'Growth and rollout are the plan’s own figures and carry no interval; habits and ratios are taken to stay as measured.',
        ]),
    ...(target.kind === 'local'
      ? [
          'The target ran on this machine. Counts, ratios and bytes carry over to AWS; latencies, durations and so concurrency and Lambda cost do not: those are this machine’s.',
        ]
      : []),
    ...target.notes,
  ];
}

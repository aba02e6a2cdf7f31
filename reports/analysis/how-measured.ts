/** How the numbers of a report were obtained, in sentences. */
import type { Observation } from '../../record/observation.ts';
import type { RunRecord } from '../../record/run.ts';
import { modelNotes } from './model/model-notes.ts';
import { count, plural } from './numbers.ts';

export function howMeasured(run: RunRecord, observation: Observation | null): string[] {
  const { machine, target } = run;
  const { profileId } = run.profile ?? run.tasksProfile ?? {};
  return [
    'Latency starts when the message was due by the schedule, not when it was sent, so a late generator or a stalled target is not hidden. Service time starts when the message was sent, and is not called latency.',
    'Percentiles come from merged HdrHistogram bucket counts (error at most 0.1%), over the steady state unless the table says otherwise.',
    'The load is open: messages and webhooks are due at fixed times, however the target responds.',
    `Generator: ${plural(machine.cores, 'core')}, ${count(machine.memoryBytes / 2 ** 30)} GiB, ${machine.platform}, Node ${machine.nodeVersion}, Artillery ${machine.artilleryVersion}. Seed ${run.workload.seed}.`,
    ...(observation && target.kind !== 'endpoint'
      ? [
          `CloudWatch series have a period of ${observation.server.periodSeconds} s; series without data are reported as missing, not counted as zero.`,
        ]
      : []),
    ...(run.deployment === undefined
      ? []
      : [
          `Demand on a quota = what each kind of load costs ${profileId ? `by the profile ${profileId}` : 'in the run'}, times the plan’s rates. Concurrency = rate × mean duration (Little’s law), a mean in the steady state.`,
          'Growth and rollout are the plan’s own figures and carry no interval; usage per user and ratios are assumed to stay as measured.',
        ]),
    ...(target.kind === 'local'
      ? [
          'The target ran on this machine. Counts, ratios and bytes carry over to AWS. Latencies and durations do not, nor do concurrency and Lambda cost, which follow from them.',
        ]
      : []),
    ...workerNotes(run),
    ...endpointNotes(run),
    ...(target.model === null ? [] : modelNotes(target.model)),
  ];
}

function workerNotes({ workers }: RunRecord): string[] {
  if (workers === null) return [];
  const { on, count: workerCount, region } = workers;
  return [
    `${plural(workerCount, 'worker')} on ${on === 'fargate' ? 'AWS Fargate' : 'AWS Lambda'} in ${region} applied the load. Their counts came back through Artillery: exact to the second, but latencies and the generator’s health only in windows of 10 s; only windows entirely within the steady state count towards it.`,
  ];
}

function endpointNotes({ target: { kind, webhookUrl }, deployment }: RunRecord): string[] {
  if (kind !== 'endpoint') return [];
  return [
    `The target is an endpoint that Loadline did not deploy: its server side was not measured${deployment === undefined ? ', so AWS quotas, capacity and cost are not available' : ''}.`,
    ...(webhookUrl === null ? ['No webhook URL was given: no webhooks were posted, and no pushes expected.'] : []),
  ];
}

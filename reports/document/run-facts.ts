/** What was run, when, and under which load. */
import { hasBurst } from '../../record/workload.ts';
import { databaseName } from '../analysis/model/model-notes.ts';
import { count, plural, quantity, utc } from '../analysis/numbers.ts';
import type { Report } from '../report.ts';

export function runFacts({ workload: w, target, ...run }: Report['run']): [name: string, value: string][] {
  return [
    ['Target', targetName(target)],
    ...computeFacts(target),
    ...storeFacts(target),
    ['Run', run.runId],
    ['Started', utc(run.startedAt)],
    ['Ended', run.endedAt ? utc(run.endedAt) : 'not recorded'],
    [
      'Load',
      `${plural(w.connections, 'connection')} at ${quantity(w.connectRatePerSecond, 'connections/s')}; ${quantity(w.messageRatePerSecond, 'messages/s')} of ${plural(w.messageBytes, 'byte')}; ${quantity(w.webhookRatePerSecond, 'webhooks/s')} of ${plural(w.webhookBytes, 'byte')}${hasBurst(w) ? `, ${quantity(w.burstRatePerSecond, 'webhooks/s')} for ${quantity(w.burstSeconds, 's')}` : ''}; steady for ${quantity(w.steadySeconds, 's')}`,
    ],
    ['Plan', `${run.plan} (${run.planFile})`],
    ['Version', `Loadline ${run.loadlineVersion}${run.commit ? `, commit ${shortCommit(run.commit)}` : ''}`],
  ];
}

/** Which services of tasks the stack has; a local one with what carries the messages between its tasks. */
function computeFacts({ services, model }: Report['run']['target']): [name: string, value: string][] {
  const cache = model?.cache;
  const bus =
    cache === undefined
      ? ''
      : `; between them ${cache === 'installed' ? 'a Valkey or Redis of this machine' : 'a built-in server that speaks the protocol of Valkey and keeps nothing'}`;
  return (services ?? []).map(({ tasks, cpuUnits, memoryMb }) => [
    'Compute',
    `A service of ${plural(tasks, 'task')} behind a load balancer, each with ${quantity(cpuUnits / unitsPerCpu, 'vCPU')} and ${count(memoryMb)} MB${bus}`,
  ]);
}

/** A vCPU in ECS's units. */
const unitsPerCpu = 1_024;

/** Which databases the stack has; a local one by what it really is. */
function storeFacts({ databases, model }: Report['run']['target']): [name: string, value: string][] {
  return (databases ?? []).map(({ id, instanceClass, maxConnections, proxy }) => {
    const local = model?.databases?.find((database) => database.id === id);
    const what = local ? databaseName(local) : 'RDS for PostgreSQL';
    const lent = proxy ? ', lent by a proxy' : '';
    return ['Store', `${what}, as ${instanceClass}: ${plural(maxConnections, 'connection')} at most${lent}`];
  });
}

function targetName({ kind, region }: Report['run']['target']): string {
  switch (kind) {
    case 'local':
      return 'local (this machine)';
    case 'aws':
      return `AWS, ${region}`;
    case 'endpoint':
      return 'an endpoint, measured from outside';
  }
}

/** A plus at the end says that files differed from the commit. */
const shortCommit = (commit: string): string =>
  commit.slice(0, 7) + (commit.endsWith('+') ? ' with uncommitted changes' : '');

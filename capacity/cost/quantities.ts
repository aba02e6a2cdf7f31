/** What of each component of a bill a load uses in a month. */
import { longPollSeconds } from '../../aws/poller-scaling.ts';
import type { PriceName } from '../../aws/prices.ts';
import { quotaFact } from '../../aws/quotas/table.ts';
import type { Coefficients } from '../demand/coefficients.ts';
import type { Load } from '../demand/load.ts';
import { invocationRate, meanMoment, pushCallRate, sumOf, tableUnitRate } from '../demand/rates.ts';
import { rolesOf } from '../headroom/lambda-quotas.ts';
import type { Deployment } from '../headroom/quota.ts';
import { combine, type Known, known, mapKnown } from '../known.ts';
import { type CostOverheads, loggedRequestRate } from './cost-overheads.ts';
import { fanOutMean } from './fan-out-mean.ts';
import { routeMetrics } from './route-metrics.ts';
import { secretCallRate } from './secret-calls.ts';
import { storedBytes } from './stored-bytes.ts';
import { overheadByteRate } from './transfer-overhead.ts';

/** AWS's own month: 730 hours. */
export const secondsPerMonth = 730 * 3_600;
const kib = 1_024;
const gb = 1e9;
/** Added for each connection, in case partial minutes are charged: AWS does not say. */
const roundedMinutesPerConnection = 0.5;
const daysPerBilledMonth = 730 / 24;

export interface Quantity {
  id: string;
  name: string;
  price: PriceName;
  /** A month, in the unit of the price. */
  quantity: Known<number>;
  /** How it is computed. */
  sentence: string;
}

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
  const monthly = (answer: Known<number>): Known<number> =>
    mapKnown(answer, (perSecond) => perSecond * secondsPerMonth);
  const invocations = rolesOf(deployment).map((role) => ({ role, rate: invocationRate(moment, coefficients, role) }));
  const gbSeconds = invocations.map(({ role, rate }) => {
    if (rate.kind === 'value' && rate.value === 0) return rate;
    const billed = combine([coefficients.meanSeconds[role]], ([mean = 0]) => Math.ceil(mean * 1_000) / 1_000);
    return mapKnown(multiply(rate, billed), (seconds) => (seconds * deployment.memoryMb[role]) / kib);
  });
  const calls = sumOf(invocations.map(({ rate }) => rate));
  const initGbSeconds = invocations.map(({ role, rate }) =>
    mapKnown(
      rate,
      (perSecond) => (perSecond * overheads.coldStartShare * overheads.initSeconds * deployment.memoryMb[role]) / kib,
    ),
  );
  const provisionedGb = rolesOf(deployment).reduce(
    (sum, role) => sum + ((deployment.provisionedConcurrency?.[role] ?? 0) * deployment.memoryMb[role]) / kib,
    0,
  );
  const logGbPerSecond = mapKnown(calls, (perSecond) => (perSecond * overheads.logBytesPerInvocation) / gb);
  const accessLogGbPerSecond = (loggedRequestRate(moment, deployment) * overheads.accessLogBytesPerRequest) / gb;
  const pushes = pushCallRate({ ...load, fanOut: null }, { ...moment, fanOut: undefined }, coefficients);
  const pushUnits = combine([coefficients.pushBytes], ([bytes = 0]) => units(bytes, 32 * kib));
  const pushMessages = pushes.kind === 'value' && pushes.value === 0 ? pushes : multiply(pushes, pushUnits);
  const fanOut = fanOutMean(load);
  // Heartbeats and subscribes are one unit each, as their answers are; publishes of a channel are taken to be, too.
  const others = moment.messages - load.messageRatePerSecond;
  const clientMessages: Known<number> = {
    kind: 'value',
    value: load.messageRatePerSecond * (units(load.messageBytes, 32 * kib) + 1) + others * 2 + fanOut.meteredPushes,
  };
  const batches = invocationRate(moment, coefficients, 'deliver');
  const pollers = known(quotaFact('pollerInitialConcurrency').default / longPollSeconds);
  const sends: Known<number> = { kind: 'value', value: load.webhookRatePerSecond * units(load.webhookBytes, 64 * kib) };
  const received = mapKnown(batches, (perSecond) => {
    const rate = Math.max(perSecond, load.webhookRatePerSecond / deployment.batchSize);
    if (rate === 0) return 0;
    // A receive is metered by its payload; deleting the batch is one request.
    return rate * (units((load.webhookRatePerSecond / rate) * load.webhookBytes, 64 * kib) + 1);
  });

  const stored = storedBytes(load, deployment) / gb;
  const ofRoutes = routeMetrics(deployment);
  const component = (
    id: string,
    name: string,
    price: PriceName,
    quantity: Known<number>,
    sentence: string,
  ): Quantity => ({ id, name, price, quantity, sentence });
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
    component(
      'httpApi.requests',
      'HTTP API requests',
      'httpApiRequest',
      monthly({ kind: 'value', value: load.webhookRatePerSecond * units(load.webhookBytes, 512 * kib) }),
      'webhooks/s × their 512 KB units',
    ),
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
      monthly(sumOf(gbSeconds)),
      'invocations/s × mean duration × memory, function by function',
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
            'ready environments × memory; their invocations are priced like the others, which is slightly too high',
          ),
        ]
      : []),
    component(
      'sqs.requests',
      'SQS requests',
      'sqsRequest',
      monthly(sumOf([sends, received, pollers])),
      'sends and receives in 64 KB units + a delete for each batch + 5 pollers / 20 s',
    ),
    component(
      'dynamodb.writes',
      'DynamoDB writes',
      'dynamodbWriteUnit',
      monthly(tableUnitRate(moment, coefficients, 'writeUnits')),
      'connects/s, subscriptions/s and webhooks/s × their write units',
    ),
    component(
      'dynamodb.reads',
      'DynamoDB reads',
      'dynamodbReadUnit',
      monthly(
        mapKnown(
          tableUnitRate(moment, coefficients, 'readUnits'),
          (perSecond) => perSecond + fanOut.broadcastReadUnits,
        ),
      ),
      'connects/s, webhooks/s and publishes/s × their read units',
    ),
    component(
      'dynamodb.storage',
      'DynamoDB storage',
      'dynamodbStorageGbMonth',
      known(stored),
      'events/s × (their TTL + 2 days until they are deleted) × bytes of an event + connections × bytes of a connection, each with 100 bytes of an item',
    ),
    component(
      'dynamodb.pointInTimeRecovery',
      'DynamoDB point-in-time recovery',
      'dynamodbRecoveryGbMonth',
      known(stored),
      'bytes of the table',
    ),
    component(
      'secrets.stored',
      'Secrets Manager secrets',
      'secretMonth',
      known(overheads.secrets),
      'secrets of the stack',
    ),
    component(
      'secrets.calls',
      'Secrets Manager calls',
      'secretCall',
      monthly(secretCallRate(moment, { coefficients, deployment, coldStartShare: overheads.coldStartShare })),
      'functions that verify: (cold starts/s + environments / 300 s) × 2 versions',
    ),
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
      '(pushes/s + answers/s) × (frame header + TLS record) + connects/s × handshake + webhooks/s × answer; TCP and IP headers not counted',
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
      { kind: 'value', value: overheads.customMetrics },
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
      { kind: 'value', value: overheads.alarmMetrics },
      'metrics watched by alarms',
    ),
    component(
      'cloudwatch.dashboards',
      'CloudWatch dashboard',
      'dashboardMonth',
      { kind: 'value', value: overheads.dashboards },
      'dashboards',
    ),
  ];
}

/** Metered units of a payload: a partial unit counts as a whole one, and an empty payload as one. */
const units = (bytes: number, unitBytes: number): number => Math.max(1, Math.ceil(bytes / unitBytes));

const multiply = (a: Known<number>, b: Known<number>): Known<number> => combine([a, b], ([x = 0, y = 0]) => x * y);

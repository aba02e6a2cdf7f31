/** Monthly cost of a load, by component. */
import { longPollSeconds } from '../../aws/poller-scaling.ts';
import { type Price, type PriceList, priceOf } from '../../aws/prices.ts';
import { quotaFact } from '../../aws/quotas/table.ts';
import type { Coefficients } from '../demand/coefficients.ts';
import { dailyMean, type Load } from '../demand/load.ts';
import { invocationRate, meanMoment, pushCallRate, pushesPerWebhook, sumOf, tableUnitRate } from '../demand/rates.ts';
import { rolesOf } from '../headroom/lambda-quotas.ts';
import type { Deployment } from '../headroom/quota.ts';
import { combine, type Known, known, mapKnown } from '../known.ts';
import { assumptionsOf, type CostOverheads, defaultOverheads, loggedRequestRate } from './cost-overheads.ts';
import { fanOutMean } from './fan-out-mean.ts';

/** AWS's own month: 730 hours. */
const secondsPerMonth = 730 * 3_600;
const kib = 1_024;
const gb = 1e9;

/** What is priced: a load, what a unit of it costs the stack, and the stack. */
export interface PricedWorkload {
  load: Load;
  coefficients: Coefficients;
  deployment: Deployment;
  overheads?: Partial<CostOverheads> | undefined;
}

/** Added for each connection, in case partial minutes are charged: AWS does not say. */
const roundedMinutesPerConnection = 0.5;
const daysPerBilledMonth = 730 / 24;

interface CostComponent {
  id: string;
  name: string;
  unit: string;
  sentence: string;
  amount: { kind: 'value'; quantityPerMonth: number; usdPerMonth: number } | { kind: 'unknown'; reason: string };
  priceSource: string;
  priceDate: string;
}

export interface Cost {
  region: string;
  currency: 'USD';
  components: CostComponent[];
  /** Sum of the known components; `complete` says whether that is all of them. */
  usdPerMonth: number;
  complete: boolean;
  usdPerUserMonth: number | null;
  usdPerMillionPushes: number | null;
  assumptions: string[];
}

/**
 * Monthly cost = Σ quantity · price, tier by tier. Quantities come from rates × 2,628,000 s and the run's coefficients.
 * Usage is the day's mean, not the peak ({@link dailyMean}). Metering units (32 KB, 512 KB, 64 KB) are applied to the mean size, which is exact only when sizes are alike. A component whose
 * coefficient is missing is `unknown` and not in the sum.
 */
export function cost(workload: PricedWorkload, prices: PriceList): Cost {
  const { coefficients, deployment } = workload;
  const overheads = { ...defaultOverheads, ...workload.overheads };
  const load = dailyMean(workload.load);
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

  const component = (
    id: string,
    name: string,
    price: Price,
    quantity: Known<number>,
    sentence: string,
  ): CostComponent => ({
    id,
    name,
    unit: price.unit,
    sentence,
    priceSource: price.source,
    priceDate: price.date,
    amount:
      quantity.kind === 'value'
        ? { kind: 'value', quantityPerMonth: quantity.value, usdPerMonth: priceOf(quantity.value, price) }
        : quantity,
  });
  const components = [
    component(
      'webSocket.messages',
      'WebSocket messages',
      prices.webSocketMessage,
      monthly(sumOf([clientMessages, pushMessages])),
      'client messages/s × (their 32 KB units + 1 answer) + @connections calls/s × their 32 KB units (pushes of webhooks, channels and broadcasts)',
    ),
    component(
      'webSocket.connectionMinutes',
      'WebSocket connection-minutes',
      prices.webSocketConnectionMinute,
      monthly({
        kind: 'value',
        value: load.peakConnections / 60 + load.connectRatePerSecond * roundedMinutesPerConnection,
      }),
      'mean connections × minutes of the month + half a minute for each connection',
    ),
    component(
      'httpApi.requests',
      'HTTP API requests',
      prices.httpApiRequest,
      monthly({ kind: 'value', value: load.webhookRatePerSecond * units(load.webhookBytes, 512 * kib) }),
      'webhooks/s × their 512 KB units',
    ),
    component(
      'lambda.requests',
      'Lambda invocations',
      prices.lambdaRequest,
      monthly(calls),
      'invocations/s of all functions',
    ),
    component(
      'lambda.duration',
      'Lambda duration',
      prices.lambdaArmGbSecond,
      monthly(sumOf(gbSeconds)),
      'invocations/s × mean duration × memory, function by function',
    ),
    component(
      'lambda.init',
      'Lambda cold starts',
      prices.lambdaArmGbSecond,
      monthly(sumOf(initGbSeconds)),
      'invocations/s × cold-start share × seconds of INIT × memory',
    ),
    ...(provisionedGb > 0
      ? [
          component(
            'lambda.provisioned',
            'Lambda provisioned concurrency',
            prices.provisionedConcurrencyArmGbSecond,
            monthly({ kind: 'value', value: provisionedGb }),
            'ready environments × memory; their invocations are priced like the others, which is slightly too high',
          ),
        ]
      : []),
    component(
      'sqs.requests',
      'SQS requests',
      prices.sqsRequest,
      monthly(sumOf([sends, received, pollers])),
      'sends and receives in 64 KB units + a delete for each batch + 5 pollers / 20 s',
    ),
    component(
      'dynamodb.writes',
      'DynamoDB writes',
      prices.dynamodbWriteUnit,
      monthly(tableUnitRate(moment, coefficients, 'writeUnits')),
      'connects/s, subscriptions/s and webhooks/s × their write units',
    ),
    component(
      'dynamodb.reads',
      'DynamoDB reads',
      prices.dynamodbReadUnit,
      monthly(
        mapKnown(
          tableUnitRate(moment, coefficients, 'readUnits'),
          (perSecond) => perSecond + fanOut.broadcastReadUnits,
        ),
      ),
      'connects/s, webhooks/s and publishes/s × their read units',
    ),
    component(
      'dataOut',
      'Data transfer out',
      prices.dataOutGb,
      monthly(
        mapKnown(
          multiply(
            sumOf([pushes, { kind: 'value', value: moment.messages }]),
            combine([coefficients.pushBytes], ([bytes = 0]) => bytes),
          ),
          (bytes) => (bytes + fanOut.pushedBytes) / gb,
        ),
      ),
      '(pushes/s + answers/s) × mean frame received; TLS and TCP overhead not counted',
    ),
    component(
      'cloudwatch.logs',
      'CloudWatch log ingestion',
      prices.logGb,
      monthly(logGbPerSecond),
      'invocations/s × log bytes each',
    ),
    ...(accessLogGbPerSecond > 0
      ? [
          component(
            'cloudwatch.accessLogs',
            'CloudWatch log ingestion of API access logs',
            prices.logGb,
            monthly(known(accessLogGbPerSecond)),
            'client messages/s, connects/s twice, and webhooks/s × bytes of a line',
          ),
        ]
      : []),
    component(
      'cloudwatch.logStorage',
      'CloudWatch log storage',
      prices.logStorageGbMonth,
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
      prices.customMetricMonth,
      { kind: 'value', value: overheads.customMetrics },
      'metrics that the handlers write',
    ),
    component(
      'cloudwatch.alarms',
      'CloudWatch alarms',
      prices.alarmMetricMonth,
      { kind: 'value', value: overheads.alarmMetrics },
      'metrics watched by alarms',
    ),
    component(
      'cloudwatch.dashboards',
      'CloudWatch dashboard',
      prices.dashboardMonth,
      { kind: 'value', value: overheads.dashboards },
      'dashboards',
    ),
  ];
  const usdPerMonth = components.reduce(
    (sum, { amount }) => sum + (amount.kind === 'value' ? amount.usdPerMonth : 0),
    0,
  );
  const pushesPerMonth =
    (load.webhookRatePerSecond * pushesPerWebhook(load) + fanOut.pushesPerSecond) * secondsPerMonth;
  return {
    region: prices.region,
    currency: prices.currency,
    components,
    usdPerMonth,
    complete: components.every(({ amount }) => amount.kind === 'value'),
    usdPerUserMonth: load.users > 0 ? usdPerMonth / load.users : null,
    usdPerMillionPushes: pushesPerMonth > 0 ? (usdPerMonth / pushesPerMonth) * 1e6 : null,
    assumptions: assumptionsOf(workload.load, overheads),
  };
}

/** Metered units of a payload: a partial unit counts as a whole one, and an empty payload as one. */
const units = (bytes: number, unitBytes: number): number => Math.max(1, Math.ceil(bytes / unitBytes));

const multiply = (a: Known<number>, b: Known<number>): Known<number> => combine([a, b], ([x = 0, y = 0]) => x * y);

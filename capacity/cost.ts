/** What a load costs a month, by component. */
import { type Answer, type Coefficients, combine } from './coefficients.ts';
import { rolesOf } from './lambda-quotas.ts';
import type { Load } from './load.ts';
import { type Price, type PriceList, priceOf } from './prices.ts';
import type { Deployment } from './quota.ts';
import { invocationRate, meanMoment, pushCallRate, pushesPerWebhook, sumOf, tableUnitRate } from './rates.ts';

/** AWS's own month: 730 hours. */
const secondsPerMonth = 730 * 3_600;
const kib = 1_024;
const gb = 1e9;

/** What is priced: a load, what a unit of it costs the stack, and the stack. */
export interface PricedWorkload {
  load: Load;
  coefficients: Coefficients;
  deployment: Deployment;
}

export interface CostComponent {
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

const assumptions = [
  'Connections, messages and the share of owners online are priced as if the daily peak lasted all day: an upper bound.',
  'Webhooks at their daily mean. A month is 730 h.',
  'Prices of the Region named, without free tiers, discounts and taxes.',
  'WebSocket messages count in both directions, each 32 KB begun as one: client messages, their answers and pushes. $connect and $disconnect are not counted as messages: AWS does not say.',
  'SQS: one send, one receive and one delete for each batch’s share of a webhook, and the five pollers’ empty long polls (one every 20 s each).',
  'Lambda on Arm, billed by the mean duration of the run, rounded up to 1 ms; cold starts are not added.',
  'Not included: CloudWatch (logs, metrics, alarms, dashboard), Secrets Manager, KMS, storage of a few MB, other stacks of the account.',
];

/**
 * Cost a month = Σ quantity · price, tier by tier. Quantities come from rates × 2,628,000 s and the run's coefficients.
 * Metering units (32 KB, 512 KB, 64 KB) are applied to the mean size, which is exact only when sizes are alike. A component whose
 * coefficient is missing is `unknown` and not in the sum.
 */
export function cost({ load, coefficients, deployment }: PricedWorkload, prices: PriceList): Cost {
  const moment = meanMoment(load);
  const monthly = (answer: Answer): Answer => combineAnswer(answer, (perSecond) => perSecond * secondsPerMonth);
  const invocations = rolesOf(deployment).map((role) => ({ role, rate: invocationRate(moment, coefficients, role) }));
  const gbSeconds = invocations.map(({ role, rate }) => {
    if (rate.kind === 'value' && rate.value === 0) return rate;
    const billed = combine([coefficients.meanSeconds[role]], ([mean = 0]) => Math.ceil(mean * 1_000) / 1_000);
    return combineAnswer(multiply(rate, billed), (seconds) => (seconds * deployment.memoryMb[role]) / kib);
  });
  const pushes = pushCallRate(load, moment, coefficients);
  const pushUnits = combine([coefficients.pushBytes], ([bytes = 0]) => units(bytes, 32 * kib));
  const pushMessages = pushes.kind === 'value' && pushes.value === 0 ? pushes : multiply(pushes, pushUnits);
  const clientMessages: Answer = {
    kind: 'value',
    value: load.messageRatePerSecond * (units(load.messageBytes, 32 * kib) + 1),
  };
  const batches = invocationRate(moment, coefficients, 'deliver');
  const pollers: Answer = { kind: 'value', value: 5 / 20 };
  const sends: Answer = { kind: 'value', value: load.webhookRatePerSecond * units(load.webhookBytes, 64 * kib) };
  const received = combineAnswer(
    batches,
    (perSecond) => Math.max(perSecond, sends.kind === 'value' ? sends.value / deployment.batchSize : 0) * 2,
  );

  const component = (id: string, name: string, price: Price, quantity: Answer, sentence: string): CostComponent => ({
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
      'client messages/s × (their 32 KB units + 1 answer) + @connections calls/s × their 32 KB units',
    ),
    component(
      'webSocket.connectionMinutes',
      'WebSocket connection-minutes',
      prices.webSocketConnectionMinute,
      monthly({ kind: 'value', value: load.peakConnections / 60 }),
      'peak connections × minutes of the month',
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
      monthly(sumOf(invocations.map(({ rate }) => rate))),
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
      'sqs.requests',
      'SQS requests',
      prices.sqsRequest,
      monthly(sumOf([sends, received, pollers])),
      'sends in 64 KB units + 2 × batches/s + 5 pollers / 20 s',
    ),
    component(
      'dynamodb.writes',
      'DynamoDB writes',
      prices.dynamodbWriteUnit,
      monthly(tableUnitRate(moment, coefficients.writeUnits)),
      'connects/s and webhooks/s × their write units',
    ),
    component(
      'dynamodb.reads',
      'DynamoDB reads',
      prices.dynamodbReadUnit,
      monthly(tableUnitRate(moment, coefficients.readUnits)),
      'connects/s and webhooks/s × their read units',
    ),
    component(
      'dataOut',
      'data out',
      prices.dataOutGb,
      monthly(
        combineAnswer(
          multiply(
            sumOf([pushes, { kind: 'value', value: load.messageRatePerSecond }]),
            combine([coefficients.pushBytes], ([bytes = 0]) => bytes),
          ),
          (bytes) => bytes / gb,
        ),
      ),
      '(pushes/s + answers/s) × mean frame received; TLS and TCP overhead not counted',
    ),
  ];
  const usdPerMonth = components.reduce(
    (sum, { amount }) => sum + (amount.kind === 'value' ? amount.usdPerMonth : 0),
    0,
  );
  const pushesPerMonth = load.webhookRatePerSecond * pushesPerWebhook(load) * secondsPerMonth;
  return {
    region: prices.region,
    currency: prices.currency,
    components,
    usdPerMonth,
    complete: components.every(({ amount }) => amount.kind === 'value'),
    usdPerUserMonth: load.users > 0 ? usdPerMonth / load.users : null,
    usdPerMillionPushes: pushesPerMonth > 0 ? (usdPerMonth / pushesPerMonth) * 1e6 : null,
    assumptions,
  };
}

/** Metered units of a payload: each `unitBytes` begun counts, an empty one as one. */
const units = (bytes: number, unitBytes: number): number => Math.max(1, Math.ceil(bytes / unitBytes));

const combineAnswer = (answer: Answer, formula: (value: number) => number): Answer =>
  answer.kind === 'value' ? { kind: 'value', value: formula(answer.value) } : answer;

const multiply = (a: Answer, b: Answer): Answer =>
  a.kind === 'unknown' ? a : combineAnswer(b, (value) => a.value * value);

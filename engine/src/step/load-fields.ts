/**
 * The numbers of a load, each in one entry: name, unit, rule, default, help, and the option of the command that sets it. Everything else is derived
 * from here: the step's keys and checks, `FleetLoad`, how a load is shared out, the options of the command, the workload of run.json,
 * the variables of a scenario, the benchmark section of a usage plan, the JSON schema of scenarios and the tables of the documentation.
 * A new load option is one entry here, and its use.
 */
import { keysOf, recordOf } from './keyed.ts';
import type { NumberRule } from './number-rule.ts';

export type Unit = 'seconds' | 'perSecond' | 'bytes' | 'share' | 'count' | 'none';

export interface NumberField extends NumberRule {
  unit: Unit;
  /** What it is: a phrase without its unit ("in seconds"), which {@link helpOf} adds. */
  help: string;
  /** Sentences about the details, for whoever writes a scenario. */
  note?: string;
  /** Option of `loadline run` that sets it: the name in kebab case, without the unit where that is clear. Fields that have one are the workload of a run. */
  flag?: string;
  /** An earlier name, so that old files can still be read, or refused with the new name. */
  formerly?: string;
}

/** A week: within what a timer of Node.js can wait, 2^31 ms. */
const seconds = { unit: 'seconds', min: 0, max: 604_800 } as const;
/** Far beyond what one machine sends. */
const rate = { unit: 'perSecond', min: 0, max: 1_000_000 } as const;
/** 16 MiB: more than any quota of API Gateway, for servers of one's own. */
const bytes = { unit: 'bytes', min: 0, max: 16_777_216, whole: true } as const;
const share = { unit: 'share', min: 0, max: 1 } as const;
const count = { unit: 'count', whole: true } as const;

export const numberFields = {
  connections: {
    ...count,
    min: 0,
    default: 1,
    flag: 'connections',
    help: 'WebSocket connections, opened at the connect rate and held',
    note: 'Without it, the step is the single connection of its virtual user. 0: webhooks alone, of a target without WebSockets.',
  },
  tabsPerUser: {
    unit: 'none',
    min: 0,
    exclusive: true,
    max: 1_000,
    default: 1,
    flag: 'tabs-per-user',
    help: 'mean number of connections per user',
    note: '1.25: every fourth user has two.',
  },
  connectRatePerSecond: {
    ...rate,
    exclusive: true,
    default: 100,
    flag: 'connect-rate',
    help: 'new connections per second',
  },
  steadySeconds: {
    ...seconds,
    exclusive: true,
    flag: 'steady',
    help: 'duration of the steady state, in which messages, webhooks and publishes are sent',
  },
  drainSeconds: {
    ...seconds,
    default: 15,
    flag: 'drain',
    help: 'maximum wait at the end for answers and pushes in flight',
  },
  messageRatePerSecond: {
    ...rate,
    default: 0,
    flag: 'message-rate',
    help: 'messages per second across all connections, round-robin',
  },
  messageBytes: { ...bytes, default: 128, flag: 'message-bytes', help: 'size of a message' },
  webhookRatePerSecond: {
    ...rate,
    default: 0,
    flag: 'webhook-rate',
    help: 'signed webhooks per second, for randomly chosen users',
  },
  webhookBytes: { ...bytes, default: 2_048, flag: 'webhook-bytes', help: 'size of a webhook' },
  burstStartSeconds: {
    ...seconds,
    default: 0,
    flag: 'burst-start',
    formerly: 'burstStartsAtSeconds',
    help: 'start of the webhook burst, from the start of the steady state',
  },
  burstSeconds: {
    ...seconds,
    default: 0,
    flag: 'burst-seconds',
    formerly: 'burstLastsSeconds',
    help: 'duration of the webhook burst',
  },
  burstRatePerSecond: {
    ...rate,
    default: 0,
    flag: 'burst-rate',
    help: 'webhooks per second during the burst, instead of the webhook rate; 0: no burst',
  },
  replayShare: {
    ...share,
    default: 0,
    flag: 'replay-share',
    help: 'share of webhooks that repeat an accepted event',
  },
  offlineShare: {
    ...share,
    default: 0,
    flag: 'offline-share',
    formerly: 'offlineOwnerShare',
    help: 'share of webhooks whose owner has no connection',
  },
  timeoutSeconds: {
    ...seconds,
    exclusive: true,
    default: 10,
    flag: 'timeout',
    help: 'timeout for each connect, answer to a message and webhook post',
  },
  seed: { unit: 'none', whole: true, default: 1, flag: 'seed', help: 'random seed' },
  duplicateShare: { ...share, default: 0, help: 'share of new events that are posted twice, back to back' },
  webhookAttempts: {
    ...count,
    min: 1,
    default: 1,
    help: 'maximum number of posts per event; 1: no retries',
    note: 'Retried after 408, 429, 502, 503, 504 and 507. Nylas makes 3.',
  },
  webhookRetryBaseSeconds: {
    ...seconds,
    exclusive: true,
    default: 300,
    help: 'delay before the first retry of an event',
    note: 'It doubles with each further retry; Retry-After overrides it.',
  },
  publishRatePerSecond: {
    ...rate,
    default: 0,
    help: 'publishes per second across all channels, round-robin',
    note: "A channel's first subscriber publishes.",
  },
  publishBytes: { ...bytes, default: 128, help: 'size of the body of a publish' },
  pushTimeoutSeconds: {
    ...seconds,
    exclusive: true,
    default: 30,
    help: 'time after a webhook or publish was due from which its push counts as late',
  },
  keepAliveSeconds: {
    ...seconds,
    default: 0,
    help: 'interval between keep-alive pings on each connection; 0: none',
  },
  idleShare: { ...share, default: 0, help: 'share of connections that send no keep-alive pings' },
  churnRatePerSecond: {
    ...rate,
    default: 0,
    help: 'connections per second that are closed (code 1000) and reopened immediately, in turn',
  },
  reconnectAttempts: {
    ...count,
    min: 0,
    default: 0,
    help: 'consecutive attempts after a failed connect or a lost connection; 0: no reconnects',
  },
  reconnectBaseSeconds: {
    ...seconds,
    exclusive: true,
    default: 1,
    help: 'initial delay of the reconnect back-off, which doubles',
  },
  reconnectCapSeconds: {
    ...seconds,
    exclusive: true,
    default: 30,
    help: 'maximum delay of the reconnect back-off',
  },
  pollingShare: {
    ...share,
    default: 0,
    flag: 'polling-share',
    help: 'share of users whose tabs poll over HTTP in place of a connection',
  },
  pollSeconds: {
    ...seconds,
    exclusive: true,
    default: 10,
    help: 'mean interval between two polls of a tab without a connection',
    note: 'Each wait is drawn between half of it and one and a half.',
  },
  stageSeconds: {
    ...seconds,
    default: 0,
    help: "interval between a tab's reads of the stage over HTTP; 0: one as it is opened, where tabs poll",
    note: 'With an interval, each connection that opens is followed by a read of events, as the published client makes it.',
  },
  rollbackStartSeconds: {
    ...seconds,
    default: 0,
    help: 'start of the rollback of the stage, from the start of the steady state',
  },
  rollbackSeconds: {
    ...seconds,
    default: 0,
    help: 'how long the stage is rolled back; 0: never',
    note: 'Tabs notice it with their next read of the stage (stageSeconds): they close their connection and poll until it is switched on again.',
  },
  rollbackShare: { ...share, default: 1, help: 'share of users that the rollback takes out of the stage' },
} satisfies Record<string, NumberField>;

type Fields = typeof numberFields;
export type NumberFieldName = keyof Fields;
/** Fields that an option of the command sets. */
export type LoadOptionName = {
  [Name in NumberFieldName]: Fields[Name] extends { flag: string } ? Name : never;
}[NumberFieldName];
type RateName = Extract<NumberFieldName, `${string}PerSecond`>;
type OptionalName = {
  [Name in NumberFieldName]: Fields[Name] extends { default: number } ? Name : never;
}[NumberFieldName];

export const numberFieldNames: readonly NumberFieldName[] = keysOf(numberFields);
const isLoadOption = (name: NumberFieldName): name is LoadOptionName => 'flag' in numberFields[name];
export const loadOptionNames: readonly LoadOptionName[] = numberFieldNames.filter(isLoadOption);
/** Rates, which fleets and workers share evenly. */
export const rateNames: readonly RateName[] = numberFieldNames.filter(
  (name): name is RateName => numberFields[name].unit === 'perSecond',
);

/** Defaults of the optional fields. */
export const defaultNumbers: Record<OptionalName, number> = recordOf(
  numberFieldNames.filter((name): name is OptionalName => 'default' in numberFields[name]),
  (name) => numberFields[name].default,
);

/** Former names of fields → current names. */
export const formerNames: ReadonlyMap<string, NumberFieldName> = new Map(
  numberFieldNames.flatMap((name) => {
    const field: NumberField = numberFields[name];
    return field.formerly === undefined ? [] : [[field.formerly, name]];
  }),
);

/** Whether a load has a webhook burst. */
export const hasBurst = (load: { burstSeconds: number; burstRatePerSecond: number }): boolean =>
  load.burstSeconds > 0 && load.burstRatePerSecond > 0;

const unitPhrases: Record<Unit, string> = {
  seconds: ', in seconds',
  perSecond: '',
  bytes: ', in bytes',
  share: ', 0 to 1',
  count: '',
  none: '',
};

/** Help with its unit, as in "size of a message, in bytes". */
export function helpOf({ help, unit }: NumberField): string {
  const [what = '', ...rest] = help.split(/(?=; )/);
  return [what, unitPhrases[unit], ...rest].join('');
}

/** Help and details as sentences, for whoever writes a scenario. */
export function describeField(field: NumberField): string {
  const help = helpOf(field);
  return `${help.charAt(0).toUpperCase()}${help.slice(1)}.${field.note === undefined ? '' : ` ${field.note}`}`;
}

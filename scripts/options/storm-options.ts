/** What `loadline storm` can be asked, and what goes together. */
import { type Command, Option } from 'commander';
import { type Jitter, jitters } from '../../aws/back-off.ts';
import { assumedColdStartMs, assumedPushMs } from '../../capacity/storm/assumed.ts';
import { type ProviderName, providerNames } from '../../capacity/storm/providers.ts';
import { UsageError } from '../../run/errors.ts';
import { planOption } from './plan-option.ts';
import { profileOption, runOption } from './run-basis.ts';
import {
  integer,
  jitterList,
  nonNegativeNumber,
  positiveInteger,
  positiveIntegerOrNone,
  positiveNumber,
  quotaValue,
  wholeNumber,
  windowList,
} from './values.ts';

export interface StormOptions {
  plan: string;
  settings?: string;
  run?: string;
  profile?: string;
  quota?: Record<string, number>;
  clients?: number;
  lostOver: number;
  jitter: Jitter[];
  base: number;
  cap: number;
  attempts?: number;
  timeout: number;
  network: number;
  messages: number;
  webhooks: number;
  webhooksOver: number;
  provider?: ProviderName;
  providerRetries?: ReturnType<typeof windowList>;
  downstream?: number;
  downstreamBurst?: number;
  downstreamStrict?: boolean;
  visibilityTimeout?: number;
  maxReceiveCount?: number | null;
  consumerConcurrency?: number;
  batchSize?: number;
  /** False: --no-partial-batches. */
  partialBatches: boolean;
  fanOut: number;
  deadline?: number;
  pushTime?: number;
  pushesAtOnce?: number;
  warm: number;
  coldStart: number;
  horizon: number;
  seed: number;
  json?: boolean;
  report?: string;
}

/** Clients, webhooks and tabs that fit a few hundred MB. */
const most = 5_000_000;
const mostTabs = 1e9;
/** 30 days: beyond, times in milliseconds do not fit. */
const mostSeconds = 2_000_000;
export const defaultProvider: ProviderName = 'nylas';
export const defaultDeadlineSeconds = 5;

/** The options, in the order of the help. */
export function addStormOptions(command: Command): Command {
  return addQueueOptions(addClientOptions(command))
    .option('--fan-out <tabs>', 'tabs that one event is pushed to, at the start', wholeNumber, 0)
    .option(
      '--deadline <seconds>',
      `when all of them should have it, in seconds; default: ${defaultDeadlineSeconds}`,
      positiveNumber,
    )
    .option('--push-time <ms>', `time of one @connections call, in ms; default: ${assumedPushMs}`, positiveNumber)
    .option(
      '--pushes-at-once <count>',
      'calls that all senders together make at a time; default: as many as it takes',
      positiveInteger,
    )
    .addOption(planOption('usage plan: connections, quotas'))
    .option(
      '--settings <file>',
      "YAML file of the stack's settings; default: those of the run, or the stack's defaults",
    )
    .addOption(runOption('durations and units'))
    .addOption(profileOption)
    .option('--quota <code=value>', 'quota of the account, by code or id; repeatable', quotaValue)
    .option('--warm <count>', 'warm environments of each function at the start', wholeNumber, 10)
    .option(
      '--cold-start <ms>',
      'time that a new environment adds to its first invocation, in ms',
      nonNegativeNumber,
      assumedColdStartMs,
    )
    .option('--horizon <seconds>', 'virtual time after which the simulation ends, in seconds', positiveNumber, 14_400)
    .option('--seed <number>', 'random seed', integer, 1)
    .option('--report <folder>', 'also write storm.html, storm.md and storm.json there')
    .option('--json', 'print specification and per-second results as JSON');
}

function addClientOptions(command: Command): Command {
  return command
    .option(
      '--clients <count>',
      "clients that lose their connection, 0 for none; default: the plan's connections at peak",
      wholeNumber,
    )
    .option(
      '--lost-over <seconds>',
      'spreads the losses over this time, in seconds; 0: all simultaneously',
      nonNegativeNumber,
      0,
    )
    .addOption(
      new Option('--jitter <policies>', `jitter of the clients' back-off, one or more of ${jitters.join(', ')}`)
        .argParser(jitterList)
        .default(['full', 'none'], 'full,none'),
    )
    .option('--base <seconds>', 'first delay of the back-off, in seconds', positiveNumber, 1)
    .option('--cap <seconds>', 'longest delay of the back-off, in seconds', positiveNumber, 30)
    .option('--attempts <count>', 'attempts after which a client gives up; default: never', positiveInteger)
    .option('--timeout <seconds>', 'longest wait for one handshake, in seconds', positiveNumber, 10)
    .option('--network <ms>', 'network, TCP and TLS time added to every answer, in ms', nonNegativeNumber, 50)
    .option('--messages <count>', 'messages that each client sends once it is connected', wholeNumber, 0);
}

function addQueueOptions(command: Command): Command {
  return command
    .option('--webhooks <count>', 'webhooks that arrive in a burst', wholeNumber, 0)
    .option('--webhooks-over <seconds>', 'length of the burst, in seconds', nonNegativeNumber, 60)
    .addOption(
      new Option(
        '--provider <name>',
        `whose schedule of retries a refused webhook follows; default: ${defaultProvider}`,
      ).choices(providerNames),
    )
    .option(
      '--provider-retries <times>',
      'the same in figures, in seconds after the first attempt, such as 200-400,600-1200: each retry comes at a random moment of its time',
      windowList,
    )
    .option(
      '--downstream <rate>',
      'calls per second that succeed at what the function that empties the queue calls once a webhook; 0: it is down; default: all',
      nonNegativeNumber,
    )
    .option(
      '--downstream-burst <count>',
      'calls that it takes at a time; default: one second of the rate',
      nonNegativeNumber,
    )
    .option('--downstream-strict', 'refused calls use up its limit as well')
    .option(
      '--visibility-timeout <seconds>',
      "after which a failed message is received again; default: the stack's",
      wholeNumber,
    )
    .option(
      '--max-receive-count <count>',
      "receives after which it goes to the dead-letter queue, or none; default: the stack's",
      positiveIntegerOrNone,
    )
    .option(
      '--consumer-concurrency <count>',
      "reserved concurrency of the function that empties the queue; default: the stack's",
      wholeNumber,
    )
    .option('--batch-size <count>', "messages of one invocation; default: the stack's", positiveInteger)
    .option(
      '--no-partial-batches',
      'one failed message fails its whole batch: the function does not report batch item failures',
    );
}

const within = (names: readonly (keyof StormOptions)[], limit: number, unit = '') =>
  names.map((name) => ({ name, limit, unit }));
/** Beyond, a simulation would take for ever, or its times would not be exact. SQS itself allows batches of 10,000 and 1,000 receives (AWS, SQS quotas, read 2026-11). */
const largest = [
  ...within(['horizon', 'lostOver', 'base', 'cap', 'timeout'], mostSeconds, ' s'),
  ...within(['webhooksOver', 'deadline', 'visibilityTimeout'], mostSeconds, ' s'),
  ...within(['network', 'pushTime', 'coldStart'], mostSeconds * 1_000, ' ms'),
  ...within(['messages', 'attempts', 'warm', 'consumerConcurrency', 'pushesAtOnce'], 1_000_000),
  ...within(['batchSize'], 10_000),
  ...within(['maxReceiveCount'], 1_000),
];

const flagOf = (name: string): string => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** @throws a UsageError about the first option that does not fit. */
export function checkStormOptions(
  options: StormOptions,
  { clients, isGiven }: { clients: number; isGiven: (name: keyof StormOptions) => boolean },
): void {
  for (const [name, value, limit] of [
    ['--clients', clients, most],
    ['--webhooks', options.webhooks, most],
    ['--fan-out', options.fanOut, mostTabs],
  ] as const)
    if (value > limit)
      throw new UsageError(
        `${name} ${value} is more than ${limit}, the maximum: scale quotas and counts down together.`,
      );
  for (const { name, limit, unit } of largest) {
    const value = options[name];
    if (typeof value === 'number' && value > limit)
      throw new UsageError(`${flagOf(name)} ${value} is more than ${limit}${unit}, the maximum: give less.`);
  }
  if (options.cap < options.base)
    throw new UsageError(
      `--cap ${options.cap} is below --base ${options.base}: the longest delay is at least the first one.`,
    );
  if (options.provider !== undefined && options.providerRetries !== undefined)
    throw new UsageError('--provider and --provider-retries both say when webhooks are retried: give one of them.');
  if (options.downstream === undefined)
    refuse(isGiven, ['downstreamBurst', 'downstreamStrict'], '--downstream, the limit that it belongs to');
  if (options.webhooks === 0 && !options.partialBatches)
    throw new UsageError('--no-partial-batches needs --webhooks: without webhooks it changes nothing.');
  if (options.webhooks === 0) refuse(isGiven, ofWebhooks, '--webhooks: without webhooks it changes nothing');
  if (options.fanOut === 0) refuse(isGiven, ofFanOut, '--fan-out: without tabs it changes nothing');
  if (clients === 0 && options.webhooks === 0 && options.fanOut === 0)
    throw new UsageError('There is nothing to simulate: give --clients, --webhooks or --fan-out.');
  if (clients === 0) refuse(isGiven, ofClients, '--clients: without clients it changes nothing');
}

const ofClients = [...(['lostOver', 'jitter', 'base', 'cap', 'attempts', 'timeout', 'network', 'messages'] as const)];
const ofWebhooks = [
  'webhooksOver' as const,
  ...(['provider', 'providerRetries', 'downstream', 'downstreamBurst', 'downstreamStrict'] as const),
  ...(['visibilityTimeout', 'maxReceiveCount', 'consumerConcurrency', 'batchSize'] as const),
];
const ofFanOut = ['deadline', 'pushTime', 'pushesAtOnce'] as const;

function refuse(
  isGiven: (name: keyof StormOptions) => boolean,
  names: readonly (keyof StormOptions)[],
  needed: string,
): void {
  const given = names.find(isGiven);
  if (given !== undefined) throw new UsageError(`${flagOf(given)} needs ${needed}.`);
}

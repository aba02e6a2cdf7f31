import { type Command, Option } from 'commander';
import { type Jitter, jitters } from '../../aws/back-off.ts';
import { assumedCoefficients, assumedMeanMs } from '../../capacity/demand/assumed-coefficients.ts';
import { loadOfPlan } from '../../capacity/demand/load.ts';
import type { Deployment } from '../../capacity/headroom/quota.ts';
import { quotasInForce } from '../../capacity/headroom/quotas.ts';
import { assumedColdStartMs, stormBasis } from '../../capacity/storm/from-quotas.ts';
import { simulateStorm } from '../../capacity/storm/simulate.ts';
import type { StormSpec } from '../../capacity/storm/spec.ts';
import { type StormCase, stormDocument } from '../../reports/document/storm-document.ts';
import { deploymentOf } from '../../reports/recorded.ts';
import { renderText } from '../../reports/render/text.ts';
import { UsageError } from '../../run/errors.ts';
import { accept, readInputFile, readYamlFile } from '../../run/input-file.ts';
import { type LastRun, type NoRun, readLastRun } from '../../run/last-run.ts';
import { isKnownQuota, unknownQuota } from '../../scenarios/plan/known-quotas.ts';
import { parseUsagePlan } from '../../scenarios/plan/plan.ts';
import { parseSettings, settingsSchema } from '../../stack/settings.ts';
import { planOption } from '../options/plan-option.ts';
import { doubtsOf, runOption } from '../options/run-basis.ts';
import {
  integer,
  jitterList,
  nonNegativeNumber,
  positiveInteger,
  positiveNumber,
  quotaValue,
  wholeNumber,
} from '../options/values.ts';
import type { Terminal } from '../terminal.ts';

interface StormOptions {
  plan: string;
  settings?: string;
  run?: string;
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
  warm: number;
  coldStart: number;
  horizon: number;
  seed: number;
  json?: boolean;
}

/** Clients and webhooks that fit a few hundred MB. Time grows with the attempts, see {@link slowAttempts}. */
const most = 5_000_000;
/** Attempts from which on a simulation takes minutes rather than seconds: some millions of them a second. */
const slowAttempts = 3e8;
/** The provider's attempts: 3 in total, the last 10 to 20 min after the first (Nylas, notifications, read 2026-11); the time of the second is an assumption. */
const providerRetriesAfterMs = [300_000, 900_000];

export function addStormCommand(program: Command, terminal: Terminal): void {
  program
    .command('storm')
    .description(
      'Simulates a reconnect storm, a webhook burst, or both, at any scale: quotas, back-off, Lambda, queue and pollers in virtual time. No load is applied.',
    )
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
    .option('--messages <count>', 'messages that each client sends once it is connected', wholeNumber, 0)
    .option('--webhooks <count>', 'webhooks that arrive in a burst', wholeNumber, 0)
    .option('--webhooks-over <seconds>', 'length of the burst, in seconds', nonNegativeNumber, 60)
    .addOption(planOption('usage plan: connections, quotas'))
    .option(
      '--settings <file>',
      "YAML file of the stack's settings; default: those of the run, or the stack's defaults",
    )
    .addOption(runOption('durations and units'))
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
    .option('--json', 'print specification and per-second results as JSON')
    .addHelpText(
      'after',
      '\nExample:\n  loadline storm --clients 500000 --jitter full,none --quota newConnections=2000',
    )
    .action((options) => storm(options, terminal));
}

async function storm(options: StormOptions, terminal: Terminal): Promise<void> {
  const { plan } = accept(parseUsagePlan(readInputFile(options.plan, 'usage plan'), options.plan));
  const run = await readLastRun(options.run);
  const deployment = deploymentOfOptions(options, run);
  const clients = options.clients ?? Math.round(loadOfPlan(plan).peakConnections);
  for (const [name, value] of [
    ['--clients', clients],
    ['--webhooks', options.webhooks],
  ] as const)
    if (value > most)
      throw new UsageError(
        `${name} ${value} is more than ${most}, the maximum: scale quotas and counts down together.`,
      );
  if (options.cap < options.base)
    throw new UsageError(
      `--cap ${options.cap} is below --base ${options.base}: the longest delay is at least the first one.`,
    );
  if (clients === 0 && options.webhooks === 0)
    throw new UsageError('There is nothing to simulate: give --clients or --webhooks.');
  const known = quotasInForce(deployment, { ...plan.quotas, ...options.quota });
  for (const key of Object.keys(options.quota ?? {}))
    if (!isKnownQuota(key)) throw new UsageError(`--quota ${key}: ${unknownQuota(key)}`);
  const { warm, coldStart, seed, horizon } = options;
  const basis = stormBasis({
    deployment,
    quotas: known,
    coefficients: run.runId === null ? assumedCoefficients() : run.coefficients,
    warmEnvironments: warm,
    coldStartMs: coldStart,
  });
  const specOf = (jitter: Jitter): StormSpec => ({
    ...basis,
    seed,
    horizonSeconds: horizon,
    clients:
      clients === 0
        ? null
        : {
            count: clients,
            lostOverMs: options.lostOver * 1_000,
            backOff: {
              jitter,
              baseMs: options.base * 1_000,
              capMs: options.cap * 1_000,
              maxAttempts: options.attempts ?? Number.POSITIVE_INFINITY,
            },
            timeoutMs: options.timeout * 1_000,
            networkMs: Math.round(options.network),
            messagesAfterConnect: options.messages,
          },
    webhooks:
      options.webhooks === 0
        ? null
        : {
            count: options.webhooks,
            overMs: options.webhooksOver * 1_000,
            ingest: deployment.ingest,
            providerRetriesAfterMs,
            pushesPerWebhook: plan.peakConcurrency * plan.tabsPerUser,
          },
  });
  const { newConnections } = basis.quotas;
  // Clients reconnect evenly until the last; on average each has waited for half of that time, half of --cap at a time.
  const lastSeconds = Math.min(horizon, clients / newConnections.ratePerSecond);
  const attempts = (clients * lastSeconds) / options.cap;
  if (attempts > slowAttempts)
    terminal.say(
      `About ${Math.round(attempts / 1e6).toLocaleString('en-US')} million attempts for each policy: this takes minutes. A longer --cap, or counts and quotas scaled down together, make it faster.`,
    );
  // Without clients the policies make no difference.
  const cases: StormCase[] = (clients === 0 ? options.jitter.slice(0, 1) : options.jitter).map((jitter) => {
    const spec = specOf(jitter);
    return { spec, result: simulateStorm(spec) };
  });
  const notes = notesOf(options, run);
  terminal.print(
    options.json ? JSON.stringify({ kind: 'simulated', notes, cases }) : renderText(stormDocument(cases, notes)),
  );
}

function deploymentOfOptions(options: StormOptions, run: LastRun | NoRun): Deployment {
  if (options.settings === undefined && run.runId !== null) return run.deployment;
  const settings =
    options.settings === undefined ? parseSettings() : readYamlFile(options.settings, 'settings file', settingsSchema);
  return deploymentOf({ settings, target: settings });
}

function notesOf(options: StormOptions, run: LastRun | NoRun): string[] {
  const assumed = Object.entries(assumedMeanMs).map(([role, ms]) => `${role} ${ms} ms`);
  return [
    run.runId === null
      ? `Durations are assumed (mean): ${assumed.join(', ')} per webhook. Measure them with loadline run, and name the run with --run.`
      : `Durations and table units of run ${run.runId}${run.coefficients.from === 'local' ? ', measured on a local target: not those of AWS' : ''}.`,
    ...doubtsOf(run),
    `Quotas: AWS's defaults, the stack's settings, ${options.plan}${Object.keys(options.quota ?? {}).length > 0 ? ' and --quota' : ''}. No other traffic is assumed.`,
    `${options.warm} warm environments of each function at the start; a new one adds ${options.coldStart} ms.`,
    'Every quota is modelled as an exact token bucket; AWS calls its throttles targets, not ceilings.',
    ...(options.webhooks > 0
      ? [
          'A refused webhook is retried after 5 and 15 min (the provider documents 3 attempts, the last after 10 to 20 min).',
        ]
      : []),
  ];
}

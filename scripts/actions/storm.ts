import type { Command } from 'commander';
import type { Jitter } from '../../aws/back-off.ts';
import { loadOfPlan } from '../../capacity/demand/load.ts';
import type { Deployment } from '../../capacity/headroom/deployment.ts';
import { quotasInForce } from '../../capacity/headroom/quotas.ts';
import { assumedPushMs } from '../../capacity/storm/assumed.ts';
import { stormBasis, webhookQueue, withoutEffectOnStorm } from '../../capacity/storm/from-quotas.ts';
import { providers } from '../../capacity/storm/providers.ts';
import { simulateStorm } from '../../capacity/storm/simulate.ts';
import type { FanOutStorm, ReconnectStorm, StormSpec, WebhookStorm } from '../../capacity/storm/spec.ts';
import { type StormCase, stormDocument } from '../../reports/document/storm/storm-document.ts';
import { printableJson } from '../../reports/render/printable.ts';
import { renderText } from '../../reports/render/text.ts';
import { type Basis, readBasis } from '../../run/basis.ts';
import { UsageError } from '../../run/errors.ts';
import { accept, readInputFile } from '../../run/input-file.ts';
import { readFunctionsSettings } from '../../run/request/functions-settings.ts';
import { isKnownQuota, unknownQuota } from '../../scenarios/plan/known-quotas.ts';
import { parseUsagePlan } from '../../scenarios/plan/plan.ts';
import { assumedMeanMs } from '../../scenarios/reference/assumed-coefficients.ts';
import { parseSettings } from '../../stack/settings/settings.ts';
import { doubtsOf } from '../options/run-basis.ts';
import {
  checkStormOptions,
  defaultDeadlineSeconds,
  defaultProvider,
  type StormOptions,
} from '../options/storm-options.ts';
import { writeReportPages } from '../report-pages.ts';
import type { Terminal } from '../terminal.ts';

/** Of a function that the profile or run did not see. An assumption: a handler with a few calls. */
const assumedFunctionMs = 20;
/** Attempts from which on a simulation takes longer than half a minute: some 15 million of them a second. */
const slowAttempts = 5e8;

export async function storm(
  options: StormOptions,
  { command, terminal }: { command: Command; terminal: Terminal },
): Promise<void> {
  const { plan } = accept(parseUsagePlan(readInputFile(options.plan, 'usage plan'), options.plan));
  const known = await readBasis(options, {
    settings: readFunctionsSettings(options.settings),
    fallback: parseSettings(),
  });
  const deployment = deploymentOfOptions(options, known);
  const clients = options.clients ?? Math.round(loadOfPlan(plan).peakConnections);
  checkStormOptions(options, {
    clients,
    isGiven: (name) => command.getOptionValueSource(name) === 'cli',
  });
  const quotas = quotasInForce(deployment, { ...plan.quotas, ...options.quota });
  for (const key of Object.keys(options.quota ?? {}))
    if (!isKnownQuota(key)) throw new UsageError(`--quota ${key}: ${unknownQuota(key)}`);
  const { warm, coldStart, seed, horizon } = options;
  const basis = stormBasis({
    deployment,
    quotas,
    coefficients: known.coefficients,
    warmEnvironments: warm,
    coldStartMs: coldStart,
    assumedMs: (id) => assumedMeanMs[id] ?? assumedFunctionMs,
  });
  const { partialBatches, downstream, downstreamBurst, downstreamStrict } = options;
  const specOf = (jitter: Jitter): StormSpec => ({
    ...basis,
    seed,
    horizonSeconds: horizon,
    queue: { ...basis.queue, partialBatches, ...(options.maxReceiveCount === null && { maxReceiveCount: null }) },
    clients: clientsOf(options, clients, jitter),
    webhooks: webhooksOf(options, plan.peakConcurrency * plan.tabsPerUser),
    fanOut: fanOutOf(options),
    downstream:
      downstream === undefined
        ? null
        : {
            ratePerSecond: downstream,
            burst: downstreamBurst ?? (downstream === 0 ? 0 : Math.max(1, downstream)),
            refusedCallsCount: downstreamStrict ?? false,
          },
  });
  const { newConnections } = basis.quotas;
  // Clients reconnect evenly until the last; on average each has waited for half of that time, half of --cap at a time.
  const lastSeconds = Math.min(horizon, clients / newConnections.ratePerSecond);
  const attempts = (clients * lastSeconds) / options.cap;
  if (attempts > slowAttempts && options.jitter.some((jitter) => jitter !== 'none'))
    terminal.say(
      `About ${Math.round(attempts / 1e6).toLocaleString('en-US')} million attempts for each policy: this takes a while. A longer --cap, or counts and quotas scaled down together, make it faster.`,
    );
  // Without clients the policies make no difference.
  const cases: StormCase[] = (clients === 0 ? options.jitter.slice(0, 1) : options.jitter).map((jitter) => {
    const spec = specOf(jitter);
    return { spec, result: simulateStorm(spec) };
  });
  const { coefficients } = known;
  const idle = withoutEffectOnStorm(Object.keys(options.quota ?? {}), { deployment, quotas, coefficients });
  const notes = notesOf(options, { basis: known, idle, cases });
  const json = { kind: 'simulated', notes, cases };
  const document = stormDocument(cases, notes);
  if (options.report !== undefined) await writeReportPages(options.report, { name: 'storm', document, json });
  terminal.print(options.json ? printableJson(json) : renderText(document, terminal.columns));
}

function clientsOf(options: StormOptions, count: number, jitter: Jitter): ReconnectStorm | null {
  if (count === 0) return null;
  return {
    count,
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
  };
}

function webhooksOf(options: StormOptions, pushesPerWebhook: number): WebhookStorm | null {
  if (options.webhooks === 0) return null;
  const given = options.providerRetries?.map(({ fromSeconds, toSeconds }) => ({
    fromMs: fromSeconds * 1_000,
    toMs: toSeconds * 1_000,
  }));
  return {
    count: options.webhooks,
    overMs: options.webhooksOver * 1_000,
    providerRetries: given ?? providers[options.provider ?? defaultProvider].retries,
    pushesPerWebhook,
  };
}

function fanOutOf({ fanOut, deadline, pushTime, pushesAtOnce }: StormOptions): FanOutStorm | null {
  if (fanOut === 0) return null;
  return {
    tabs: fanOut,
    deadlineMs: (deadline ?? defaultDeadlineSeconds) * 1_000,
    callMs: pushTime ?? assumedPushMs,
    callsAtOnce: pushesAtOnce ?? null,
  };
}

function deploymentOfOptions(options: StormOptions, { deployment, coefficients }: Basis): Deployment {
  const queue = webhookQueue({ deployment, coefficients });
  if (queue === null && options.webhooks > 0)
    throw new UsageError(
      'The stack has no queue that webhooks go into, so a burst of them cannot be simulated: leave out --webhooks.',
    );
  const { visibilityTimeout, maxReceiveCount, consumerConcurrency, batchSize } = options;
  return {
    ...deployment,
    queues: deployment.queues.map((each) =>
      each.id === queue?.id
        ? {
            ...each,
            ...(visibilityTimeout !== undefined && { visibilityTimeoutSeconds: visibilityTimeout }),
            ...(typeof maxReceiveCount === 'number' && { maxReceiveCount }),
            ...(batchSize !== undefined && { batchSize }),
          }
        : each,
    ),
    functions: deployment.functions.map((each) =>
      each.id === queue?.function && consumerConcurrency !== undefined
        ? { ...each, reservedConcurrency: consumerConcurrency }
        : each,
    ),
  };
}

function notesOf(
  options: StormOptions,
  { basis, idle, cases }: { basis: Basis; idle: readonly string[]; cases: readonly StormCase[] },
): string[] {
  const [{ spec }] = cases as [StormCase];
  const given = options.providerRetries?.map(({ fromSeconds: from, toSeconds: to }) =>
    from === to ? from : `${from}-${to}`,
  );
  return [
    durationsFrom(basis),
    ...doubtsOf(basis),
    `Quotas: AWS's defaults, the stack's settings, ${options.plan}${Object.keys(options.quota ?? {}).length > 0 ? ' and --quota' : ''}. No other traffic is assumed.`,
    ...(idle.length > 0 ? [`Without an effect on a storm, though given with --quota: ${idle.join(', ')}.`] : []),
    `${options.warm} warm environments of each function at the start; a new one adds ${options.coldStart} ms.`,
    'Every quota is modelled as an exact token bucket; AWS calls its throttles targets, not ceilings.',
    ...(spec.webhooks
      ? [
          given
            ? `Provider: a refused webhook is retried ${given.join(', ')} s after its first attempt.`
            : `Provider: ${providers[options.provider ?? defaultProvider].sentence}`,
          ...(spec.functions.webhook !== null
            ? [
                'A throttled function behind the webhook API is assumed to answer 503, which providers retry; AWS does not document the status.',
              ]
            : []),
          `Queue: visibility timeout ${spec.queue.visibilityTimeoutMs / 1_000} s, ${spec.queue.maxReceiveCount === null ? 'no dead-letter queue' : `dead-letter queue after ${spec.queue.maxReceiveCount} receives`}, batches of ${spec.batchSize}${spec.queue.partialBatches ? '' : ' that fail as a whole'}. A receive whose invocation is throttled until the visibility timeout counts.`,
        ]
      : []),
    ...(spec.fanOut
      ? [
          `Fan-out: each @connections call takes ${spec.fanOut.callMs} ms; a throttled call is repeated until it succeeds.`,
        ]
      : []),
  ];
}

function durationsFrom(basis: Basis): string {
  const place = basis.coefficients.from === 'local' ? ', measured on a local target: not those of AWS' : '';
  switch (basis.kind) {
    case 'profile':
      return `Durations and table units of profile ${basis.profile.profileId} of ${basis.profile.graph.stackName}${place}.`;
    case 'run':
      return `Durations and table units of run ${basis.run.runId}${place}.`;
    case 'assumed': {
      const assumed = Object.entries(assumedMeanMs).map(([id, ms]) => `${id} ${ms} ms`);
      return `Durations are assumed (mean): ${assumed.join(', ')} per webhook. Measure them with loadline run or loadline profile, and name the run or profile with --run or --profile.`;
    }
  }
}

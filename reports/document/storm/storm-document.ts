/** A simulated storm as a document: the input, the results and the assumptions. Says "simulated" first. */
import type { BackOff } from '../../../aws/back-off.ts';
import { type QuotaId, quotaFact, quotaName } from '../../../aws/quotas/table.ts';
import type {
  FanOutResult,
  Milestones,
  ReconnectResult,
  StormResult,
  StormSpec,
  WebhookResult,
} from '../../../capacity/storm/spec.ts';
import { approx, count, percent, plural } from '../../analysis/numbers.ts';
import { type Block, charts, type Document, list, paragraph, type Section } from '../document.ts';
import { sentences } from '../sections.ts';
import { caseName, policyName, type StormCase, seconds } from './storm-case.ts';
import { stormCharts } from './storm-charts.ts';
import { stormTiles } from './storm-tiles.ts';

export type { StormCase } from './storm-case.ts';

/** The quota's name and code. */
function nameOf(id: QuotaId): string {
  const { code } = quotaFact(id);
  return code === null ? quotaName(id) : `${quotaName(id)} (${code})`;
}

/** `notes`: where the figures come from. */
export function stormDocument(cases: readonly StormCase[], notes: readonly string[]): Document {
  return {
    title: 'Simulated storm',
    verdict: {
      tone: 'near',
      lead: 'SIMULATED',
      sentence: `SIMULATED: ${answerOf(cases)} Nothing was run or measured.`,
    },
    tiles: stormTiles(cases),
    sections: [
      { id: 'over-time', title: 'Over time', blocks: charts(...stormCharts(cases)), onPage: true },
      ...cases.flatMap(caseSections),
      { id: 'assumptions', title: 'Assumptions', blocks: list(sentences(notes)) },
    ],
    footer: 'No load was applied.',
  };
}

/** `all 10,000 clients are back after 3 min (180 s) with full jitter, only 51 within 240 min (14,400 s) with no jitter.` */
function answerOf(cases: readonly StormCase[]): string {
  const [first] = cases;
  if (first?.spec.clients) {
    const isAll = cases.some(({ result }) => result.clients?.recoveredAtSeconds.all != null);
    const each = cases.map((storm, n) => {
      const { simulatedSeconds, clients } = storm.result;
      const at = clients?.recoveredAtSeconds.all ?? null;
      if (at !== null) return `after ${seconds(at)} with ${caseName(storm)}`;
      const back = count(clients?.reconnected ?? 0);
      const who = isAll ? `only ${back}` : n === 0 ? `${back} are back` : back;
      return `${who} within ${seconds(simulatedSeconds)} with ${caseName(storm)}`;
    });
    const clients = plural(first.result.clients?.count ?? 0, 'client');
    return `${isAll ? `all ${clients} are back ` : `of ${clients}, `}${each.join(', ')}.`;
  }
  if (first?.result.webhooks) return `${webhooksTitle(first.result.webhooks)}.`;
  const late = first?.result.fanOut?.late ?? 0;
  return late === 0 ? 'every tab has the event in time.' : `${plural(late, 'tab')} have the event too late, or never.`;
}

function caseSections(storm: StormCase, i: number, all: readonly StormCase[]): Section[] {
  const { spec, result } = storm;
  return [
    ...(spec.clients && result.clients
      ? [
          {
            id: `clients-${i + 1}`,
            title: clientsTitle(spec.clients.backOff, result.clients),
            blocks: clientSentences(result.clients, result).map(paragraph),
          },
        ]
      : []),
    ...(result.webhooks
      ? [
          {
            id: `webhooks-${i + 1}`,
            title: webhooksTitle(result.webhooks),
            blocks: webhookSentences(result.webhooks, spec, result).map(paragraph),
          },
        ]
      : []),
    ...(spec.fanOut && result.fanOut
      ? [
          {
            id: `fan-out-${i + 1}`,
            title: `One event to ${plural(result.fanOut.tabs, 'tab')} within ${seconds(spec.fanOut.deadlineMs / 1_000)}`,
            blocks: fanOutSentences(result.fanOut, spec, result).map(paragraph),
          },
        ]
      : []),
    {
      id: `limits-${i + 1}`,
      title: all.length > 1 ? `Limits, ${caseName(storm)}` : 'Limits',
      blocks: limitBlocks(result),
    },
  ];
}

function clientsTitle({ jitter, baseMs, capMs }: BackOff, { count: clients }: ReconnectResult): string {
  return `${plural(clients, 'client')}, back-off ${approx(baseMs / 1_000)} s doubling to ${approx(capMs / 1_000)} s, ${policyName(jitter)}`;
}

/** "half after 9.5 s, 90% after 18 s, …"; `never`: what is said of those that were not reached. */
function milestones({ half, most, nearlyAll, all }: Milestones, never: string): string {
  const at = (value: number | null) => (value === null ? never : `after ${seconds(value)}`);
  return `half ${at(half)}, 90% ${at(most)}, 99% ${at(nearlyAll)}, all ${at(all)}`;
}

function clientSentences(clients: ReconnectResult, result: StormResult): string[] {
  const { recovery, floorSeconds } = clients;
  const end = clients.pending > 0 ? `not within ${seconds(result.simulatedSeconds)}` : 'never';
  const busiest = result.seconds.reduce((a, b) => (b.attempts > a.attempts ? b : a), { second: 0, attempts: 0 });
  const ofThose = clients.reconnected < clients.count ? `, of the ${count(clients.reconnected)} that are back` : '';
  return [
    `Reconnected: ${milestones(clients.recoveredAtSeconds, end)}.`,
    ...(floorSeconds > 0
      ? [`No back-off can be faster than ${seconds(floorSeconds)}: that is how fast the quota admits new connections.`]
      : []),
    ...(recovery
      ? [
          `Time from loss to reconnection${ofThose}: p50 ${seconds(recovery.p50Seconds)}, p99 ${seconds(recovery.p99Seconds)}.`,
        ]
      : []),
    `${plural(clients.attempts, 'attempt')}: ${approx(clients.attempts / clients.count)} per client on average, at most ${clients.maxAttemptsOfAClient}; ${count(busiest.attempts)} in the busiest second, ${busiest.second} s after the start.`,
    ...(clients.gaveUp > 0 ? [`${plural(clients.gaveUp, 'client')} gave up.`] : []),
    ...(clients.pending > 0
      ? [`${plural(clients.pending, 'client')} ${clients.pending === 1 ? 'was' : 'were'} still trying at the end.`]
      : []),
    ...(clients.timedOut > 0
      ? [`${plural(clients.timedOut, 'handshake')} took longer than the client’s timeout.`]
      : []),
    ...(clients.disconnectsLost > 0
      ? [
          `${plural(clients.disconnectsLost, '$disconnect event')} ${clients.disconnectsLost === 1 ? 'was' : 'were'} throttled and lost (${percent(clients.disconnectsLost / clients.count)}): the rows stay until a push finds the connection gone, or until their TTL.`,
        ]
      : []),
  ];
}

const webhooksTitle = ({ count: all, delivered, lost, deadLettered, pending }: WebhookResult): string =>
  `${plural(all, 'webhook')}: ${count(delivered)} delivered, ${count(lost)} lost, ${deadLettered > 0 ? `${count(deadLettered)} dead-lettered, ` : ''}${count(pending)} pending`;

function webhookSentences(webhooks: WebhookResult, spec: StormSpec, { functions }: StormResult): string[] {
  const { delivery, drainedAtSeconds, accepted, receives, downstream, deadLettered } = webhooks;
  const invocations = functions[spec.functions.consumer?.id ?? '']?.invocations ?? 0;
  return [
    ...(delivery
      ? [
          `From the provider’s first attempt to the push: p50 ${seconds(delivery.p50Seconds)}, p99 ${seconds(delivery.p99Seconds)}, at most ${seconds(delivery.maxSeconds)}.`,
        ]
      : []),
    `Queue: at most ${plural(webhooks.peakQueued, 'message')}, the oldest ${seconds(webhooks.peakAgeSeconds)} old${drainedAtSeconds === null ? '' : `; the last was delivered after ${seconds(drainedAtSeconds)}`}.`,
    ...(webhooks.retries > 0
      ? [`${plural(webhooks.retries, 'retry', 'retries')} by the provider after a refusal.`]
      : []),
    ...(receives > accepted
      ? [
          `${plural(accepted, 'message')} became ${plural(receives, 'receive')} (${approx(receives / accepted)} each) and ${plural(invocations, 'invocation')}${webhooks.delivered === 0 ? ', without one success' : ''}.`,
        ]
      : []),
    ...(downstream
      ? [
          `Downstream: ${plural(downstream.calls, 'call')}, ${count(downstream.refused)} refused (${percent(downstream.refused / Math.max(1, downstream.calls))}).`,
        ]
      : []),
    ...(deadLettered > 0 ? deadLetterSentences(webhooks, spec) : []),
  ];
}

function deadLetterSentences({ deadLettered, deadLetteredWithoutRun }: WebhookResult, spec: StormSpec): string[] {
  const reserved = spec.functions.consumer?.reservedConcurrency ?? null;
  return [
    `${plural(deadLettered, 'message')} went to the dead-letter queue after ${spec.queue.maxReceiveCount ?? 0} receives.`,
    ...(deadLetteredWithoutRun > 0
      ? [
          `${count(deadLetteredWithoutRun)} of them without a single run: each receive was throttled until its visibility timeout. Set the event source’s MaximumConcurrency to at most ${reserved === null ? 'what the account’s concurrency leaves to the function' : `the ${count(reserved)} executions that are reserved`}, or raise these and maxReceiveCount.`,
        ]
      : []),
  ];
}

function fanOutSentences(fanOut: FanOutResult, spec: StormSpec, result: StormResult): string[] {
  const { accountThrottle } = spec.quotas;
  const { tabs, late, neededPerSecond, throttleSeconds, floorSeconds } = fanOut;
  return [
    `Pushed: ${milestones(fanOut.pushedAtSeconds, `not within ${seconds(result.simulatedSeconds)}`)}.`,
    late === 0 ? 'All of them in time.' : `${plural(late, 'tab')} (${percent(late / tabs)}) had it too late, or never.`,
    ...(neededPerSecond === null
      ? []
      : [
          `The deadline asks for ${approx(neededPerSecond)} @connections calls a second, ${percent(neededPerSecond / accountThrottle.ratePerSecond)} of the account’s throttle (${nameOf('accountThrottle')}, ${count(accountThrottle.ratePerSecond)}/s).`,
        ]),
    `One such event needs the whole throttle for ${seconds(throttleSeconds)}: nothing else of the account’s APIs in the Region gets through meanwhile.`,
    ...(floorSeconds > 0 ? [`No sender can be faster than ${seconds(floorSeconds)}.`] : []),
  ];
}

function limitBlocks({ limits, finished, simulatedSeconds, peakConcurrency }: StormResult): Block[] {
  const reached = limits.map(({ limit, refusals, seconds: during }) => {
    const waited = limit === 'pollerMaxConcurrency' ? 'the queue waited' : 'pushes waited';
    const effect = refusals === 0 ? waited : plural(refusals, 'refusal');
    return `${nameOf(limit)}: ${effect} during ${plural(during, 'second')}`;
  });
  return [
    ...(reached.length === 0 ? [paragraph('No limit was reached.')] : list(sentences(reached))),
    paragraph(`Concurrent executions: at most ${count(peakConcurrency)}.`),
    ...(finished
      ? []
      : [
          paragraph(`Not finished after ${seconds(simulatedSeconds)} of virtual time: raise --horizon to see the end.`),
        ]),
  ];
}

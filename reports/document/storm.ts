/** A simulated storm in words: what was asked, what came of it, what it rests on. Says "simulated" first. */
import type { BackOff } from '../../capacity/storm/back-off.ts';
import type { Limit, ReconnectResult, StormResult, StormSpec, WebhookResult } from '../../capacity/storm/spec.ts';
import { approx, count, percent, plural } from '../analysis/numbers.ts';

/** A storm with one way of backing off. */
export interface StormCase {
  spec: StormSpec;
  result: StormResult;
}

const limitNames: Record<Limit, string> = {
  newConnections: 'new connections per second (L-9ED1E49A)',
  accountThrottle: "the account's throttle (L-8A5B8E43)",
  webSocketThrottle: "the WebSocket stage's throttle",
  webhookThrottle: "the webhook stage's throttle",
  tableWrites: "the table's write units",
  lambdaConcurrency: 'Lambda concurrency (L-B99A9384 or reserved)',
  lambdaScaling: "the growth of a function's environments (1,000 per 10 s)",
  lambdaRequestRate: 'Lambda requests per second (10 × concurrency)',
  pollerConcurrency: "the queue's pollers",
};

const seconds = (value: number): string =>
  value < 120 ? `${approx(value)} s` : `${approx(value / 60)} min (${count(value)} s)`;

/** The text of `loadline storm`. `notes`: where the figures come from. */
export function renderStorm(cases: readonly StormCase[], notes: readonly string[]): string {
  return [
    'SIMULATED: quotas, back-off, Lambda, pollers and queue in virtual time. Nothing was run, nothing measured.',
    ...cases.flatMap((each) => ['', ...caseLines(each)]),
    '',
    'What it rests on',
    ...notes.map((note) => `  - ${note}`),
    '',
  ].join('\n');
}

function caseLines({ spec, result }: StormCase): string[] {
  return [
    ...(spec.clients && result.clients ? clientLines(spec.clients.backOff, result.clients, result) : []),
    ...(result.webhooks ? webhookLines(result.webhooks) : []),
    ...(result.finished
      ? []
      : [`  Not over after ${seconds(result.simulatedSeconds)} of virtual time: raise --horizon to see the end.`]),
    ...limitLines(result),
    `  Concurrent executions: ${count(result.peakConcurrency)} at the most.`,
  ];
}

function clientLines(backOff: BackOff, clients: ReconnectResult, result: StormResult): string[] {
  const { recovery, recoveredAtSeconds: at, floorSeconds } = clients;
  const end = clients.pending > 0 ? `not within ${seconds(result.simulatedSeconds)}` : 'never';
  const [half, most, nearlyAll, all] = [at.half, at.most, at.nearlyAll, at.all].map((value) =>
    value === null ? end : `after ${seconds(value)}`,
  );
  const policy = backOff.jitter === 'none' ? 'no jitter' : `${backOff.jitter} jitter`;
  const busiest = result.seconds.reduce((a, b) => (b.attempts > a.attempts ? b : a), { second: 0, attempts: 0 });
  return [
    `${plural(clients.count, 'client')}, back-off ${approx(backOff.baseMs / 1_000)} s doubling to ${approx(backOff.capMs / 1_000)} s, ${policy}`,
    `  Connected again: half ${half}, 90% ${most}, 99% ${nearlyAll}, all ${all}.`,
    ...(floorSeconds > 0
      ? [`  No back-off is faster than ${seconds(floorSeconds)}: the quota of new connections lets in no more.`]
      : []),
    ...(recovery
      ? [
          `  Those that came back were away for ${seconds(recovery.p50Seconds)} (p50), ${seconds(recovery.p99Seconds)} (p99).`,
        ]
      : []),
    `  Attempts: ${count(clients.attempts)}, ${approx(clients.attempts / clients.count)} a client, ${clients.maxAttemptsOfAClient} at the most; ${count(busiest.attempts)} of them in the busiest second, ${busiest.second} s after the start.`,
    ...(clients.gaveUp > 0 ? [`  ${plural(clients.gaveUp, 'client')} gave up.`] : []),
    ...(clients.pending > 0 ? [`  ${plural(clients.pending, 'client')} still trying at the end.`] : []),
    ...(clients.timedOut > 0
      ? [`  ${plural(clients.timedOut, 'handshake')} lasted longer than its client waits.`]
      : []),
    ...(clients.disconnectsLost > 0
      ? [
          `  ${plural(clients.disconnectsLost, '$disconnect event')} throttled and lost (${percent(clients.disconnectsLost / clients.count)}): the rows stay until a push finds them gone, or their TTL.`,
        ]
      : []),
  ];
}

function webhookLines(webhooks: WebhookResult): string[] {
  const { delivery, drainedAtSeconds } = webhooks;
  return [
    `${plural(webhooks.count, 'webhook')}: ${count(webhooks.delivered)} delivered, ${count(webhooks.lost)} lost, ${count(webhooks.pending)} pending`,
    ...(delivery
      ? [
          `  From the provider's first try to the push: ${seconds(delivery.p50Seconds)} (p50), ${seconds(delivery.p99Seconds)} (p99), ${seconds(delivery.maxSeconds)} (longest).`,
        ]
      : []),
    `  Queue: ${count(webhooks.peakQueued)} messages at the most, the oldest ${seconds(webhooks.peakAgeSeconds)} old${drainedAtSeconds === null ? '' : `; the last is delivered after ${seconds(drainedAtSeconds)}`}.`,
    ...(webhooks.retries > 0
      ? [`  ${plural(webhooks.retries, 'retry', 'retries')} of the provider after a refusal.`]
      : []),
  ];
}

function limitLines({ limits }: StormResult): string[] {
  if (limits.length === 0) return ['  No limit was felt.'];
  return [
    '  Limits, felt longest first:',
    ...limits.map(({ limit, refusals, seconds: felt }) => {
      const what = limit === 'pollerConcurrency' ? 'the queue waited for them' : plural(refusals, 'refusal');
      return `    ${limitNames[limit]}: ${what}, in ${plural(felt, 'second')}`;
    }),
  ];
}

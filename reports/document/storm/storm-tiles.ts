/** What a storm comes to, as tiles. */
import { quotaFact, quotaName } from '../../../aws/quotas/table.ts';
import { approx, count, plural } from '../../analysis/numbers.ts';
import type { Tile } from '../document.ts';
import { caseName, type StormCase, seconds } from './storm-case.ts';

export function stormTiles(cases: readonly StormCase[]): Tile[] {
  const [first] = cases;
  if (first === undefined) return [];
  return [
    {
      id: 'storm',
      name: 'Simulated',
      value: whatOf(first),
      detail: 'Quotas, back-off, Lambda, pollers and queue in virtual time. Nothing was run.',
    },
    backTile(cases),
    limitTile(first),
    loadTile(cases),
    nextTile(cases),
  ];
}

function whatOf({ spec: { clients, webhooks, fanOut } }: StormCase): string {
  const parts = [
    ...(clients ? [plural(clients.count, 'client')] : []),
    ...(webhooks ? [plural(webhooks.count, 'webhook')] : []),
    ...(fanOut ? [plural(fanOut.tabs, 'tab')] : []),
  ];
  return parts.join(', ');
}

/** When all is over. */
const overAt = ({ result }: StormCase): number | null => {
  const { clients, webhooks, fanOut } = result;
  const times = [
    ...(clients ? [clients.recoveredAtSeconds.all] : []),
    ...(webhooks ? [webhooks.drainedAtSeconds] : []),
    ...(fanOut ? [fanOut.pushedAtSeconds.all] : []),
  ];
  return times.includes(null) ? null : Math.max(0, ...times.map((time) => time ?? 0));
};

function backTile(cases: readonly StormCase[]): Tile {
  const [first, ...others] = cases as [StormCase, ...StormCase[]];
  const at = overAt(first);
  const said = (time: number | null) => (time === null ? 'never' : `after ${seconds(time)}`);
  const name = first.result.clients ? 'All are back' : first.result.webhooks ? 'All is delivered' : 'All have it';
  return {
    ...{ id: 'over', name, anchor: 'over-time' },
    value: at === null ? 'Never' : said(at).replace('after', 'After'),
    detail: [
      ...(first.spec.clients ? [`with ${caseName(first)}`] : []),
      ...others.map((storm) => `with ${caseName(storm)} ${said(overAt(storm))}`),
    ].join('; '),
    tone: at === null ? 'bad' : 'good',
  };
}

function limitTile({ result }: StormCase): Tile {
  const about = { id: 'limit', name: 'What limits it', anchor: 'limits-1' };
  const [limit] = result.limits;
  if (limit === undefined) return { ...about, value: 'Nothing', detail: 'No limit was reached.', tone: 'good' };
  const effect = limit.refusals === 0 ? 'what came had to wait' : plural(limit.refusals, 'refusal');
  return {
    ...about,
    value: quotaName(limit.limit),
    detail: `${quotaFact(limit.limit).code ?? 'not a quota of the account'}: ${effect} during ${plural(limit.seconds, 'second')}`,
    tone: 'near',
  };
}

function loadTile(cases: readonly StormCase[]): Tile {
  const [first] = cases as [StormCase];
  const { clients, webhooks, fanOut, seconds: each } = first.result;
  if (clients) {
    const busiest = each.reduce((max, { attempts }) => Math.max(max, attempts), 0);
    return {
      ...{ id: 'load', name: 'It takes', anchor: 'over-time' },
      value: `${approx(clients.attempts / Math.max(1, clients.count))} attempts a client`,
      detail: `${count(clients.attempts)} in all, ${count(busiest)} in the busiest second`,
    };
  }
  if (webhooks)
    return {
      ...{ id: 'load', name: 'At the worst', anchor: 'over-time' },
      value: plural(webhooks.peakQueued, 'message'),
      detail: `in the queue, the oldest ${seconds(webhooks.peakAgeSeconds)} old; ${count(webhooks.lost)} lost, ${count(webhooks.deadLettered)} dead-lettered`,
      ...(webhooks.lost + webhooks.deadLettered > 0 && { tone: 'bad' as const }),
    };
  const late = fanOut?.late ?? 0;
  return {
    ...{ id: 'load', name: 'Too late', anchor: 'over-time' },
    value: late === 0 ? 'None' : plural(late, 'tab'),
    detail: `of ${count(fanOut?.tabs ?? 0)}`,
    tone: late === 0 ? 'good' : 'bad',
  };
}

function nextTile(cases: readonly StormCase[]): Tile {
  const about = { id: 'next', name: 'Do next' };
  const [first] = cases as [StormCase];
  const ranked = cases.toSorted((a, b) => awaySecondsOf(a) - awaySecondsOf(b));
  const [best] = ranked;
  const worst = ranked.at(-1);
  if (best && worst && cases.length > 1 && awaySecondsOf(worst) > 1.05 * awaySecondsOf(best))
    return {
      ...about,
      value: `Use ${caseName(best)}`,
      detail: `${capitalised(courseOf(best))}; with ${caseName(worst)} ${courseOf(worst)}.`,
    };
  const { webhooks } = first.result;
  if (webhooks && webhooks.deadLettered + webhooks.lost > 0)
    return {
      ...about,
      value: 'Keep the webhooks',
      detail: `${count(webhooks.lost + webhooks.deadLettered)} of them do not arrive: see what to raise below.`,
      anchor: 'webhooks-1',
      tone: 'bad',
    };
  const [limit] = first.result.limits;
  if (limit === undefined) return { ...about, value: 'Nothing', detail: 'No limit was reached.', tone: 'good' };
  const code = quotaFact(limit.limit).code;
  return {
    ...about,
    value: code === null ? 'Raise it, or spread' : `Raise ${code}, or spread`,
    detail: `${quotaName(limit.limit)} sets the pace: more of it, or the load over a longer time, changes the result.`,
  };
}

/** What clients lose, each: the time until all are back may be that of one of them. Of other storms the time until all is over. */
function awaySecondsOf(storm: StormCase): number {
  const over = overAt(storm);
  const { clients, seconds: each } = storm.result;
  if (over === null) return Number.POSITIVE_INFINITY;
  if (!clients || clients.count === 0) return over;
  return each.reduce((sum, { connected }) => sum + Math.max(0, clients.count - connected), 0) / clients.count;
}

function courseOf(storm: StormCase): string {
  const { half } = storm.result.clients?.recoveredAtSeconds ?? { half: null };
  const over = overAt(storm);
  const end = over === null ? 'never all' : `all after ${seconds(over)}`;
  return half === null ? end : `half after ${seconds(half)}, ${end}`;
}

const capitalised = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

/** The report's tables as words, once for Markdown and HTML alike. */
import type { Cost } from '../../capacity/cost/cost.ts';
import type { HeadroomCell, HeadroomRow } from '../analysis/headroom-table.ts';
import type { LatencySummary, PercentileMs } from '../analysis/latency.ts';
import type { Outcomes } from '../analysis/ledger.ts';
import { approx, count, dollars, milliseconds, percent, plural, quantity, utc } from '../analysis/numbers.ts';
import type { Report } from '../report.ts';

export interface Table {
  id: string;
  caption: string;
  /** The first column names the row; `numeric` columns are right-aligned. */
  columns: { name: string; numeric: boolean }[];
  rows: Cell[][];
  /** Sentences below the table. */
  notes: string[];
}

export interface Cell {
  text: string;
  /** How a reader should feel about it; never told by colour alone. */
  tone?: 'good' | 'near' | 'bad' | 'muted';
  /** More about the cell, in smaller print. */
  detail?: string;
  /** 0 to 1, drawn as a bar behind the text. */
  bar?: number;
}

const words = (name: string) => ({ name, numeric: false });
const figure = (name: string) => ({ name, numeric: true });

export function sloTableOf({ slo }: Report): Table {
  return {
    id: 'slo',
    caption: 'Service level objective',
    columns: [words('objective'), figure('measured'), figure('allowed'), words('')],
    rows: slo.map(({ name, unit, measured, limit, kept, tooFewSamples }) => {
      const show = unit === 'ms' ? milliseconds : percent;
      return [
        { text: name },
        measured === null
          ? { text: 'not measured', tone: 'muted' }
          : { text: show(measured) + (tooFewSamples ? ' *' : '') },
        { text: show(limit) },
        kept === null
          ? { text: 'not judged', tone: 'muted' }
          : kept
            ? { text: 'kept', tone: 'good' }
            : { text: 'broken', tone: 'bad' },
      ];
    }),
    notes: slo.some(({ tooFewSamples }) => tooFewSamples) ? [tooFewNote] : [],
  };
}

const tooFewNote = '* Too few samples for this percentile at 95% confidence (p95 needs 59, p99 299, p99.9 2,995).';

export function latencyTableOf({ latency }: Report): Table {
  const show = (percentile: PercentileMs | undefined): Cell =>
    percentile
      ? { text: milliseconds(percentile.ms) + (percentile.tooFewSamples ? ' *' : '') }
      : { text: '–', tone: 'muted' };
  const line = (name: string, meaning: string, summary: LatencySummary | null): Cell[] => [
    { text: name, detail: meaning },
    summary ? { text: count(summary.samples) } : { text: 'none', tone: 'muted' },
    ...(['p50', 'p90', 'p99', 'p999', 'max'] as const).map((at) => show(summary?.[at])),
  ];
  const latencies = latency.filter(({ kind }) => kind === 'latency');
  const service = latency.filter(({ kind }) => kind === 'serviceTime');
  return {
    id: 'latency',
    caption: 'Latency from the intended time',
    columns: [
      words(''),
      figure('samples'),
      figure('p50'),
      figure('p90'),
      figure('p99'),
      figure('p99.9'),
      figure('max'),
    ],
    rows: [
      ...latencies.flatMap(({ id, name, meaning, steady, run }) =>
        // Connects come before the steady state; the rest is judged in it.
        id === 'connect'
          ? [line(name, `${meaning}, whole run`, run)]
          : [line(name, `${meaning}, steady state`, steady)],
      ),
      ...latencies.filter(({ id }) => id !== 'connect').map(({ name, run }) => line(`${name}, whole run`, '', run)),
      ...service.map(({ name, meaning, steady }) =>
        line(`${name} (not a latency)`, `${meaning}, steady state`, steady),
      ),
    ],
    notes: [tooFewNote],
  };
}

/** Of a report of a run, or of a plan without one. */
type HeadroomPart = Pick<Report, 'headroom'> & { run: { target: { kind: 'local' | 'aws' | 'endpoint' } } | null };

/** Two tables: what users use up, and the sizes and timeouts that they don't. */
export function headroomTablesOf(report: HeadroomPart): Table[] {
  if (report.headroom.length === 0) return [];
  const modelled = report.run?.target.kind === 'aws' ? '' : ', modelled on AWS';
  const growing = report.headroom.filter(({ grows }) => grows);
  const fixed = report.headroom.filter(({ grows }) => !grows);
  return [
    headroomTableOf(
      { id: 'headroom', caption: `Quotas by headroom${modelled}`, withRun: report.run !== null },
      growing,
      [
        'Each cell: share of the quota in use, and the demand in the limit’s unit. Headroom = 1 − demand / quota.',
        'A burst over a bucket’s rate is held against rate + burst / duration, what a full bucket carries.',
        'Limits are AWS’s documented defaults unless the row says otherwise; report.json names each one’s source and the date it was read.',
      ],
    ),
    headroomTableOf(
      { id: 'sizes', caption: `Sizes, timeouts and single keys${modelled}`, withRun: report.run !== null },
      fixed,
      ['More users don’t use these up; they bind only once exceeded.'],
    ),
  ];
}

function headroomTableOf(
  { id, caption, withRun }: { id: string; caption: string; withRun: boolean },
  rows: readonly HeadroomRow[],
  notes: string[],
): Table {
  const later = rows[0]?.later ?? [];
  return {
    id,
    caption,
    columns: [
      words('quota'),
      figure('limit'),
      figure('plan today'),
      ...later.map(({ label, date }) => figure(`${label}, ${date}`)),
      ...(withRun ? [figure('this run')] : []),
    ],
    rows: rows.map((row) => [
      { text: row.name, detail: originOf(row) },
      { text: count(row.limit), detail: row.unit + (row.burst === null ? '' : `, burst ${count(row.burst)}`) },
      usedCell(row.today, row),
      ...row.later.map(({ cell }) => usedCell(cell, row)),
      ...(withRun ? [usedCell(row.run, row)] : []),
    ]),
    notes,
  };
}

function originOf({ code, limitFrom, adjustable }: HeadroomRow): string {
  const from = {
    default: null,
    region: 'default of the Region',
    plan: 'from the plan',
    setting: 'setting of the stack',
    derived: 'follows from another quota',
  }[limitFrom];
  const raise = { yes: 'can be raised', no: 'fixed', setting: from === null ? 'can be set' : null }[adjustable];
  return [code, from, raise].filter((part) => part !== null).join(' · ');
}

function usedCell(cell: HeadroomCell, { unit, limit }: HeadroomRow): Cell {
  if (cell.kind === 'unknown') return { text: 'unknown', tone: 'muted', detail: cell.reason };
  const tone = cell.utilisation > 1 ? 'bad' : cell.utilisation > 0.7 ? 'near' : 'good';
  const burst = cell.basis === 'burst' ? ' in a burst' : '';
  const risen = cell.basis === 'sustained' && cell.limit > limit ? ` of ${quantity(cell.limit, unit)}` : '';
  const throttled =
    cell.utilisation > 1 && cell.secondsToThrottle !== null
      ? `, throttled after ${quantity(cell.secondsToThrottle, 's')}`
      : '';
  const mark = cell.utilisation > 1 ? ' exceeded' : '';
  return {
    text: percent(cell.utilisation) + mark,
    tone,
    detail: `${quantity(cell.demand, unit)}${burst}${risen}${throttled}`,
    bar: Math.min(1, cell.utilisation),
  };
}

const growthSources = {
  stated: 'the plan’s own figures, so they have no interval.',
  fitted: 'the growth is fitted to the plan’s history, whose scatter makes the intervals.',
  notDetectable: 'the plan’s history shows no growth that could be told from none, so only the stages count.',
} as const;

export function projectionTableOf({ projection }: Pick<Report, 'projection'>): Table | null {
  if (!projection) return null;
  return {
    id: 'projection',
    caption: `Until when each quota lasts${projection.modelled ? ', modelled' : ''}`,
    columns: [words('quota'), words('runs out'), words('stage'), figure('in use then')],
    rows: projection.exhaustions
      .filter(({ kind }) => kind !== 'unknown')
      .map((each) => {
        const name: Cell = { text: each.name, detail: each.code ?? '' };
        if (each.kind === 'at')
          return [
            name,
            {
              text: each.months <= 0 ? `${each.date}: exceeded already` : each.date,
              detail: [
                each.interval &&
                  `95%: ${each.interval.earliest.date} to ${each.interval.latest?.date ?? 'beyond the horizon'}`,
                each.askBy && `ask AWS by ${each.askBy}`,
              ]
                .filter(Boolean)
                .join('; '),
              tone: 'bad',
            },
            { text: each.stage ?? '–' },
            { text: percent(each.utilisation) },
          ];
        const atEnd = each.kind === 'unknown' ? 0 : each.utilisationAtEnd;
        return [
          name,
          each.kind === 'growthNotDetectable'
            ? { text: 'growth not detectable', detail: each.reason }
            : { text: `not within ${projection.horizonMonths} months`, tone: 'good' },
          { text: '–', tone: 'muted' },
          { text: percent(atEnd) },
        ];
      }),
    notes: [
      `Users grow by ${percent(projection.growthPerMonth)} a month from ${projection.asOf}, times the share of each rollout stage: ${growthSources[projection.growth]} A quota that has not run out shows its use at the end of the horizon.`,
    ],
  };
}

export function costTableOf({ cost }: Pick<Report, 'cost'>): Table | null {
  const [first] = cost;
  if (!first) return null;
  const amounts = (pick: (each: Cost) => string): Cell[] => cost.map((each) => ({ text: pick(each.cost) }));
  const perUser = (each: Cost) => (each.usdPerUserMonth === null ? '–' : dollars(each.usdPerUserMonth));
  const perPush = (each: Cost) => (each.usdPerMillionPushes === null ? '–' : dollars(each.usdPerMillionPushes));
  return {
    id: 'cost',
    caption: `Cost a month on AWS, ${first.cost.region}, modelled`,
    columns: [words('component'), ...cost.map(({ label, date }) => figure(`${label}, ${date}`))],
    rows: [
      ...first.cost.components.map(({ id, name, unit, priceDate }) => [
        { text: name, detail: `per ${unit}; price of ${priceDate}` },
        ...cost.map(({ cost: each }): Cell => {
          const amount = each.components.find((component) => component.id === id)?.amount;
          return amount?.kind === 'value'
            ? { text: dollars(amount.usdPerMonth), detail: approx(amount.quantityPerMonth) }
            : { text: 'unknown', tone: 'muted', detail: amount?.reason ?? '' };
        }),
      ]),
      [{ text: 'total' }, ...amounts((each) => dollars(each.usdPerMonth) + (each.complete ? '' : ' and the unknown'))],
      [{ text: 'per user' }, ...amounts(perUser)],
      [{ text: 'per million pushes' }, ...amounts(perPush)],
    ],
    notes: first.cost.assumptions,
  };
}

const deeds = { ask: 'ask AWS', set: 'set', keep: 'keep', unknown: 'unknown' } as const;

export function recommendationTableOf({ recommendations }: Pick<Report, 'recommendations'>): Table | null {
  if (recommendations.length === 0) return null;
  const show = (value: number | string | null) => (typeof value === 'number' ? approx(value) : (value ?? '–'));
  return {
    id: 'recommendations',
    caption: 'What to set and what to ask for',
    columns: [words('recommendation'), words(''), figure('value'), figure('present')],
    rows: recommendations.map(({ action, kind, value, unit, present, code, by, calculation }) => [
      { text: action, detail: calculation },
      {
        text: deeds[kind],
        ...(kind === 'unknown' && { tone: 'muted' as const }),
        ...(kind === 'ask' && { tone: 'near' as const }),
        detail: [code, by && `by ${by}`].filter(Boolean).join(', '),
      },
      { text: show(value), detail: value === null ? '' : unit },
      { text: show(present) },
    ]),
    notes: ['Each from the plan’s busiest day within its horizon; concurrency by Little’s law with L + 3·√L.'],
  };
}

export function eventTableOf({ ledger }: Report): Table | null {
  if (!ledger) return null;
  const { events, pushes, replays } = ledger;
  const known = (value: number | null): Cell =>
    value === null ? { text: 'unknown', tone: 'muted' } : { text: count(value) };
  return {
    id: 'ledger',
    caption: 'Ledger of events: accepted = delivered + offline + dead-lettered + in flight',
    columns: [words(''), figure('events')],
    rows: [
      [{ text: 'accepted', detail: 'distinct event ids answered 200' }, { text: count(events.accepted) }],
      [{ text: 'delivered', detail: 'at least one push arrived' }, { text: count(events.delivered) }],
      [
        {
          text: 'offline',
          detail: events.confirmed
            ? `counted by the stack; the client expected ${count(events.offlineByClient)}`
            : 'the client’s count, not confirmed by the stack',
        },
        { text: count(events.offline) },
      ],
      [{ text: 'dead-lettered' }, known(events.deadLettered)],
      [{ text: 'in flight', detail: 'still in the queue at the end' }, known(events.inFlight)],
      ...(events.unattributed > 0
        ? [
            [
              {
                text: 'unattributed',
                detail: 'more came out: unanswered posts that were queued, replays left in the queue',
              },
              { text: count(events.unattributed) },
            ],
          ]
        : []),
      [
        { text: 'lost', detail: 'the rest' },
        { text: count(events.lost), tone: events.lost === 0 ? 'good' : 'bad' },
      ],
    ],
    notes: [
      `Pushes: ${count(pushes.delivered)} of ${count(pushes.expected)} expected arrived (missing ${count(pushes.missing)}, late ${count(pushes.late)}), ${count(pushes.duplicate)} duplicates, ${count(pushes.unexpected)} unexpected, ${count(pushes.ofUnaccepted)} for posts not counted as accepted. ${count(pushes.eventsDeliveredToAll)} events reached every connection of their owner.`,
      `Replays: ${count(replays.accepted)} of ${count(replays.posted)} posts of an id already posted were accepted; they are no new events.`,
    ],
  };
}

type LedgerOfRun = NonNullable<Report['ledger']>;

function fanOutNotes({ fanOut }: LedgerOfRun): string[] {
  if (fanOut === null) return [];
  const { expected, delivered, missing, late, duplicate, unexpected, reordered } = fanOut;
  return [
    `Fan-out: ${count(delivered)} of ${count(expected)} messages to subscribers arrived (missing ${count(missing)}, late ${count(late)}), ${count(duplicate)} duplicates, ${count(unexpected)} unexpected, ${count(reordered)} out of order.`,
  ];
}

function recoveryNotes({ recoveries }: LedgerOfRun): string[] {
  if (recoveries === null) return [];
  const { lost, recovered, abandoned, notBack } = recoveries;
  return [
    `Connections lost: ${count(lost)}, of which ${count(recovered)} were open again; ${count(notBack)} were not back at the end, ${plural(abandoned, 'client')} gave up or had tried in vain for longer than a timeout.`,
  ];
}

export function outcomeTableOf({ ledger }: Report): Table | null {
  if (!ledger) return null;
  const line = (name: string, { intended, dropped, started, outcomes, outstanding }: Outcomes): Cell[] => [
    { text: name },
    { text: count(intended) },
    { text: count(dropped) },
    { text: count(started) },
    {
      text: Object.entries(outcomes)
        .filter(([, value], i) => i === 0 || value > 0)
        .map(([outcome, value]) => `${outcome} ${count(value)}`)
        .join(', '),
    },
    { text: count(outstanding), ...(outstanding !== 0 && { tone: 'bad' as const }) },
  ];
  return {
    id: 'outcomes',
    caption: 'Every connect, message and webhook, and how it ended',
    columns: [
      words(''),
      figure('due'),
      figure('dropped'),
      figure('sent'),
      words('outcomes'),
      figure('without outcome'),
    ],
    rows: [
      line('connects', ledger.connects),
      line('messages', ledger.messages),
      line('webhooks', ledger.webhooks),
      ...(ledger.fanOut ? [line('publishes', ledger.fanOut.publishes)] : []),
    ],
    notes: [...fanOutNotes(ledger), ...recoveryNotes(ledger)],
  };
}

export function generatorTableOf({ generator }: Report): Table | null {
  if (!generator) return null;
  const { limits, sentShare } = generator;
  const cell = (value: number | null, show: (value: number) => string): Cell =>
    value === null ? { text: 'not measured', tone: 'muted' } : { text: show(value) };
  return {
    id: 'generator',
    caption: 'The generator’s own health',
    columns: [words(''), figure('measured'), figure('limit')],
    rows: [
      [{ text: 'send lag p99' }, cell(generator.sendLagP99Ms, milliseconds), { text: `${limits.sendLagP99Ms} ms` }],
      [{ text: 'send lag max' }, cell(generator.sendLagMaxMs, milliseconds), { text: '–' }],
      [
        { text: 'event-loop delay p99' },
        cell(generator.loopDelayP99Ms, milliseconds),
        { text: `${limits.loopDelayP99Ms} ms` },
      ],
      [{ text: 'CPU of a thread, mean' }, cell(generator.cpuShare, percent), { text: '–' }],
      [
        { text: `longest stretch over ${percent(limits.cpuShare)} of a core` },
        { text: `${generator.busySeconds} s` },
        { text: `under ${limits.busySeconds} s` },
      ],
      ...(['connects', 'messages', 'webhooks'] as const).map((what) => [
        { text: `${what} sent of those due` },
        cell(sentShare[what], percent),
        { text: `at least ${percent(limits.sentShare)}` },
      ]),
    ],
    notes: [],
  };
}

export function concurrencyTableOf({ concurrency }: Report): Table | null {
  if (concurrency.length === 0) return null;
  const cell = (value: number | null): Cell =>
    value === null ? { text: 'unknown', tone: 'muted' } : { text: approx(value) };
  return {
    id: 'concurrency',
    caption: 'Lambda concurrency in this run: Little’s law against the measured maximum',
    columns: [
      words('function'),
      figure('mean, steady'),
      figure('mean, burst'),
      figure('burst with chance'),
      figure('measured maximum'),
    ],
    rows: concurrency.map(({ role, steady, burst, momentary, measuredMax }) => [
      { text: role },
      ...[steady, burst, momentary, measuredMax].map(cell),
    ]),
    notes: [
      'In executions. Mean L = invocations/s × mean duration; with chance: L + 3·√L, exceeded about 0.1% of the time by random arrivals.',
    ],
  };
}

function targetName({ kind, region }: Report['run']['target']): string {
  switch (kind) {
    case 'local':
      return 'local (this machine)';
    case 'aws':
      return `AWS, ${region}`;
    case 'endpoint':
      return 'an endpoint, seen from outside';
  }
}

/** Facts about the run, name and value. */
export function runFacts({ run }: Report): [string, string][] {
  const { workload: w, target } = run;
  return [
    ['Target', targetName(target)],
    ['Run', run.runId],
    ['Started', utc(run.startedAt)],
    ['Ended', run.endedAt ? utc(run.endedAt) : 'not recorded'],
    [
      'Load',
      `${count(w.connections)} connections at ${quantity(w.connectRatePerSecond, 'connections/s')}; ${quantity(w.messageRatePerSecond, 'messages/s')} of ${count(w.messageBytes)} bytes; ${quantity(w.webhookRatePerSecond, 'webhooks/s')} of ${count(w.webhookBytes)} bytes${w.burst ? `, ${quantity(w.burst.ratePerSecond, 'webhooks/s')} for ${quantity(w.burst.lastsSeconds, 's')}` : ''}; steady for ${quantity(w.steadySeconds, 's')}`,
    ],
    ['Plan', `${run.plan} (${run.planFile})`],
    ['Version', `Loadline ${run.loadlineVersion}${run.commit ? `, commit ${shortCommit(run.commit)}` : ''}`],
  ];
}

/** What the plan's burst does to the queue, in a sentence. */
export function queueBurstSentence({ queueBurst }: Report): string | null {
  if (!queueBurst) return null;
  switch (queueBurst.kind) {
    case 'unknown':
    case 'refused':
      return `What the plan’s webhook burst leaves in the queue is unknown: ${queueBurst.reason}`;
    case 'neverDrains':
      return `The plan’s webhook burst: ${queueBurst.reason}`;
    case 'drains':
      return queueBurst.peakMessages < 1
        ? 'The plan’s webhook burst leaves no backlog today: the pollers keep up from the start.'
        : `The plan’s webhook burst leaves at most ${count(queueBurst.peakMessages)} messages waiting today, the oldest for ${quantity(queueBurst.oldestAgeSeconds, 's')}; empty ${quantity(queueBurst.emptyAtSeconds, 's')} after it began.`;
  }
}

/** A plus at the end says that files differed from the commit. */
const shortCommit = (commit: string): string =>
  commit.slice(0, 7) + (commit.endsWith('+') ? ' with uncommitted changes' : '');

/** What happened when, in lanes below each other, on the time axis of the other charts. */
import { count } from '../../analysis/numbers.ts';
import type { Happening } from '../../analysis/over-time/happenings.ts';
import type { Timeline } from '../../analysis/over-time/timeline.ts';
import { shortened } from '../../analysis/shortened.ts';
import type { LaneChart } from './chart.ts';
import { spansOf } from './timeline.ts';

const tones = {
  refusal: 'bad',
  throttle: 'bad',
  failure: 'bad',
  slow: 'near',
  fault: 'muted',
  generator: 'muted',
} as const;

export function happeningsChart(happenings: readonly Happening[], timeline: Timeline): LaneChart {
  return {
    ...{ kind: 'lanes', id: 'happenings', title: 'What happened, and when' },
    sentence: sentenceOf(happenings),
    x: { name: 'second', scale: 'linear', from: 0, to: Math.max(1, timeline.lastSecond) },
    spans: spansOf(timeline),
    moments: [],
    lanes: happenings.slice(0, mostLanes).map(({ name, kind, spans }) => ({
      ...{ name: shortened(name, 60), tone: tones[kind] },
      spans: drawn(spans, timeline),
    })),
  };
}

/** Below each other; the report's JSON has them all. */
const mostLanes = 12;

/** Stretches that a drawing cannot tell apart are one: of a day's run there are thousands. */
function drawn(spans: Happening['spans'], { lastSecond }: Timeline): Happening['spans'] {
  const all: Happening['spans'] = [];
  for (const { from, to, count: many } of spans) {
    const last = all.at(-1);
    if (last === undefined || from - last.to > lastSecond / mostStretches) all.push({ from, to, count: many });
    else {
      last.to = to;
      last.count = last.count === null && many === null ? null : (last.count ?? 0) + (many ?? 0);
    }
  }
  return all;
}

const mostStretches = 150;

/** The limiting part: what refused, or was throttled, most often. */
const limitingOf = (happenings: readonly Happening[]): Happening | undefined =>
  happenings
    .filter(({ kind }) => kind === 'refusal' || kind === 'throttle')
    .toSorted((a, b) => (b.total ?? 0) - (a.total ?? 0))[0];

/** Where the limiting part limited, to be marked in another chart of the same time. */
export function limitingSpans(happenings: readonly Happening[], timeline: Timeline): LaneChart['spans'] {
  const limiting = limitingOf(happenings);
  if (limiting === undefined) return [];
  return drawn(limiting.spans, timeline).map(({ from, to }) => ({
    name: shortened(limiting.name, 60),
    from,
    to,
    tone: 'bad',
  }));
}

/** The limiting part is what refused most; faults and a late generator are not the target's. */
function sentenceOf(happenings: readonly Happening[]): string {
  if (happenings.length === 0)
    return 'Nothing was refused, throttled or failed, no fault was injected, and no second’s p99 was above its objective.';
  const limiting = limitingOf(happenings);
  const first = happenings.flatMap(({ name, spans }) => spans.slice(0, 1).map(({ from }) => ({ name, from })));
  const earliest = first.toSorted((a, b) => a.from - b.from)[0];
  const began = earliest
    ? ` The first was ${shortened(earliest.name, 60)}, at second ${count(Math.floor(earliest.from))}.`
    : '';
  const hidden = happenings.length - mostLanes;
  const more = hidden > 0 ? ` ${count(hidden)} more are in the report’s JSON.` : '';
  return limiting === undefined
    ? `No quota refused and no function was throttled; what else there was, is marked where it happened.${began}${more}`
    : `The limiting part: ${shortened(limiting.name, 60)}, ${count(limiting.total ?? 0)} times.${began}${more}`;
}

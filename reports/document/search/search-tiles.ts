/** What a search found, as tiles. */
import type { Bottleneck } from '../../../capacity/search/bottleneck.ts';
import { proportionInterval } from '../../../capacity/statistics/intervals.ts';
import { bottleneckInWords } from '../../analysis/bottleneck.ts';
import { approx, percent, plural, quantity } from '../../analysis/numbers.ts';
import { refusalName } from '../../analysis/refusals.ts';
import type { Tile } from '../document.ts';
import type { SearchSummary } from './search-summary.ts';

export const searchTiles = (search: SearchSummary): Tile[] => [
  carriesTile(search),
  bindsTile(search),
  lastsTile(search),
  sureTile(search),
  nextTile(search),
];

function carriesTile({ kind, lower, upper, unit }: SearchSummary): Tile {
  const about = { id: 'carries', name: 'Carries', anchor: 'load' };
  if (lower === 0) {
    const lowest = upper === null ? 'The lowest that was tried' : `Even ${quantity(upper, unit)}`;
    return { ...about, value: 'None of the loads', detail: `${lowest} failed.`, tone: 'bad' };
  }
  const open = upper === null ? 'and perhaps more: nothing failed' : `within its SLO, but not ${quantity(upper, unit)}`;
  return {
    ...about,
    value: quantity(lower, unit),
    detail: kind === 'interrupted' ? 'so far: the search was interrupted' : open,
    tone: kind === 'found' ? 'good' : 'near',
  };
}

const names: Record<Exclude<Bottleneck['kind'], 'quota'>, string> = {
  poller: 'The queue’s pollers',
  handlerDuration: 'A function’s duration',
  machine: 'This machine',
  generator: 'The load generator',
  unknown: 'Unknown',
};

function bindsTile({ bottleneck, lower }: SearchSummary): Tile {
  const about = { id: 'binds', name: 'Binds beyond' };
  if (bottleneck === null) return { ...about, value: 'Nothing yet', detail: 'No load failed.', tone: 'muted' };
  return {
    ...about,
    value: bottleneck.kind === 'quota' ? refusalName(bottleneck) : names[bottleneck.kind],
    detail: bottleneckInWords(bottleneck, lower > 0).sentence,
    tone: bottleneck.kind === 'generator' || bottleneck.kind === 'unknown' ? 'muted' : 'near',
    anchor: 'bottleneck',
  };
}

function lastsTile({ sustained, lower, unit, steadySeconds }: SearchSummary): Tile {
  const about = { id: 'lasts', name: 'For longer', anchor: 'confidence' };
  switch (sustained?.kind) {
    case 'same':
      return {
        ...about,
        value: quantity(lower, unit),
        detail: 'No bucket lent its burst: what a trial carries lasts.',
        tone: 'good',
      };
    case 'less':
      return {
        ...about,
        value: quantity(sustained.load, unit),
        detail: 'The rest was lent by a bucket that was full at the start.',
        tone: 'near',
      };
    default:
      return {
        ...about,
        value: 'Not known',
        detail: `A trial lasts ${quantity(steadySeconds, 's')}: a bucket may empty later.`,
        tone: 'muted',
      };
  }
}

function sureTile({ trials, lower, steadySeconds }: SearchSummary): Tile {
  const at = trials.filter(({ load }) => load === lower);
  const passes = at.filter(({ passed }) => passed).length;
  const interval = proportionInterval(passes, at.length);
  const share =
    interval.kind === 'value'
      ? ` 95% CI of the pass rate: ${percent(interval.lower)} to ${percent(interval.upper)}.`
      : '';
  return {
    ...{ id: 'sure', name: 'How sure', anchor: 'confidence' },
    value: lower === 0 ? plural(trials.length, 'trial') : `${passes} of ${at.length} passed`,
    detail: `${plural(trials.length, 'trial')} of ${quantity(steadySeconds, 's')} each.${lower === 0 ? '' : share}`,
  };
}

function nextTile(search: SearchSummary): Tile {
  const { value, detail } = nextOf(search);
  return { id: 'next', name: 'Do next', value, detail, ...(search.bottleneck !== null && { anchor: 'bottleneck' }) };
}

function nextOf({ kind, bottleneck, upper, max, unit }: SearchSummary): Pick<Tile, 'value' | 'detail'> {
  if (kind === 'interrupted')
    return { value: 'Go on', detail: 'Continue with --resume: completed trials are not repeated.' };
  switch (bottleneck?.kind) {
    case 'quota':
      return {
        value: 'Raise it, or ask less',
        detail: `${refusalName(bottleneck)}: the plan’s recommendations say to what. Then search again.`,
      };
    case 'poller':
      return {
        value: 'More pollers',
        detail: `Raise the MaximumConcurrency of ${bottleneck.queue}’s event source above ${approx(bottleneck.concurrency)}, then search again.`,
      };
    case 'handlerDuration':
      return {
        value: 'Make it shorter',
        detail: `The duration of ${bottleneck.function} is what there is to gain; more memory gives it more CPU.`,
      };
    case 'machine':
      return {
        value: 'A larger machine',
        detail: 'This machine is the limit, which says nothing of AWS: search there, or with fewer connections.',
      };
    case 'generator':
      return {
        value: 'More generators',
        detail: 'The target was not brought to its limit: give --fleets, or several machines.',
      };
    case 'unknown':
      return { value: 'Look closer', detail: 'Open the report of the nearest trial that failed, in the table below.' };
    case undefined:
      return upper === null
        ? { value: 'Search higher', detail: `The largest load tried passed: raise --max above ${quantity(max, unit)}.` }
        : { value: 'Look closer', detail: 'Open the report of the nearest trial that failed, in the table below.' };
  }
}

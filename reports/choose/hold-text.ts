/** What is said of whether a variant holds. */
import type { Exceeded, Hold, HoldState } from '../../capacity/servers/hold.ts';
import { approx, percent, quantity } from '../analysis/numbers.ts';
import type { Cell } from '../document/document.ts';

export const stateWords: Record<HoldState, string> = {
  holds: 'holds',
  onceRaised: 'holds once raised',
  doesNotHold: 'does not hold',
  unknown: 'unknown',
};

const tones = { holds: 'good', onceRaised: 'near', doesNotHold: 'bad', unknown: 'muted' } as const;

export const holdCell = ({ state, exceeded }: Hold): Cell => ({
  ...{ text: stateWords[state], tone: tones[state] },
  ...(exceeded.length > 0 && { detail: firstOf(exceeded.map(exceededText), '; ') }),
});

/** The first two; how many more there are. All of them are in choose.json, and in what `loadline plan` says. */
export const firstOf = (texts: readonly string[], between: string): string =>
  texts.length <= 3 ? texts.join(between) : `${texts.slice(0, 2).join(between)}, and ${texts.length - 2} more`;

export function bindingCell({ binding }: Hold): Cell {
  if (binding === null) return { text: 'unknown' };
  const { name, code, unit, demand, limit, utilisation, limitFrom, confidence } = binding;
  const doubt = limitFrom === 'default' || limitFrom === 'region' ? doubts[confidence] : null;
  const detail = [`${percent(utilisation)} used: ${approx(demand)} of ${quantity(limit, unit)}`, code, doubt];
  return { text: name, detail: detail.filter((part) => part !== null).join(' · ') };
}

/** Of AWS's own figure, by who says it. */
const doubts = { H: null, M: 'one secondary source', L: 'sources conflict' } as const;

export const bindingText = ({ binding }: Hold): string =>
  binding === null ? 'what binds is unknown' : `${binding.name} binds, ${percent(binding.utilisation)} used`;

/** What is asked, what there is, and what to do. */
function exceededText({ name, code, unit, needed, limit, remedy }: Exceeded): string {
  const asked = `${name}${code === null ? '' : ` (${code})`}: ${quantity(needed, unit)} of ${quantity(limit, unit)}`;
  if (remedy === null) return `${asked}, which nothing raises so far`;
  return remedy.kind === 'set'
    ? `${asked}: set ${remedy.setting}`
    : `${asked}: ask AWS${remedyCode(remedy.code, code)}`;
}

const remedyCode = (raised: string | null, own: string | null): string =>
  raised === null ? ' Support' : raised === own ? '' : ` for more of ${raised}`;

/** Completes "holds once …". */
export const onceText = ({ exceeded }: Hold): string => {
  const [first, ...rest] = exceeded;
  if (first === undefined) return '';
  const others = rest.length === 0 ? '' : rest.length === 1 ? ' and one more limit' : ` and ${rest.length} more limits`;
  return `${first.name}${others} ${rest.length === 0 ? 'is' : 'are'} raised`;
};

/** What stands in the way and cannot be raised. */
export const inTheWay = ({ exceeded, binding }: Hold): string =>
  exceeded.find(({ remedy }) => remedy === null)?.name ?? binding?.name ?? 'what is not known';

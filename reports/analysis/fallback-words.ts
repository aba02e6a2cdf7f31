/** What the fallback's throttle carries, and what would do where it does not, in words. */
import type { FallbackOutlook, FallbackRelief } from '../../capacity/fallback/fallback-relief.ts';
import type { FallbackUse } from '../../capacity/fallback/fallback-use.ts';
import { count, percent, plural, quantity } from './numbers.ts';
import { shortened } from './shortened.ts';

/** `polls 12 s apart, a rollback in 2 equal parts over 1 min, or fallback.throttle of 1,667/s`: each by itself. */
export function reliefWords({ pollSeconds, parts, ratePerSecond }: FallbackRelief): string {
  const ways = [
    ...(pollSeconds === null ? [] : [`polls ${quantity(pollSeconds, 's')} apart`]),
    ...(parts === null ? [] : [`a rollback in ${parts.count} equal parts over ${quantity(parts.minutes, 'min')}`]),
    `fallback.throttle of ${count(ratePerSecond)}/s`,
  ];
  const last = ways.at(-1) ?? '';
  return ways.length === 1 ? last : `${ways.slice(0, -1).join(', ')}, or ${last}`;
}

/** Until when the throttle and the intervals as they are carry a rollback, and what would do when most is needed. No full stop. */
export function outlookWords({ horizonMonths, until, perhapsFrom, most }: FallbackOutlook): string {
  const within = plural(horizonMonths, 'month');
  const highest = `${percent(most.utilisation)} at most, on ${most.date}${atStage(most.stage)}`;
  const relief = most.relief === null ? '' : `; then ${reliefWords(most.relief)} would do`;
  if (until === null) {
    const perhaps = perhapsFrom === null ? '' : `; it may not from ${perhapsFrom} on`;
    return `The throttle carries a rollback for all of the ${within}${perhapsFrom === null ? '' : ' by the best estimate'}: ${highest}${perhaps}${relief}`;
  }
  return until.isToday
    ? `The throttle does not carry a rollback today; ${highest}${relief}`
    : `The throttle carries a rollback until ${until.date}${atStage(until.stage)}; ${highest}${relief}`;
}

const atStage = (stage: string | null): string => (stage === null ? '' : ` (“${shortened(stage)}”)`);

/** Of a plan's summary; nothing where the stack has no fallback with a known throttle. */
export const fallbackLine = (fallback: Pick<FallbackUse, 'outlook'> | null): [name: string, text: string][] =>
  fallback?.outlook ? [['Fallback', outlookWords(fallback.outlook)]] : [];

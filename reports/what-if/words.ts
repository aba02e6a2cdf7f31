/** The sentences of the live page, from what was calculated. Pure. */
import { approx, percent, plural, quantity } from '../analysis/numbers.ts';
import type { PlanReport } from '../plan-report.ts';
import type { Along } from './answer.ts';
import type { Control } from './control.ts';

/** What binds now, for a control that acts today, or that acts later. */
export function bindsNow({ binding, projection }: PlanReport, later: boolean): string {
  if (binding === null) return 'Nothing is known to bind';
  if (!later) return `${binding.name} binds at ${percent(binding.utilisation)}`;
  const { first, horizonMonths, points } = projection;
  if (first !== null)
    return first.months <= 0 ? `${first.name} is full today` : `${first.name} is full on ${first.date}`;
  const most = Math.max(...points.map(({ utilisation }) => utilisation ?? 0));
  return `Nothing is full within ${plural(horizonMonths, 'month')}: ${percent(most)} at most`;
}

/** What the rest of its slider does. */
export function alongWords(along: Along, { input, later }: Control): string {
  if (input.kind !== 'number') return '';
  const value = (number: number) => valueWords(number, input.unit);
  const when = later ? ' within the horizon' : '';
  switch (along.kind) {
    case 'fills':
      return `every quota holds up to ${value(along.value)}, then ${along.quota} is full${when}`;
    case 'holds':
      return `${along.used.name} is at ${percent(along.used.utilisation)}${when} with ${value(along.value)}`;
    case 'exceeded':
      return `wherever this stands, ${along.used.name} is exceeded${when}`;
    case 'unknown':
      return '';
  }
}

/** `0.4 of users`, `4,000 users`, `6 a user and minute`. */
export function valueWords(value: number, unit: string): string {
  const [, of] = /^share (of .+)$/.exec(unit) ?? [];
  if (of !== undefined) return `${percent(value)} ${of}`;
  return unit === '' ? approx(value) : quantity(value, unit);
}

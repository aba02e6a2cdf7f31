/**
 * Cron expressions of EventBridge: `cron(minutes hours day-of-month month day-of-week year)`, in UTC. Source: EventBridge user guide, "Cron expressions
 * reference", read November 2026. Pure.
 */

export interface CronFields {
  minutes: readonly number[];
  hours: readonly number[];
  /** Of the month; null: any, the day of the week decides. */
  days: readonly DayOfMonth[] | null;
  /** 1 is January. */
  months: readonly number[];
  /** Null: any, the day of the month decides. */
  weekdays: readonly DayOfWeek[] | null;
  years: readonly number[];
}

/** `nearest`: the weekday closest to it, in the same month. */
type DayOfMonth = number | { kind: 'last' } | { kind: 'nearest'; day: number };
/** 1 is Sunday. `nth`: the third Friday, for example. */
type DayOfWeek = number | { kind: 'last'; weekday: number } | { kind: 'nth'; weekday: number; n: number };

const monthNames = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const weekdayNames = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const years = { first: 1970, last: 2199 };
const dayMs = 86_400_000;

/** Null for an expression that EventBridge does not take. */
export function cronFieldsOf(expression: string): CronFields | null {
  const parts = /^cron\((.*)\)$/.exec(expression.trim())?.[1]?.trim().split(/\s+/) ?? [];
  const [minute = '', hour = '', day = '', month = '', weekday = '', year = ''] = parts;
  // One of the two days has to be open.
  if (parts.length !== 6 || (day === '?') === (weekday === '?')) return null;
  const minutes = numbersOf(minute, 0, 59);
  const hours = numbersOf(hour, 0, 23);
  const months = numbersOf(month, 1, 12, monthNames);
  const ofYears = numbersOf(year, years.first, years.last);
  const days = day === '?' ? null : daysOf(day);
  const weekdays = weekday === '?' ? null : weekdaysOf(weekday);
  if (!minutes || !hours || !months || !ofYears || days === undefined || weekdays === undefined) return null;
  return { minutes, hours, days, months, weekdays, years: ofYears };
}

/** The first moment after `afterMs` (milliseconds since the epoch) at which it is due; null: never again. */
export function nextDueMs(fields: CronFields, afterMs: number): number | null {
  const firstDay = Math.floor(afterMs / dayMs) * dayMs;
  const end = Date.UTC((fields.years.at(-1) ?? years.first) + 1, 0);
  for (let dayStart = firstDay; dayStart < end; dayStart += dayMs) {
    if (!isDay(fields, new Date(dayStart))) continue;
    for (const hour of fields.hours)
      for (const minute of fields.minutes) {
        const due = dayStart + (hour * 60 + minute) * 60_000;
        if (due > afterMs) return due;
      }
  }
  return null;
}

function isDay({ days, months, weekdays, years: wanted }: CronFields, date: Date): boolean {
  if (!wanted.includes(date.getUTCFullYear()) || !months.includes(date.getUTCMonth() + 1)) return false;
  const day = date.getUTCDate();
  const lastDay = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  if (days !== null)
    return days.some((each) => {
      if (typeof each === 'number') return each === day;
      return each.kind === 'last' ? day === lastDay : day === nearestWeekday(each.day, lastDay, date);
    });
  const weekday = date.getUTCDay() + 1;
  return (weekdays ?? []).some((each) => {
    if (typeof each === 'number') return each === weekday;
    if (each.weekday !== weekday) return false;
    return each.kind === 'last' ? day + 7 > lastDay : Math.ceil(day / 7) === each.n;
  });
}

/** In the month of `date`: never in another one. */
function nearestWeekday(day: number, lastDay: number, date: Date): number {
  const weekday = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), day)).getUTCDay();
  if (weekday === 6) return day === 1 ? 3 : day - 1;
  if (weekday === 0) return day === lastDay ? day - 2 : day + 1;
  return day;
}

function daysOf(text: string): DayOfMonth[] | undefined {
  if (text === 'L') return [{ kind: 'last' }];
  const nearest = /^(\d+)W$/.exec(text)?.[1];
  if (nearest !== undefined) return [{ kind: 'nearest', day: Number(nearest) }];
  return numbersOf(text, 1, 31) ?? undefined;
}

function weekdaysOf(text: string): DayOfWeek[] | undefined {
  if (text === 'L') return [7];
  const [, of = '', n = ''] = /^(\w+)(L|#[1-5])$/.exec(text) ?? [];
  const weekday = n === '' ? undefined : numbersOf(of, 1, 7, weekdayNames)?.[0];
  if (weekday !== undefined)
    return [n === 'L' ? { kind: 'last', weekday } : { kind: 'nth', weekday, n: Number(n.slice(1)) }];
  return numbersOf(text, 1, 7, weekdayNames) ?? undefined;
}

/** `*`, `5`, `1-5`, `MON-FRI`, `0/15`, `1-30/5`, and lists of these, in order; null for anything else. */
function numbersOf(text: string, first: number, last: number, names: readonly string[] = []): number[] | null {
  const found = new Set<number>();
  for (const part of text.split(',')) {
    const [, range = '', step] = /^([^/]+)(?:\/(\d+))?$/.exec(part) ?? [];
    const [from = '', to] = range.split('-');
    const numberOf = (given: string) => {
      const named = names.indexOf(given.toUpperCase());
      return named >= 0 ? named + first : /^\d+$/.test(given) ? Number(given) : Number.NaN;
    };
    const begin = range === '*' ? first : numberOf(from);
    const end = range === '*' || (to === undefined && step !== undefined) ? last : numberOf(to ?? from);
    const by = Number(step ?? 1);
    if (!(begin >= first && end <= last && begin <= end && by > 0)) return null;
    for (let number = begin; number <= end; number += by) found.add(number);
  }
  return [...found].toSorted((a, b) => a - b);
}

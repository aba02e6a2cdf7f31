/** Numbers as people read them: thousands separators, about three significant digits, a unit always. */
const counts = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const threeDigits = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 3 });
const twoDigits = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 2 });
const usd = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD', maximumFractionDigits: 0 });
const cents = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD', maximumSignificantDigits: 3 });

/** A whole number in full: 12345 → 12,345. */
export const count = (value: number): string => counts.format(value);

/** Three significant digits: 12345 → 12,300. */
export const approx = (value: number): string => (Number.isFinite(value) ? threeDigits.format(value) : 'unlimited');

/** A quantity with its unit: 12,300 requests/s, 1 stage, 80/s. Values too small to matter are not spelled out. */
export function quantity(value: number, unit: string): string {
  if (value > 0 && value < 0.001) return `under 0.001 ${unit}`;
  const shown = approx(value);
  if (unit.startsWith('1/')) return `${shown}${unit.slice(1)}`;
  return `${shown} ${shown === '1' ? unitOfOne(unit) : unit}`;
}

/** stages → stage, requests/s → request/s; s and ms stay. */
const unitOfOne = (unit: string): string => unit.replace(/^(\w{3,})s(?=\/|$)/, '$1');

/** A share of one: 0.1234 → 12.3%. */
export function percent(share: number): string {
  if (!Number.isFinite(share)) return '∞%';
  if (share > 0 && share < 0.0001) return 'under 0.01%';
  return `${(Math.abs(share) >= 0.1 ? threeDigits : twoDigits).format(100 * share)}%`;
}

export const milliseconds = (ms: number): string => `${threeDigits.format(ms)} ms`;

export const dollars = (amount: number): string => (amount >= 100 ? usd.format(amount) : cents.format(amount));

/** 2026-11-21T18:24:03.123Z → 2026-11-21 18:24:03 UTC. */
export const utc = (iso: string): string => `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`;

/** "1 message", "2 messages", "1,200 messages". */
export const plural = (value: number, singular: string, many = `${singular}s`): string =>
  `${count(value)} ${value === 1 ? singular : many}`;

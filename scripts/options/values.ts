/** Parsers of option values: a sentence instead of NaN. Commander prepends the option's name. */
import { InvalidArgumentError } from 'commander';
import { type Jitter, jitters } from '../../aws/back-off.ts';

export function number(text: string, isGood: (value: number) => boolean, expected: string): number {
  const value = Number(text);
  if (text.trim() === '' || !isGood(value)) throw new InvalidArgumentError(`Expected ${expected}, got "${text}".`);
  return value;
}

/** Beyond every quota, and still exact in sums and products: what is larger is a slip of the keyboard. */
const most = 1e12;

export const positiveNumber = (text: string): number =>
  number(text, (value) => value > 0 && value <= most, 'a number above 0 and at most 1e12');
export const nonNegativeNumber = (text: string): number =>
  number(text, (value) => value >= 0 && value <= most, 'a number from 0 to 1e12');
export const positiveInteger = (text: string): number =>
  number(text, (value) => value > 0 && value <= most && Number.isSafeInteger(value), 'a whole number above 0');
export const wholeNumber = (text: string): number =>
  number(text, (value) => value >= 0 && value <= most && Number.isSafeInteger(value), 'a whole number of 0 or more');
export const integer = (text: string): number => number(text, Number.isSafeInteger, 'a whole number');
export const share = (text: string): number =>
  number(text, (value) => value > 0 && value <= 1, 'a share above 0 and at most 1: 0.4 is 40%');
export const port = (text: string): number =>
  number(
    text,
    (value) => Number.isInteger(value) && value >= 0 && value <= 65_535,
    'a port from 1 to 65535, or 0 for a free one',
  );

/** A page that others open: links to it stand in reports. */
export function webPage(text: string): string {
  if (/^https?:\/\//i.test(text) && URL.canParse(text)) return text.replace(/\/+$/, '');
  throw new InvalidArgumentError(`Expected a URL such as https://github.com/owner/name, got "${text}".`);
}

/** `full,none` → policies of the back-off, each once. */
export function jitterList(text: string): Jitter[] {
  const policies = text.split(',').map((part) => {
    const found = jitters.find((jitter) => jitter === part.trim());
    if (!found) throw new InvalidArgumentError(`Expected one or more of ${jitters.join(', ')}, got "${part}".`);
    return found;
  });
  return [...new Set(policies)];
}

/** `200-400,600` → from 200 to 400, and exactly 600, in seconds. */
export function windowList(text: string): { fromSeconds: number; toSeconds: number }[] {
  return text.split(',').map((part) => {
    const [from = '', to = from, ...more] = part.trim().split('-');
    const window = { fromSeconds: Number(from), toSeconds: Number(to) };
    const isNumber = [from, to].every((each) => /^[0-9]+(\.[0-9]+)?$/.test(each));
    if (!isNumber || more.length > 0 || window.fromSeconds > window.toSeconds)
      throw new InvalidArgumentError(`Expected times such as 200-400,600-1200, in seconds, got "${part}".`);
    return window;
  });
}

/** A whole number above 0, or `none`. */
export const positiveIntegerOrNone = (text: string): number | null =>
  text === 'none'
    ? null
    : number(
        text,
        (value) => value > 0 && value <= most && Number.isSafeInteger(value),
        'a whole number above 0, or none',
      );

/** `newConnections=2000` → one more quota by its code or id. */
export function quotaValue(text: string, before: Record<string, number> = {}): Record<string, number> {
  const [key = '', value = ''] = text.split('=');
  if (key === '' || value === '') throw new InvalidArgumentError(`Expected CODE=VALUE, got "${text}".`);
  return { ...before, [key]: positiveNumber(value) };
}

/** `deliveryP99Ms=1000` → one more objective by its name. */
export function sloValue(text: string, before: Record<string, number> = {}): Record<string, number> {
  // A route's name may have one as well.
  const at = text.lastIndexOf('=');
  const [name, value] = [text.slice(0, Math.max(0, at)), text.slice(at + 1)];
  if (name === '' || value === '') throw new InvalidArgumentError(`Expected NAME=VALUE, got "${text}".`);
  return { ...before, [name]: nonNegativeNumber(value) };
}

/** A repeatable option: all of its values, in order. */
export const collect = (text: string, before: readonly string[] = []): string[] => [...before, text];

/** `3,1` → weights, at least one of them above 0. */
export function weightList(text: string): number[] {
  const weights = text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  const areGood = weights.every((weight) => weight >= 0 && weight <= most) && weights.some((weight) => weight > 0);
  if (!areGood) throw new InvalidArgumentError(`Expected weights such as 3,1, got "${text}".`);
  return weights;
}

/** `POST /hooks=2` → the share of one more route. */
export function routeShare(text: string, before: Record<string, number> = {}): Record<string, number> {
  const at = text.lastIndexOf('=');
  const share = Number(text.slice(at + 1));
  if (at < 1 || text.slice(at + 1).trim() === '' || !(share > 0 && Number.isFinite(share)))
    throw new InvalidArgumentError(`Expected ROUTE=SHARE with a share above 0, got "${text}".`);
  return { ...before, [text.slice(0, at)]: share };
}

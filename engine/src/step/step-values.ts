/** Values of a `fleet` step's keys: each reader accepts what a template may render, or throws a {@link StepProblem} that names the key. */

import { describeRule, isAllowed, type NumberRule } from './number-rule.ts';

/** Its message is a sentence for the user. */
export class StepProblem extends Error {}

export const isMissing = (value: unknown): boolean => value === undefined || value === null || value === '';

export function readNumber(key: string, value: unknown, rule: NumberRule): number {
  if (isMissing(value)) {
    if (rule.default === undefined) throw new StepProblem(`fleet.${key}: missing.`);
    return rule.default;
  }
  const number = typeof value === 'string' ? Number(value) : value;
  if (typeof number === 'number' && isAllowed(rule, number)) return number;
  throw new StepProblem(`fleet.${key}: expected ${describeRule(rule)}, found ${JSON.stringify(value)}.`);
}

export function readText(key: string, value: unknown): string {
  if (isMissing(value))
    throw new StepProblem(`fleet.${key}: missing. Secrets come from the environment: see scenarios/sync.yml.`);
  // A template may render a secret that looks like a number as a number. Its value is never printed.
  if (typeof value !== 'string' && typeof value !== 'number')
    throw new StepProblem(`fleet.${key}: expected text, found ${typeof value}.`);
  return String(value);
}

export function readUrl(key: string, value: unknown, protocols: string[]): string {
  const expected = `expected a URL that starts with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`;
  if (isMissing(value)) throw new StepProblem(`fleet.${key}: missing; ${expected}.`);
  const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : null;
  if (!url || !protocols.includes(url.protocol))
    throw new StepProblem(`fleet.${key}: ${expected}, found ${JSON.stringify(value)}.`);
  return url.href;
}

export function readAddresses(value: unknown): string[] {
  if (isMissing(value)) return [];
  const addresses = typeof value === 'string' ? value.split(',').map((address) => address.trim()) : value;
  if (!Array.isArray(addresses) || !addresses.every((address) => typeof address === 'string' && address !== ''))
    throw new StepProblem(`fleet.localAddresses: expected a list of addresses, found ${JSON.stringify(value)}.`);
  return addresses;
}

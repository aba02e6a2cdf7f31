/** Values of a `fleet` step's keys: each reader takes what a template may leave, or throws a {@link StepProblem} that names the key. */

/** Its message is a sentence for the user. */
export class StepProblem extends Error {}

export interface NumberRule {
  /** Absent: the step must give it. */
  default?: number;
  min: number;
  /** The minimum itself is too small. */
  exclusive?: true;
  max?: number;
  whole?: true;
}

export const isMissing = (value: unknown): boolean => value === undefined || value === null || value === '';

export function readNumber(key: string, value: unknown, rule: NumberRule): number {
  if (isMissing(value)) {
    if (rule.default === undefined) throw new StepProblem(`fleet.${key}: missing.`);
    return rule.default;
  }
  const number = typeof value === 'string' ? Number(value) : value;
  const range = `${rule.exclusive ? 'over' : 'of at least'} ${rule.min}${rule.max === undefined ? '' : ` and at most ${rule.max}`}`;
  const expected = `expected a ${rule.whole ? 'whole ' : ''}number${rule.min === Number.MIN_SAFE_INTEGER ? '' : ` ${range}`}`;
  const problem = new StepProblem(`fleet.${key}: ${expected}, found ${JSON.stringify(value)}.`);
  if (typeof number !== 'number' || !Number.isFinite(number)) throw problem;
  if (rule.whole && !Number.isInteger(number)) throw problem;
  if (number < rule.min || (rule.exclusive && number === rule.min) || number > (rule.max ?? number)) throw problem;
  return number;
}

export function readText(key: string, value: unknown): string {
  if (isMissing(value))
    throw new StepProblem(`fleet.${key}: missing. Secrets come from the environment: see scenarios/sync.yml.`);
  // A secret that looks like a number may come out of a template as one. Its value is never printed.
  if (typeof value !== 'string' && typeof value !== 'number')
    throw new StepProblem(`fleet.${key}: expected text, found ${typeof value}.`);
  return String(value);
}

export function readUrl(key: string, value: unknown, protocols: string[]): string {
  const expected = `expected a URL that begins with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`;
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

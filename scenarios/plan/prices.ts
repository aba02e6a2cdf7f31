/** A file of prices that replaces Loadline's own: another Region, another day, a discount. */
import { z } from 'zod';
import { type Price, type PriceList, type PriceName, usEast1Prices } from '../../aws/prices.ts';
import { recordOf } from '../../engine/src/step/keyed.ts';
import { describeIssues, readYaml } from '../yaml/yaml-source.ts';

const tier = z.strictObject({
  /** Units of a month up to which the price holds; null: without end. */
  upTo: z.number().positive().nullable(),
  usd: z.number().nonnegative(),
});
const price = z
  .strictObject({
    tiers: z.array(tier).min(1),
    source: z.string().min(1),
    date: z.string().regex(/^\d{4}-\d{2}(-\d{2})?$/, 'expected a date written YYYY-MM-DD or YYYY-MM'),
  })
  .superRefine(({ tiers }, context) => {
    for (const [n, { upTo }] of tiers.entries()) {
      const isLast = n === tiers.length - 1;
      const before = tiers[n - 1]?.upTo ?? 0;
      if (isLast !== (upTo === null))
        context.addIssue({
          code: 'custom',
          path: ['tiers', n, 'upTo'],
          message: 'expected null in the last tier, and only there',
        });
      else if (upTo !== null && upTo <= before)
        context.addIssue({
          code: 'custom',
          path: ['tiers', n, 'upTo'],
          message: `expected more than the tier before, ${before}`,
        });
    }
  });

const names = Object.keys(usEast1Prices).filter((key): key is PriceName => key !== 'region' && key !== 'currency');
const fileSchema = z.strictObject({
  region: z.string().min(1),
  currency: z.literal('USD').default('USD'),
  ...recordOf(names, () => price.optional()),
});

export type PricesParse =
  /** `fromDefaults`: prices that the file does not give, taken from us-east-1. */
  | { kind: 'ok'; prices: PriceList; fromDefaults: PriceName[] }
  /** Each problem is `file:line:column: sentence`. */
  | { kind: 'invalid'; problems: string[] };

/** Parses a prices file, YAML or JSON. What it does not name keeps the price of us-east-1 and its unit. `fileName` is only for the messages. */
export function parsePrices(text: string, fileName: string): PricesParse {
  const yaml = readYaml(text, fileName);
  if (yaml.kind === 'invalid') return yaml;
  const parsed = fileSchema.safeParse(yaml.source.value);
  if (!parsed.success)
    return { kind: 'invalid', problems: describeIssues(yaml.source, parsed.error.issues, knownKeysAt) };
  const given = parsed.data;
  const prices: PriceList = { ...usEast1Prices, region: given.region, currency: given.currency };
  for (const name of names) {
    const { tiers, source, date } = given[name] ?? {};
    if (tiers && source && date) prices[name] = { ...usEast1Prices[name], source, date, tiers: endless(tiers) };
  }
  return { kind: 'ok', prices, fromDefaults: names.filter((name) => given[name] === undefined) };
}

function endless(tiers: readonly z.infer<typeof tier>[]): Price['tiers'] {
  const [first, ...rest] = tiers.map(({ upTo, usd }) => ({ upTo: upTo ?? Number.POSITIVE_INFINITY, usd }));
  return [first ?? { upTo: Number.POSITIVE_INFINITY, usd: 0 }, ...rest];
}

function knownKeysAt(path: readonly PropertyKey[]): readonly string[] {
  if (path.length === 0) return Object.keys(fileSchema.shape);
  return path.length === 1 ? Object.keys(price.shape) : Object.keys(tier.shape);
}

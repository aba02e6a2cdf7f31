/** What the page is given, as the JSON in it. Pure. */
import { type PriceList, usEast1Prices } from '../../aws/prices.ts';
import { printableJson } from '../render/printable.ts';
import type { WhatIfBase } from './answer.ts';
import type { FieldRules } from './bounds.ts';
import type { PageSettings } from './page-settings.ts';

/** With what the command calculates the same. */
export interface PlanCommand {
  /** Options of the coefficients, the prices and the stack: ` --run none`. */
  asked: string;
  /** Options that it needs as well, as `--url`: what they take may be secret. */
  notCopied: readonly string[];
  /** Of the reference stack that the answer is about; null: of any other stack, whose settings are in its template. */
  settings: PageSettings | null;
}

/** `base`: what the report was made from. */
export interface WhatIfData<Base extends Priced = WhatIfBase> extends PlanCommand {
  base: Base;
  rules: FieldRules;
}

interface Priced {
  prices: PriceList;
}

/** A month has no last unit of the last tier, and JSON has no such number. */
const endless = 'endless';

/** As it stands inside a script element: `<` is written so that no text can end it. */
export function dataJson<Base extends Priced>({ base, ...others }: WhatIfData<Base>): string {
  // The page's code has the usual prices.
  const prices = base.prices === usEast1Prices ? null : base.prices;
  const json = JSON.stringify({ ...others, base: { ...base, prices } }, (key, value) =>
    key === 'upTo' && value === Number.POSITIVE_INFINITY ? endless : value,
  );
  return printableJson(JSON.parse(json)).replaceAll('<', '\\u003c');
}

/** Of {@link dataJson}. */
export function readData<Data extends WhatIfData<Priced> = WhatIfData>(json: string): Data {
  const data: Data = JSON.parse(json, (key, value) =>
    key === 'upTo' && value === endless ? Number.POSITIVE_INFINITY : value,
  );
  return { ...data, base: { ...data.base, prices: data.base.prices ?? usEast1Prices } };
}

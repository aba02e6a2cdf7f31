/** One component of a bill, and the units in which AWS meters. */
import type { PriceName } from '../../aws/prices.ts';
import { type Known, mapKnown } from '../known.ts';

/** AWS's own month: 730 hours. */
export const hoursPerMonth = 730;
export const secondsPerMonth = hoursPerMonth * 3_600;
export const kib = 1_024;
export const gb = 1e9;

export interface Quantity {
  id: string;
  name: string;
  price: PriceName;
  /** A month, in the unit of the price. */
  quantity: Known<number>;
  /** How it is computed. */
  sentence: string;
}

export const component = (
  id: string,
  name: string,
  price: PriceName,
  quantity: Known<number>,
  sentence: string,
): Quantity => ({ id, name, price, quantity, sentence });

export const monthly = (answer: Known<number>): Known<number> =>
  mapKnown(answer, (perSecond) => perSecond * secondsPerMonth);

/** Metered units of a payload: a partial unit counts as a whole one, and an empty payload as one. */
export const units = (bytes: number, unitBytes: number): number => Math.max(1, Math.ceil(bytes / unitBytes));

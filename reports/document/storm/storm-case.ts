/** A storm with one way of backing off, and what it is called. */
import type { StormResult, StormSpec } from '../../../capacity/storm/spec.ts';
import { approx, count } from '../../analysis/numbers.ts';

export interface StormCase {
  spec: StormSpec;
  result: StormResult;
}

export function policyName(jitter: NonNullable<StormSpec['clients']>['backOff']['jitter']): string {
  return jitter === 'none' ? 'no jitter' : `${jitter} jitter`;
}

/** `full jitter`; without clients there is nothing that distinguishes one from another. */
export const caseName = ({ spec }: StormCase): string =>
  spec.clients ? policyName(spec.clients.backOff.jitter) : 'simulated';

export const seconds = (value: number): string =>
  value < 120 ? `${approx(value)} s` : `${approx(value / 60)} min (${count(value)} s)`;

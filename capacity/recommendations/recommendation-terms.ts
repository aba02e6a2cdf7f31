/** What recommendations have in common. */
import type { Coefficients } from '../demand/coefficients.ts';
import type { Load } from '../demand/load.ts';
import type { UsagePlan } from '../demand/plan.ts';
import type { Deployment, QuotaInForce } from '../headroom/quota.ts';
import type { Projection } from '../projection/projection.ts';

export interface Recommendation {
  /** What it is about; ids are stable. */
  id: string;
  subject: string;
  /** The value to set or to request, in `unit`; a word where it is not a number. Null when the current one is sufficient, or nothing is known. */
  value: number | string | null;
  unit: string;
  /** The current value; null: not set, or not known. */
  present: number | string | null;
  /** Service Quotas code, of an increase to request from AWS. */
  code: string | null;
  /** Last day to request or set it, where the projection gives one. */
  by: string | null;
  kind: 'ask' | 'set' | 'keep' | 'unknown';
  /** What to do, in a sentence. */
  action: string;
  /** Formula with its numbers, and the source of any assumption. */
  calculation: string;
}

/** Without an action: its sentence is made from its parts. */
export type Draft = Omit<Recommendation, 'action'> & { action?: string };

export const recommended = (draft: Draft): Recommendation => ({ ...draft, action: draft.action ?? actionOf(draft) });

function actionOf({ kind, subject, value, unit, present, code, by }: Draft): string {
  const until = by === null ? '' : `, by ${by}`;
  switch (kind) {
    case 'ask':
      return `Ask AWS to raise ${subject}${code === null ? '' : ` (${code})`} from ${shown(present)} to ${shown(value)} ${unit}${until}.`;
    case 'set':
      return `Set ${subject} to ${shown(value)} ${unit}${present === null ? '' : `, from ${shown(present)}`}${until}.`;
    case 'keep':
      return value === null ? `Leave ${subject} unset.` : `Keep ${subject} at ${shown(value)} ${unit}.`;
    case 'unknown':
      return `No value can be recommended for ${subject}.`;
  }
}

const shown = (value: number | string | null): string =>
  typeof value === 'number' ? figure(value) : (value ?? 'none');

/** The input of every recommendation. */
export interface Context {
  plan: UsagePlan;
  coefficients: Coefficients;
  deployment: Deployment;
  limits: readonly QuotaInForce[];
  projection: Projection;
  /** On the plan's busiest day. */
  load: Load;
  date: string;
}

export const plain = { code: null, by: null, present: null } as const;

/** Demand at the end of the horizon should be this share of a requested quota: growth and bursts beyond the plan need room. An assumption. */
export const targetUtilisation = 0.7;
/** Rounded up to two significant figures. */
export function twoFigures(value: number): number {
  const scale = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, value))) - 1);
  return Math.ceil(value / scale - 1e-9) * scale;
}

export const figure = (value: number): string => (value >= 1_000 ? whole(value) : String(Number(value.toPrecision(3))));
export const whole = (value: number): string => Math.round(value).toLocaleString('en-GB');
export const percent = (share: number): string => `${Number((share * 100).toPrecision(3))}%`;

/** The plan's service level objectives against the measurements. */
import type { Slo } from '../../capacity/demand/plan.ts';
import type { LatencyRow, PercentileMs } from './latency.ts';
import type { Ledger, Outcomes } from './ledger.ts';
import { milliseconds, percent } from './numbers.ts';
import type { Reason } from './warnings/reason.ts';

export interface SloRow {
  id: string;
  name: string;
  unit: 'ms' | 'share';
  limit: number;
  /** Null: nothing was measured. */
  measured: number | null;
  kept: boolean | null;
  tooFewSamples: boolean;
  /** Of a latency, in ms; null where it is not known. */
  interval95: PercentileMs['interval95'];
}

/** Connects are judged over the whole run (they come before the steady state), the rest in the steady state. */
export function sloRows(slo: Slo, latency: readonly LatencyRow[], ledger: Ledger): SloRow[] {
  const p99 = (id: LatencyRow['id'], limit: number, window: 'steady' | 'run'): SloRow => {
    const row = latency.find((each) => each.id === id);
    const measured = row?.[window]?.p99 ?? null;
    return {
      id: `${id}P99Ms`,
      name: `${row?.name ?? id} p99`,
      unit: 'ms',
      limit,
      measured: measured?.ms ?? null,
      kept: measured && measured.ms <= limit,
      tooFewSamples: measured?.tooFewSamples ?? false,
      interval95: measured?.interval95 ?? null,
    };
  };
  const failed = (what: 'connects' | 'messages' | 'webhooks', success: string): SloRow => {
    const measured = failedShare(ledger[what], success);
    return {
      id: `${what}.errorShare`,
      name: `failed ${what}`,
      unit: 'share',
      limit: slo.errorShare,
      measured,
      kept: measured === null ? null : measured <= slo.errorShare,
      tooFewSamples: false,
      interval95: null,
    };
  };
  return [
    p99('connect', slo.connectP99Ms, 'run'),
    p99('roundTrip', slo.roundTripP99Ms, 'steady'),
    p99('delivery', slo.deliveryP99Ms, 'steady'),
    failedConnects(slo, ledger) ?? failed('connects', 'opened'),
    failed('messages', 'answered'),
    failed('webhooks', 'accepted'),
    missingPushes(slo, ledger),
  ];
}

/** Where clients retry, a refused attempt does not count as a failed connect; a client that gives up, or fails for longer than a timeout, does. Null where they do not retry. */
function failedConnects(slo: Slo, { connects, recoveries }: Ledger): SloRow | null {
  if (recoveries === null || recoveries.recovered + recoveries.abandoned === 0) return null;
  const opened = connects.outcomes.opened ?? 0;
  const measured = recoveries.abandoned / (opened + recoveries.abandoned);
  return {
    id: 'connects.errorShare',
    name: 'failed connects',
    unit: 'share',
    limit: slo.errorShare,
    measured,
    kept: measured <= slo.errorShare,
    tooFewSamples: false,
    interval95: null,
  };
}

/** A push that never came is in no percentile of the delivery latency, so it counts here. */
function missingPushes(slo: Slo, { pushes }: Ledger): SloRow {
  const measured = pushes.expected === 0 ? null : (Math.max(0, pushes.missing) + pushes.late) / pushes.expected;
  return {
    id: 'pushes.errorShare',
    name: 'missing pushes',
    unit: 'share',
    limit: slo.errorShare,
    measured,
    kept: measured === null ? null : measured <= slo.errorShare,
    tooFewSamples: false,
    interval95: null,
  };
}

export function sloReasons(rows: readonly SloRow[]): Reason[] {
  return rows
    .filter((row) => row.kept === false)
    .map(({ id, name, unit, limit, measured }) => {
      const show = unit === 'ms' ? milliseconds : percent;
      return {
        code: `slo.${id}`,
        sentence: `${unit === 'ms' ? capitalised(name) : `The share of ${name}`} was ${show(measured ?? 0)}; the plan allows ${show(limit)}.`,
        next: 'See the timeline for when it began, and the headroom table for quotas near their limit.',
      };
    });
}

const failedShare = ({ started, outcomes }: Outcomes, success: string): number | null =>
  started > 0 ? (started - (outcomes[success] ?? 0)) / started : null;

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

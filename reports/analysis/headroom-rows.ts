/** The headroom table: each quota against the run, the plan today and each later stage. */
import type { Headroom, KnownHeadroom } from '../../capacity/headroom/headroom.ts';
import type { QuotaInForce } from '../../capacity/headroom/quota.ts';
import type { ProjectionPoint } from '../../capacity/projection/projection.ts';

/** Of capacity's headroom, what the row does not say already. */
export type HeadroomCell =
  | Pick<KnownHeadroom, 'kind' | 'demand' | 'limit' | 'basis' | 'utilisation' | 'headroom' | 'secondsToThrottle'>
  | Pick<Extract<Headroom, { kind: 'unknown' }>, 'kind' | 'reason'>;

export interface HeadroomRow {
  quotaId: string;
  name: string;
  /** Service Quotas code; null where AWS has none. */
  code: string | null;
  unit: string;
  limit: number;
  burst: number | null;
  limitFrom: QuotaInForce['limitFrom'];
  adjustable: QuotaInForce['adjustable'];
  /** How its limit is moved, or the load kept below it; the last is always a redesign. */
  remedies: QuotaInForce['remedies'];
  /** False: a size or a timeout, which users don't use up. */
  grows: boolean;
  /** True: it follows from the stack alone, whatever the load: stages, routes, memory. */
  fixed: boolean;
  source: string;
  readOn: string;
  confidence: QuotaInForce['confidence'];
  /** Of the burst; null where there is none. */
  burstConfidence: QuotaInForce['confidence'] | null;
  /** How demand is computed. */
  demandSentence: string;
  /** The load that the run offered. */
  run: HeadroomCell;
  /** The plan on its own date. */
  today: HeadroomCell;
  /** The plan on the first day of each later stage, and at the end of its horizon. */
  later: { label: string; date: string; cell: HeadroomCell }[];
}

/** Whether any of the loads exceeds it: the run, the plan today, or the plan later. */
export const isExceeded = ({ run, today, later }: HeadroomRow): boolean =>
  [run, today, ...later.map(({ cell }) => cell)].some((cell) => cell.kind === 'value' && cell.utilisation > 1);

/** What no load moves is not worth a row, unless it is exceeded. */
export const isWorthShowing = (row: HeadroomRow): boolean => !row.fixed || isExceeded(row);

/** Rows by least headroom today: those that grow and those that are exceeded first, then sizes and timeouts, then the unknown. */
export function headroomRows(
  quotas: readonly QuotaInForce[],
  run: readonly Headroom[],
  points: readonly ProjectionPoint[],
): HeadroomRow[] {
  const [today] = points;
  const later = laterPoints(points);
  return quotas
    .map((quota): HeadroomRow => {
      const { id, name, code, unit, limit, adjustable, remedies, grows, source, readOn, confidence } = quota;
      return {
        quotaId: id,
        name,
        code,
        unit,
        limit,
        burst: quota.limitBurst,
        limitFrom: quota.limitFrom,
        adjustable,
        remedies,
        grows,
        fixed: quota.fixed === true,
        source,
        readOn,
        confidence,
        burstConfidence: quota.limitBurst === null ? null : (quota.burstConfidence ?? confidence),
        demandSentence: quota.sentence,
        run: cellOf(run, id),
        today: cellOf(today?.headroom ?? [], id),
        later: later.map(({ label, point }) => ({ label, date: point.date, cell: cellOf(point.headroom, id) })),
      };
    })
    .toSorted((a, b) => rank(a) - rank(b));
}

/** The first day of each later stage, and the end of the horizon. */
function laterPoints(points: readonly ProjectionPoint[]): { label: string; point: ProjectionPoint }[] {
  const stages = points
    .filter(({ stageBegins }) => stageBegins)
    .map((point) => ({ label: point.stage ?? 'next stage', point }));
  const last = points.at(-1);
  return last && last.months > 0 ? [...stages, { label: 'end of horizon', point: last }] : stages;
}

function rank(row: HeadroomRow): number {
  const { today, grows } = row;
  if (today.kind === 'unknown') return isExceeded(row) ? 0 : 1e12;
  return today.headroom + (grows || isExceeded(row) ? 0 : 1e6);
}

function cellOf(rows: readonly Headroom[], quotaId: string): HeadroomCell {
  const row = rows.find((each) => each.quotaId === quotaId);
  if (row?.kind !== 'value') return { kind: 'unknown', reason: row?.reason ?? 'It was not computed.' };
  const { demand, limit, basis, utilisation, headroom, secondsToThrottle } = row;
  return { kind: 'value', demand, limit, basis, utilisation, headroom, secondsToThrottle };
}

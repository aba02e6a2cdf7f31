/** From totals of a run to coefficients per unit of load. */
import type { Known } from '../known.ts';
import { type Coefficient, type Coefficients, type Role, roles, type TableUnits, unitOfRole } from './coefficients.ts';

/** A stretch of the run: what happened, and the table units consumed meanwhile. */
export interface PhaseUse {
  connects: number;
  disconnects: number;
  webhooks: number;
  writeUnits: Known<number>;
  readUnits: Known<number>;
}

export interface RunMeasurements {
  target: 'local' | 'aws';
  connects: number;
  messages: number;
  webhooks: number;
  pushesExpected: number;
  /** Calls to @connections, whatever their answer. */
  pushCalls: Known<number>;
  invocations: Record<Role, Known<number>>;
  meanSeconds: Record<Role, Known<number>>;
  p99Seconds: Record<Role, Known<number>>;
  pushBytes: Known<number>;
  /** Connecting, loaded (steady and draining) and closing; null when the series is too coarse to be split by phase. */
  phases: { connecting: PhaseUse; loaded: PhaseUse; closing: PhaseUse } | null;
  whole: PhaseUse;
}

/**
 * Coefficients of a run: total over units, c = T / n. Means of the run's own mix (payload sizes, batches, tabs); they hold for loads of that mix.
 * Table units are those of the code path where they explain the measured total within 2%. Where they don't (another stack, other
 * traffic) they come from the phases of the run, if those are separable: connects alone while connecting, disconnects alone while closing,
 * and the remainder in between belongs to webhooks; else from the code path, scaled to the measured total, and marked `model`.
 */
export function measureCoefficients(run: RunMeasurements): Coefficients {
  const units = { connect: run.connects, message: run.messages, webhook: run.webhooks };
  const eachRole = (of: (role: Role) => Coefficient) =>
    Object.fromEntries(roles.map((role) => [role, of(role)])) as Record<Role, Coefficient>;
  return {
    from: run.target,
    callsPerPush: per(run.pushCalls, run.pushesExpected, 'calls/push', '@connections calls', 'expected pushes'),
    invocations: eachRole((role) => {
      const unit = unitOfRole[role];
      return per(run.invocations[role], units[unit], `invocations/${unit}`, `${role} invocations`, `${unit}s`);
    }),
    meanSeconds: eachRole((role) => asIs(run.meanSeconds[role], 's', `mean duration of ${role}`)),
    p99Seconds: eachRole((role) => asIs(run.p99Seconds[role], 's', `largest p99 duration of ${role} in a period`)),
    writeUnits: tableUnits(run, 'writeUnits'),
    readUnits: tableUnits(run, 'readUnits'),
    pushBytes: asIs(run.pushBytes, 'bytes', 'mean size of a frame received'),
  };
}

/**
 * Table units that the reference stack's code consumes: connect puts one row; disconnect deletes it and reads its channels; a webhook writes its
 * event id twice (claim, complete) and reads its owner's connections. Rows are under 1 KB, reads consistent and under 4 KB.
 * Used where a total cannot be separated by phase.
 */
const codePath = {
  writeUnits: { connects: 1, disconnects: 1, webhooks: 2 },
  readUnits: { connects: 0, disconnects: 1, webhooks: 1 },
} as const;

/** How far a measured total may differ from the prediction of the code path and still confirm it: retries and replays cost a little. */
const confirmationTolerance = 0.02;
/** Units a connect. */
const refutationMargin = 0.1;

function tableUnits(run: RunMeasurements, kind: 'writeUnits' | 'readUnits'): TableUnits {
  const { phases, whole } = run;
  const confirmed = phases !== null && isRefuted(phases.connecting, kind) ? null : confirmedCodePath(whole, kind);
  return confirmed ?? (phases === null ? byCodePath(whole, kind) : byPhase(phases, kind));
}

/**
 * A total is one number for three coefficients, and may agree by chance. But before the first connect nothing touches the table, so what
 * is consumed while connecting is the connects' (or less of it, when some is counted late): more than that refutes the code path.
 */
function isRefuted(connecting: PhaseUse, kind: 'writeUnits' | 'readUnits'): boolean {
  const { connects, [kind]: consumed } = connecting;
  return consumed.kind === 'value' && consumed.value > (codePath[kind].connects + refutationMargin) * connects;
}

/** Units by the code path where these explain the whole run's measured total; else null. */
function confirmedCodePath(whole: PhaseUse, kind: 'writeUnits' | 'readUnits'): TableUnits | null {
  const path = codePath[kind];
  const total = whole[kind];
  const predicted = predictedUnits(whole, kind);
  if (total.kind === 'unknown' || predicted === 0) return null;
  const difference = Math.abs(total.value / predicted - 1);
  if (difference > confirmationTolerance) return null;
  const of = (value: number, name: string): Coefficient => ({
    kind: 'value',
    value,
    unit: `${unitNames[kind]}/${name}`,
    method: 'measured',
    basis: `code path, which explains the measured total of ${total.value} ${unitNames[kind]} within ${(difference * 100).toFixed(1)}%`,
  });
  return {
    perConnect: of(path.connects, 'connect'),
    perDisconnect: of(path.disconnects, 'disconnect'),
    perWebhook: of(path.webhooks, 'webhook'),
  };
}

function predictedUnits(whole: PhaseUse, kind: 'writeUnits' | 'readUnits'): number {
  const path = codePath[kind];
  return path.connects * whole.connects + path.disconnects * whole.disconnects + path.webhooks * whole.webhooks;
}

function byPhase(phases: NonNullable<RunMeasurements['phases']>, kind: 'writeUnits' | 'readUnits'): TableUnits {
  const unit = unitNames[kind];
  const { connecting, loaded, closing } = phases;
  const connects = per(connecting[kind], connecting.connects, `${unit}/connect`, unit, 'connects while connecting');
  const perConnect = connects.kind === 'value' ? connects : fromCode(codePath[kind].connects, `${unit}/connect`);
  const known = perConnect.kind === 'value' ? perConnect.value * loaded.connects : 0;
  const total = loaded[kind];
  const rest: Known<number> =
    total.kind === 'value' ? { kind: 'value', value: Math.max(0, total.value - known) } : total;
  const measured = per(closing[kind], closing.disconnects, `${unit}/disconnect`, unit, 'disconnects while closing');
  return {
    perConnect,
    perDisconnect: measured.kind === 'value' ? measured : fromCode(codePath[kind].disconnects, `${unit}/disconnect`),
    perWebhook: per(rest, loaded.webhooks, `${unit}/webhook`, unit, 'webhooks while loaded'),
  };
}

function byCodePath(whole: PhaseUse, kind: 'writeUnits' | 'readUnits'): TableUnits {
  const path = codePath[kind];
  const total = whole[kind];
  const modelled = predictedUnits(whole, kind);
  const share = (weight: number, name: string): Coefficient => {
    const unit = `${unitNames[kind]}/${name}`;
    if (total.kind === 'unknown') return { kind: 'unknown', unit, reason: total.reason };
    if (modelled === 0) return { kind: 'unknown', unit, reason: 'The run did not touch the table.' };
    const scale = total.value / modelled;
    const basis = `code path (${weight}), scaled by ${scale.toPrecision(3)} to the measured total`;
    return { kind: 'value', value: weight * scale, unit, method: 'model', basis };
  };
  return {
    perConnect: share(path.connects, 'connect'),
    perDisconnect: share(path.disconnects, 'disconnect'),
    perWebhook: share(path.webhooks, 'webhook'),
  };
}

const unitNames = { writeUnits: 'WRU', readUnits: 'RRU' } as const;

const fromCode = (value: number, unit: string): Coefficient => ({
  kind: 'value',
  value,
  unit,
  method: 'model',
  basis: 'code path: the run has no separate measurement',
});

function per(total: Known<number>, units: number, unit: string, ofWhat: string, unitName: string): Coefficient {
  if (total.kind === 'unknown') return { kind: 'unknown', unit, reason: total.reason };
  if (units === 0) return { kind: 'unknown', unit, reason: `The run had no ${unitName}.` };
  const basis = `${total.value} ${ofWhat} over ${units} ${unitName}`;
  return { kind: 'value', value: total.value / units, unit, method: 'measured', basis };
}

function asIs(measured: Known<number>, unit: string, basis: string): Coefficient {
  if (measured.kind === 'unknown') return { kind: 'unknown', unit, reason: measured.reason };
  return { kind: 'value', value: measured.value, unit, method: 'measured', basis };
}

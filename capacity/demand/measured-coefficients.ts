/** From totals of a run to coefficients per unit of load, for each resource. */
import type { StackCode } from '../headroom/deployment.ts';
import { type Known, mapKnown } from '../known.ts';
import {
  type AskKind,
  askKinds,
  type Coefficient,
  type Coefficients,
  type FunctionCosts,
  type LoadKind,
  loadKinds,
  type TableCosts,
  type UnitCosts,
} from './coefficients.ts';

/** Units of each kind of load. */
export type Units = Readonly<Record<LoadKind, number>>;

/** A figure of a resource: over the run and in each of its phases. */
export interface Total {
  whole: Known<number>;
  /** Connecting, loaded (steady and draining) and closing; null where the series is too coarse to be split. */
  phases: { connecting: Known<number>; loaded: Known<number>; closing: Known<number> } | null;
}

/** `kinds`: what can have caused its work, by the arrows of the stack; empty: they show nothing. */
interface Reached {
  id: string;
  kinds: readonly LoadKind[];
}

export interface RunMeasurements {
  target: 'local' | 'aws';
  units: { whole: Units; connecting: Units; loaded: Units; closing: Units };
  /** Requests of tabs over HTTP: reads of the stage, and of events. Absent: none. */
  asks?: { stageReads: number; polls: number };
  pushesExpected: number;
  /** Calls to @connections, whatever their answer. */
  pushCalls: Known<number>;
  pushBytes: Known<number>;
  functions: readonly (Reached & { invocations: Total; meanSeconds: Known<number>; p99Seconds: Known<number> })[];
  tables: readonly (Reached & { writeUnits: Total; readUnits: Total })[];
  queues: readonly (Reached & { sent: Total })[];
  /** Absent: there is none. */
  topics?: readonly (Reached & { published: Total })[];
  eventBuses?: readonly (Reached & { matched: Total })[];
  rules?: readonly (Reached & { invocations: Total })[];
}

/**
 * Coefficients of a run: total over units, c = T / n. Means of the run's own mix (payload sizes, batches, tabs); they hold for loads of that mix. What
 * pushes cost is part of their webhooks. What several kinds of load can have caused comes from the phases of the run: connects alone while connecting,
 * disconnects alone while closing, and the rest in between. Where messages and webhooks are both left, it is unknown: a profile tells them apart. Of a
 * stack whose code path is known, table units are those of the code path where they explain the measured total within 2%.
 */
export function measureCoefficients(run: RunMeasurements, code?: StackCode | undefined): Coefficients {
  const units = (total: Total, { kinds }: Reached, unit: string) => costsOf(total, kinds, { run, unit });
  return {
    from: run.target,
    callsPerPush: per(run.pushCalls, run.pushesExpected, {
      unit: 'calls/push',
      of: '@connections calls',
      over: 'expected pushes',
    }),
    pushBytes: asIs(run.pushBytes, 'bytes', 'mean size of a frame received'),
    functions: byId(run.functions, (each): FunctionCosts => {
      if (each.id === code?.fallback?.function && run.asks) return askedCosts(each, run.asks);
      const invocations = units(each.invocations, each, 'invocations');
      return {
        invocations,
        busySeconds: busyOf(invocations, each),
        p99Seconds: asIs(each.p99Seconds, 's', `largest p99 duration of ${each.id} in a period`),
      };
    }),
    tables: byId(run.tables, (each): TableCosts => {
      const of = (figure: 'writeUnits' | 'readUnits'): UnitCosts => {
        const [total, unit] = [each[figure], unitNames[figure]];
        const path = code?.tableUnits[each.id]?.[figure];
        if (path === undefined) return units(total, each, unit);
        if (figure === 'readUnits' && run.asks && each.id === code?.fallback?.table)
          return besidePolls(total.whole, path, { run: { ...run, asks: run.asks }, unit });
        const kinds = loadKinds.filter((kind) => path[kind] !== undefined);
        return byCodePath(total, path, { run, unit }) ?? units(total, { ...each, kinds }, unit);
      };
      return { writeUnits: of('writeUnits'), readUnits: of('readUnits') };
    }),
    queues: byId(run.queues, (each) => units(each.sent, each, 'messages')),
    ...(run.topics && { topics: byId(run.topics, (each) => units(each.published, each, 'messages')) }),
    ...(run.eventBuses && { eventBuses: byId(run.eventBuses, (each) => units(each.matched, each, 'events')) }),
    ...(run.rules && { rules: byId(run.rules, (each) => units(each.invocations, each, 'invocations')) }),
  };
}

/** Of the function that answers tabs: a run does not tell its answers apart. */
function askedCosts(
  { id, invocations, meanSeconds, p99Seconds }: RunMeasurements['functions'][number],
  { stageReads, polls }: NonNullable<RunMeasurements['asks']>,
): FunctionCosts {
  const of = (kind: AskKind) =>
    per(invocations.whole, stageReads + polls, {
      unit: `invocations/${kind}`,
      of: 'invocations',
      over: 'requests of tabs',
    });
  const each: UnitCosts = Object.fromEntries(askKinds.map((kind) => [kind, of(kind)]));
  return {
    invocations: each,
    busySeconds: busyOf(each, { id, meanSeconds }),
    p99Seconds: asIs(p99Seconds, 's', `largest p99 duration of ${id} in a period`),
  };
}

/** Reads of a table that polls read as well: of the rest by the code path, and of polls what is left. */
function besidePolls(
  whole: Known<number>,
  path: Readonly<Record<string, number>>,
  { run: { units, asks }, unit }: { run: { units: RunMeasurements['units']; asks: { polls: number } }; unit: string },
): UnitCosts {
  const explained = loadKinds.reduce((sum, kind) => sum + (path[kind] ?? 0) * units.whole[kind], 0);
  const left = mapKnown(whole, (total) => Math.max(0, total - explained));
  const poll = (kind: AskKind) =>
    per(left, asks.polls, { unit: `${unit}/${kind}`, of: `${unit} beside the code path of the rest`, over: 'polls' });
  const rest = loadKinds.flatMap((kind): [LoadKind, Coefficient][] =>
    path[kind] === undefined
      ? []
      : [
          [
            kind,
            { kind: 'value', value: path[kind], unit: `${unit}/${kind}`, method: 'model', basis: 'the code path' },
          ],
        ],
  );
  return { ...Object.fromEntries(rest), poll: poll('poll'), firstRead: poll('firstRead') };
}

const unitNames = { writeUnits: 'WRU', readUnits: 'RRU' } as const;

const byId = <Each extends { id: string }, T>(all: readonly Each[], of: (each: Each) => T): Record<string, T> =>
  Object.fromEntries(all.map((each) => [each.id, of(each)]));

interface In {
  run: Pick<RunMeasurements, 'units'>;
  unit: string;
}

const unitsWords: Record<LoadKind, string> = {
  connect: 'connects',
  disconnect: 'disconnects',
  message: 'messages',
  webhook: 'webhooks',
  push: 'pushes',
};

/** What a unit of each kind costs that can have caused it and that the run had. */
function costsOf({ whole, phases }: Total, reached: readonly LoadKind[], { run: { units }, unit }: In): UnitCosts {
  const kinds = (reached.length > 0 ? reached : loadKinds).filter((kind) => kind !== 'push' && units.whole[kind] > 0);
  const cost = (kind: LoadKind, total: Known<number>, over: Units, during = '') =>
    per(total, over[kind], { unit: `${unit}/${kind}`, of: unit, over: `${unitsWords[kind]}${during}` });
  const [only, ...others] = kinds;
  if (only === undefined) return {};
  if (others.length === 0) return { [only]: cost(only, whole, units.whole) };
  if (phases === null) return unknownFor(kinds, unit, 'several kinds of load came together');
  const connect =
    kinds.includes('connect') && cost('connect', phases.connecting, units.connecting, ' while connecting');
  const disconnect =
    kinds.includes('disconnect') && cost('disconnect', phases.closing, units.closing, ' while closing');
  const explained =
    (connect && connect.kind === 'value' ? connect.value * units.loaded.connect : 0) +
    (disconnect && disconnect.kind === 'value' ? disconnect.value * units.loaded.disconnect : 0);
  const rest = mapKnown(phases.loaded, (total) => Math.max(0, total - explained));
  const left = kinds.filter((kind) => kind === 'message' || kind === 'webhook');
  const [alone, ...together] = left;
  const isNothing = rest.kind === 'value' && rest.value === 0;
  return {
    ...(connect && { connect }),
    ...(disconnect && { disconnect }),
    ...(alone !== undefined &&
      (together.length === 0 || isNothing
        ? Object.fromEntries(left.map((kind) => [kind, cost(kind, rest, units.loaded, ' while loaded')]))
        : unknownFor(left, unit, 'messages and webhooks came together'))),
  };
}

const unknownFor = (kinds: readonly LoadKind[], unit: string, why: string): UnitCosts =>
  Object.fromEntries(
    kinds.map((kind) => [
      kind,
      { kind: 'unknown', unit: `${unit}/${kind}`, reason: `In the run ${why}: \`loadline profile\` tells them apart.` },
    ]),
  );

/** Invocations × their mean duration. */
function busyOf(invocations: UnitCosts, { id, meanSeconds }: { id: string; meanSeconds: Known<number> }): UnitCosts {
  return Object.fromEntries(
    Object.entries(invocations).map(([kind, each]): [string, Coefficient] => {
      const unit = `s/${kind}`;
      if (each.kind === 'value' && each.value === 0) return [kind, { ...each, unit }];
      if (each.kind === 'unknown') return [kind, { kind: 'unknown', unit, reason: each.reason }];
      if (meanSeconds.kind === 'unknown') return [kind, { kind: 'unknown', unit, reason: meanSeconds.reason }];
      const basis = `${each.basis}, × mean duration of ${id}, ${meanSeconds.value} s`;
      return [kind, { ...each, unit, value: each.value * meanSeconds.value, basis }];
    }),
  );
}

/** How far a measured total may differ from the prediction of the code path and still confirm it: retries and replays cost a little. */
const confirmationTolerance = 0.02;
/** Units a connect. */
const refutationMargin = 0.1;

/**
 * Units by the code path: as they are where they explain the whole run's measured total; scaled to it, and marked `model`, where the run cannot be
 * split. Undefined: they don't explain it, and the run's phases are to be asked.
 */
function byCodePath(
  { whole, phases }: Total,
  path: Readonly<Record<string, number>>,
  { run: { units }, unit }: In,
): UnitCosts | undefined {
  const predicted = loadKinds.reduce((sum, kind) => sum + (path[kind] ?? 0) * units.whole[kind], 0);
  const connecting = phases?.connecting;
  // A total is one number for several coefficients, and may agree by chance. But before the first connect nothing touches the table, so what
  // is consumed while connecting is the connects' (or less of it, when some is counted late): more than that refutes the code path.
  const isRefuted =
    connecting?.kind === 'value' &&
    connecting.value > ((path.connect ?? 0) + refutationMargin) * units.connecting.connect;
  const difference = whole.kind === 'value' && predicted > 0 ? Math.abs(whole.value / predicted - 1) : null;
  const each = (of: (weight: number, kind: LoadKind) => Coefficient): UnitCosts =>
    Object.fromEntries(loadKinds.flatMap((kind) => (path[kind] === undefined ? [] : [[kind, of(path[kind], kind)]])));
  if (!isRefuted && difference !== null && difference <= confirmationTolerance && whole.kind === 'value')
    return each((value, kind) => ({
      ...{ kind: 'value', value, unit: `${unit}/${kind}`, method: 'measured' },
      basis: `code path, which explains the measured total of ${whole.value} ${unit} within ${(difference * 100).toFixed(1)}%`,
    }));
  if (phases !== null) return undefined;
  return each((weight, kind) => {
    const about = { unit: `${unit}/${kind}` };
    if (whole.kind === 'unknown') return { kind: 'unknown', ...about, reason: whole.reason };
    if (predicted === 0) return { kind: 'unknown', ...about, reason: 'The run did not touch the table.' };
    const scale = whole.value / predicted;
    const basis = `code path (${weight}), scaled by ${scale.toPrecision(3)} to the measured total`;
    return { kind: 'value', ...about, value: weight * scale, method: 'model', basis };
  });
}

function per(
  total: Known<number>,
  units: number,
  { unit, of, over }: { unit: string; of: string; over: string },
): Coefficient {
  if (total.kind === 'unknown') return { kind: 'unknown', unit, reason: total.reason };
  if (units === 0) return { kind: 'unknown', unit, reason: `The run had no ${over}.` };
  const basis = `${total.value} ${of} over ${units} ${over}`;
  return { kind: 'value', value: total.value / units, unit, method: 'measured', basis };
}

function asIs(measured: Known<number>, unit: string, basis: string): Coefficient {
  if (measured.kind === 'unknown') return { kind: 'unknown', unit, reason: measured.reason };
  return { kind: 'value', value: measured.value, unit, method: 'measured', basis };
}

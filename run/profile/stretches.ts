/** A trial's observation as stretches of load and use: what the profile is computed from. Pure. */
import type { LoadKey, LoadPhase, Stretch } from '../../capacity/profile/profile.ts';
import type { EnteredApis } from '../../graph/entered.ts';
import type { ClientSecond, Observation, Series } from '../../record/observation.ts';
import type { RecordedFigure } from '../../record/profile.ts';
import { findSeries, resourceIds } from '../../reports/analysis/series.ts';
import { CrashError } from '../errors.ts';
import { cpuSeries } from './service-use.ts';

/** From `from` on and before `to`, in seconds since the epoch. */
interface Window {
  from: number;
  to: number;
}

const always: Window = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };
/** Parts of a phase, for intervals. */
const wantedBatches = 8;
/** A count may be a second or a period late: batches much longer than that. */
const fewestPeriods = 2;

/** What a phase's units are counted as, by the place in the mix: of one that sends a single message, its own name alone. */
export interface UnitKeys {
  message: readonly LoadKey[];
  webhook: readonly LoadKey[];
}

const ofFirst: UnitKeys = { message: ['message'], webhook: ['webhook'] };
/** Pushes are those of their webhooks. */
export const pushKeyOf = (webhook: LoadKey): LoadKey =>
  webhook === 'webhook' ? 'push' : `push ${webhook.slice('webhook '.length)}`;

/** The one phase of a trial with this kind of load in its steady state. */
export function phaseOf(
  kind: LoadPhase['kind'],
  observation: Observation,
  { entered, keys }: { entered: EnteredApis; keys: UnitKeys },
): LoadPhase {
  const stretchOf = stretchesOf(observation, entered, keys);
  const { steadyFirstSecond: from, steadyLastSecond } = observation.clock;
  const steady = from === null || steadyLastSecond === null ? null : { from, to: steadyLastSecond + 1 };
  return { kind, whole: stretchOf(always), batches: batchesOf(observation, steady, stretchOf) };
}

/** The two phases of a trial without any other load: connections come until they are closed. */
export function connectionPhases(observation: Observation, entered: EnteredApis): LoadPhase[] {
  const stretchOf = stretchesOf(observation, entered);
  const { client, clock } = observation;
  const opened = clock.steadyFirstSecond ?? clock.lastSecond;
  const firstClose = client.seconds.find(({ second, counters }) => second >= opened && counters.closesRequested > 0);
  const closing = splitBefore(firstClose?.second ?? clock.lastSecond, opened, observation.server.periodSeconds);
  const ramp = { from: clock.firstSecond, to: opened };
  return [
    {
      kind: 'connect',
      whole: stretchOf({ ...always, to: closing }),
      batches: batchesOf(observation, ramp, stretchOf),
    },
    {
      kind: 'disconnect',
      whole: stretchOf({ ...always, from: closing }),
      batches: batchesOf(observation, { from: closing, to: clock.lastSecond + 1 }, stretchOf),
    },
  ];
}

/** Where connects and disconnects are divided: at the last border of CloudWatch's periods before connections are closed. */
function splitBefore(closing: number, opened: number, periodSeconds: number): number {
  const border = Math.floor(closing / periodSeconds) * periodSeconds;
  if (border < opened)
    throw new CrashError(
      `Connections were closed ${Math.max(0, closing - opened)} s after the last one opened, although this phase holds them for longer, and CloudWatch counts by ${periodSeconds} s: what opening and what closing one costs cannot be told apart. The report of the phase, the newest folder in trials/ of the profile, says what ended it early.`,
    );
  return border;
}

function batchesOf(observation: Observation, window: Window | null, stretchOf: (window: Window) => Stretch): Stretch[] {
  if (window === null) return [];
  const seconds = Math.max(
    Math.floor((window.to - window.from) / wantedBatches),
    fewestPeriods * observation.server.periodSeconds,
  );
  const count = Math.floor((window.to - window.from) / seconds);
  return Array.from({ length: count }, (_, n) =>
    stretchOf({ from: window.from + n * seconds, to: window.from + (n + 1) * seconds }),
  );
}

const stretchesOf =
  ({ client, server }: Observation, { webSocket }: EnteredApis, keys: UnitKeys = ofFirst) =>
  (window: Window): Stretch => {
    const within = client.seconds.filter(({ second }) => second >= window.from && second < window.to);
    const total = (of: (counters: ClientSecond['counters']) => number) =>
      within.reduce((sum, { counters }) => sum + of(counters), 0);
    return {
      units: {
        connect: total(({ connectsOpened }) => connectsOpened),
        disconnect: total(({ closesRequested, closesUnexpected }) => closesRequested + closesUnexpected),
        ...unitsByRoute(within, keys),
      },
      asks: { polls: total((each) => each.pollsAnswered), stageReads: total((each) => each.stageReadsAnswered) },
      use: new Map([
        ...figures.flatMap((figure) =>
          resourceIds(server, figure.service, figure.series).map((id): [string, number] => [
            `${figure.service}.${id}.${figure.name}`,
            figure.weight === undefined
              ? sumWithin(server, `${figure.service}.${id}.${figure.series}`, window) * (figure.scale ?? 1)
              : weightedWithin(server, `${figure.service}.${id}`, { ...figure, weight: figure.weight }, window),
          ]),
        ),
        // CloudWatch counts no bytes of WebSocket APIs: those of the client's frames.
        ...(webSocket === null
          ? []
          : ([
              [`apigateway.${webSocket}.bytesIn`, total(({ bytesSent }) => bytesSent)],
              [`apigateway.${webSocket}.bytesOut`, total(({ bytesReceived }) => bytesReceived)],
            ] satisfies [string, number][])),
      ]),
    };
  };

/** Messages, webhooks and pushes, each by its route where there are several. */
function unitsByRoute(seconds: readonly ClientSecond[], { message, webhook }: UnitKeys): Stretch['units'] {
  const units: Partial<Record<LoadKey, number>> = {};
  const add = (key: LoadKey, count: number) => {
    units[key] = (units[key] ?? 0) + count;
  };
  const routesOf = ({ routes, counters }: ClientSecond, kind: keyof UnitKeys, keys: readonly LoadKey[]) =>
    keys.map((key, place): [LoadKey, Partial<ClientSecond['counters']>] => [
      key,
      keys.length === 1 ? counters : (routes?.[kind]?.[place]?.counters ?? {}),
    ]);
  for (const second of seconds) {
    for (const [key, { messagesSent = 0 }] of routesOf(second, 'message', message)) add(key, messagesSent);
    for (const [key, counters] of routesOf(second, 'webhook', webhook)) {
      const { webhooksAccepted = 0, pushesDelivered = 0, pushesLate = 0 } = counters;
      add(key, webhooksAccepted);
      add(pushKeyOf(key), pushesDelivered + pushesLate);
    }
  }
  return units;
}

type Service = RecordedFigure['service'];
const services: readonly Service[] = ['apigateway', 'lambda', 'sqs', 'sns', 'events', 'dynamodb', 'ecs'];

/** `lambda.Send.invocations` in its parts. */
export function figureOf(key: string): Pick<RecordedFigure, 'service' | 'resource' | 'figure'> {
  const [first, last] = [key.indexOf('.'), key.lastIndexOf('.')];
  const service = services.find((each) => each === key.slice(0, first));
  if (service === undefined) throw new Error(`There is no service in the figure ${key}.`);
  return { service, resource: key.slice(first + 1, last), figure: key.slice(last + 1) };
}

interface FigureSource {
  service: Service;
  name: string;
  series: string;
  /** The figure is a sum of this series' values, each times the value of `series`. */
  weight?: string;
  /** Of the figure's unit in that of the series; default: 1. */
  scale?: number;
}

/** What is counted of each resource. Durations are in ms, as CloudWatch has them: Lambda bills them in whole ms. */
const figures: readonly FigureSource[] = [
  { service: 'apigateway', name: 'messages', series: 'messageCount.sum' },
  { service: 'apigateway', name: 'requests', series: 'count.sum' },
  { service: 'apigateway', name: 'bytes', series: 'dataProcessed.sum' },
  { service: 'lambda', name: 'invocations', series: 'invocations.sum' },
  { service: 'lambda', name: 'durationMs', series: 'invocations.sum', weight: 'duration.avg' },
  { service: 'sqs', name: 'sent', series: 'sent.sum' },
  { service: 'sqs', name: 'received', series: 'received.sum' },
  { service: 'sqs', name: 'deleted', series: 'deleted.sum' },
  { service: 'sns', name: 'published', series: 'published.sum' },
  { service: 'events', name: 'matched', series: 'matched.sum' },
  { service: 'events', name: 'invocations', series: 'invocations.sum' },
  { service: 'dynamodb', name: 'readUnits', series: 'consumedRead.sum' },
  { service: 'dynamodb', name: 'writeUnits', series: 'consumedWrite.sum' },
  { service: 'ecs', name: 'cpuMs', series: cpuSeries, scale: 1 / 1_000 },
];

type Server = Observation['server'];

const pointsOf = (series: Series | undefined, { from, to }: Window): [number, number][] =>
  series?.kind === 'series' ? series.points.filter(([second]) => second >= from && second < to) : [];

const sumWithin = (server: Server, key: string, window: Window): number =>
  pointsOf(findSeries(server, key), window).reduce((sum, [, value]) => sum + value, 0);

function weightedWithin(
  server: Server,
  resource: string,
  { series, weight }: { series: string; weight: string },
  window: Window,
): number {
  const counts = new Map(pointsOf(findSeries(server, `${resource}.${series}`), window));
  return pointsOf(findSeries(server, `${resource}.${weight}`), window).reduce(
    (sum, [second, value]) => sum + value * (counts.get(second) ?? 0),
    0,
  );
}

/** Series that could not be collected: without them a cost would be too low. */
export const uncollected = ({ server }: Observation): string[] =>
  server.series.flatMap((series) => (series.kind === 'noData' && series.failed ? [series.key] : []));

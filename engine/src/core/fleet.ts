import type { ClientRecord } from '../records.ts';
import { type Clock, monotonicClock, SecondLabels } from './clock.ts';
import { Connections } from './connections.ts';
import type { Device } from './device.ts';
import { closeGraceSeconds, closeRateFactor, type FleetSpec } from './fleet-spec.ts';
import { readFrame } from './frames.ts';
import { CpuMeter, LoopDelayProbe } from './health.ts';
import { Ledger } from './ledger.ts';
import { Loop } from './loop.ts';
import { Messages } from './messages.ts';
import { PacedTask } from './paced-task.ts';
import { burstSchedule, constantSchedule, countedSchedule, microsPerSecond } from './pacer.ts';
import { type Population, populate } from './population.ts';
import { Poster } from './poster.ts';
import { seededRandom } from './random.ts';
import { signToken } from './signing.ts';
import { Tally } from './tally.ts';
import { TargetWatch } from './target-watch.ts';
import { Webhooks } from './webhooks.ts';

export type FleetResult =
  | { kind: 'completed' }
  | { kind: 'aborted' }
  /** It makes no sense to go on; the sentence says what happened and what to look at. */
  | { kind: 'failed'; sentence: string };

export interface FleetOptions {
  /** Called each second with what was measured, and at the end. */
  onRecord(record: ClientRecord): void;
  signal: AbortSignal;
  clock?: Clock;
  /** Wall clock in milliseconds since the epoch; only labels are made of it. */
  wallMs?: () => number;
}

/** How often the end of a phase is looked for. */
const phaseCheckMicros = 20_000;
/** Tokens outlast the planned run by this. */
const tokenSpareSeconds = 3_600;

/** Runs one fleet from its first connect to its last close. Settles when no socket and no timer of it is left. */
export async function runFleet(spec: FleetSpec, options: FleetOptions): Promise<FleetResult> {
  const clock = options.clock ?? monotonicClock;
  const wallMs = options.wallMs ?? Date.now;
  const { load } = spec;
  const population = populate({ ...load, prefix: `u-${spec.runTag}-${spec.fleet}` });
  const plannedSeconds = load.connections / load.connectRatePerSecond + load.steadySeconds + load.drainSeconds;
  const expiresAtSeconds = wallMs() / 1_000 + plannedSeconds + tokenSpareSeconds;
  const tokens = await signTokens(population, spec.tokenSecret, expiresAtSeconds);
  if (options.signal.aborted) return { kind: 'aborted' };
  return await new Promise((resolve) => {
    const labels = new SecondLabels({ wallMs: wallMs(), monotonicMicros: clock.nowMicros() });
    const fleet = new Fleet({ spec, population, tokens, clock, labels, onRecord: options.onRecord, onEnd: resolve });
    options.signal.addEventListener('abort', () => fleet.abort(), { once: true });
    fleet.start();
  });
}

/** One token a user, made before the load begins: signing would delay the connects. */
async function signTokens(
  population: Population,
  secret: string,
  expiresAtSeconds: number,
): Promise<Map<string, string>> {
  const tokens = new Map<string, string>();
  for (const { id } of population.users) tokens.set(id, await signToken({ user: id, secret, expiresAtSeconds }));
  return tokens;
}

class Fleet {
  readonly #spec: FleetSpec;
  readonly #devices: readonly Device[];
  readonly #tokens: ReadonlyMap<string, string>;
  readonly #clock: Clock;
  readonly #labels: SecondLabels;
  readonly #onRecord: (record: ClientRecord) => void;
  readonly #onEnd: (result: FleetResult) => void;

  readonly #tally = new Tally();
  readonly #ledger = new Ledger(this.#tally);
  readonly #loop: Loop;
  readonly #cpu: CpuMeter;
  readonly #watch: TargetWatch;
  readonly #connections: Connections;
  readonly #messages: Messages;
  readonly #poster: Poster | null;
  readonly #connecting: PacedTask;
  readonly #messaging: PacedTask;
  readonly #posting: PacedTask;
  readonly #closing: PacedTask;

  #phase: ClientRecord['phase'] = 'connecting';
  #phaseSinceMicros = 0;
  #nextCheckMicros = 0;
  /** The second being measured, and the phase in which it began. */
  #second: number;
  #secondPhase: ClientRecord['phase'] = 'connecting';
  #ended = false;

  constructor(options: {
    spec: FleetSpec;
    population: Population;
    tokens: ReadonlyMap<string, string>;
    clock: Clock;
    labels: SecondLabels;
    onRecord: (record: ClientRecord) => void;
    onEnd: (result: FleetResult) => void;
  }) {
    const { spec, population, clock, labels } = options;
    const { load } = spec;
    const tally = this.#tally;
    this.#spec = spec;
    this.#devices = population.devices;
    this.#tokens = options.tokens;
    this.#clock = clock;
    this.#labels = labels;
    this.#onRecord = options.onRecord;
    this.#onEnd = options.onEnd;
    this.#second = labels.labelOf(clock.nowMicros());
    this.#loop = new Loop(clock);
    this.#cpu = new CpuMeter(clock);
    this.#watch = new TargetWatch(spec.webSocketUrl);
    this.#messages = new Messages({
      clock,
      tally,
      timeoutSeconds: load.timeoutSeconds,
      messageBytes: load.messageBytes,
    });
    this.#connections = new Connections({
      clock,
      tally,
      timeoutSeconds: load.timeoutSeconds,
      localAddresses: spec.localAddresses,
      events: {
        received: (device, text, atMicros) => this.#received(device, text, atMicros),
        lost: (device) => this.#messages.connectionLost(device),
      },
    });
    this.#connecting = new PacedTask(clock, (due, _now, arrival) => this.#connect(arrival, due));
    this.#messaging = new PacedTask(clock, (due) => this.#messages.send(this.#connections.nextOpen(), due));
    this.#closing = new PacedTask(clock, () => this.#connections.closeOne());
    this.#poster = spec.webhookUrl === null ? null : new Poster({ ...load, clock, url: spec.webhookUrl });
    const webhooks =
      this.#poster &&
      new Webhooks({
        clock,
        tally,
        ledger: this.#ledger,
        poster: this.#poster,
        users: population.users,
        offlineOwners: population.offlineOwners,
        random: seededRandom(load.seed),
        secret: spec.webhookSecret,
        bytes: load.webhookBytes,
        replayShare: load.replayShare,
        offlineOwnerShare: load.offlineOwnerShare,
        eventIdPrefix: `e-${spec.runTag}-${spec.fleet}`,
        secondOf: (micros) => labels.labelOf(micros),
      });
    this.#posting = new PacedTask(clock, (due) => webhooks?.post(due));
  }

  start(): void {
    const { load } = this.#spec;
    const now = this.#clock.nowMicros();
    this.#connecting.begin(countedSchedule(load.connections, load.connectRatePerSecond), now);
    this.#enter('connecting', now);
    this.#loop.add(new LoopDelayProbe(this.#tally, now));
    for (const task of [this.#connecting, this.#messaging, this.#posting, this.#closing]) this.#loop.add(task);
    this.#loop.add({ nextDueMicros: () => this.#labels.startOf(this.#second + 1), run: (at) => this.#endSecond(at) });
    this.#loop.add({ nextDueMicros: () => this.#nextCheckMicros, run: (at) => this.#checkPhase(at) });
    this.#loop.start();
  }

  /** Ends at once: no close frames, no drain. What was measured is handed over; the last line says that it was cut off by not being there. */
  abort(): void {
    this.#end({ kind: 'aborted' });
  }

  #connect(arrival: number, intendedAtMicros: number): void {
    const device = this.#devices[arrival];
    if (!device) return;
    const url = new URL(this.#spec.webSocketUrl);
    url.searchParams.set('token', this.#tokens.get(device.user.id) ?? '');
    this.#connections.connect(device, url.href, intendedAtMicros);
  }

  #received(device: Device, text: string, atMicros: number): void {
    const frame = readFrame(text);
    switch (frame.kind) {
      case 'pong':
        this.#messages.answered(device, frame.id, atMicros);
        break;
      case 'event':
        this.#ledger.pushed(device, frame.eventId, atMicros);
        break;
      case 'error':
        this.#messages.failed(device, frame.id, frame.code);
        break;
      case 'gatewayError':
        this.#messages.failed(device, null, frame.message);
        break;
      case 'other':
        this.#tally.countFailure('frame of another type');
        break;
      case 'unreadable':
        this.#tally.count('framesUnreadable');
    }
  }

  #enter(phase: ClientRecord['phase'], now: number): void {
    this.#phase = phase;
    this.#phaseSinceMicros = now;
    this.#nextCheckMicros = now + phaseCheckMicros;
  }

  #checkPhase(now: number): void {
    const { load } = this.#spec;
    this.#nextCheckMicros = now + phaseCheckMicros;
    const elapsed = now - this.#phaseSinceMicros;
    switch (this.#phase) {
      case 'connecting': {
        if (!this.#connecting.exhausted || this.#connections.connectingCount > 0) return;
        this.#enter('steady', now);
        this.#messaging.begin(constantSchedule(load.messageRatePerSecond, load.steadySeconds), now);
        this.#posting.begin(burstSchedule(load.webhookRatePerSecond, load.steadySeconds, load.burst), now);
        return;
      }
      case 'steady':
        // Arrivals that are late are still sent: the steady state lasts until the last of them.
        if (elapsed < load.steadySeconds * microsPerSecond) return;
        if (this.#messaging.exhausted && this.#posting.exhausted) this.#enter('draining', now);
        return;
      case 'draining': {
        const settled =
          this.#messages.outstanding === 0 && (this.#poster?.underWay ?? 0) === 0 && !this.#ledger.hasPushesUnderWay;
        if (!settled && elapsed < load.drainSeconds * microsPerSecond) return;
        this.#enter('closing', now);
        const { openCount } = this.#connections;
        if (openCount > 0)
          this.#closing.begin(countedSchedule(openCount, load.connectRatePerSecond * closeRateFactor), now);
        return;
      }
      case 'closing': {
        const { openCount, closingCount } = this.#connections;
        if (openCount > 0) this.#phaseSinceMicros = now;
        if (openCount + closingCount === 0 || elapsed > closeGraceSeconds * microsPerSecond)
          this.#end({ kind: 'completed' });
        return;
      }
      case 'done':
    }
  }

  #endSecond(now: number): void {
    this.#connections.sweep(now);
    this.#messages.sweep(now);
    this.#poster?.sweep(now);
    this.#ledger.sweep(now);
    this.#report({});
    this.#second = this.#labels.labelOf(now);
    const { outcomes, openCount } = this.#connections;
    const plannedConnections = this.#spec.load.connections;
    const sentence = this.#watch.judge(
      { ...outcomes, phase: this.#phase, plannedConnections, openConnections: openCount },
      now,
    );
    if (sentence !== null) this.#end({ kind: 'failed', sentence });
  }

  #report(last: { last?: true }): void {
    this.#cpu.countInto(this.#tally);
    const { openCount, closingCount } = this.#connections;
    const line = {
      second: this.#second,
      fleet: this.#spec.fleet,
      phase: last.last ? ('done' as const) : this.#secondPhase,
      openConnections: openCount + closingCount,
    };
    this.#onRecord({ ...this.#tally.take(line), ...last });
    this.#secondPhase = this.#phase;
  }

  #end(result: FleetResult): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#loop.stop();
    this.#connections.terminateAll();
    this.#poster?.close();
    this.#report(result.kind === 'completed' ? { last: true } : {});
    this.#onEnd(result);
  }
}

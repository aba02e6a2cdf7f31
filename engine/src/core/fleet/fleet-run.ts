import type { FleetHooks } from '../../hooks.ts';
import type { FleetPhase } from '../../records.ts';
import { Connections } from '../connections/connections.ts';
import type { Device } from '../connections/device.ts';
import { KeepAlive } from '../connections/keep-alive.ts';
import { ownersOf, type Population } from '../connections/population.ts';
import { Reconnects } from '../connections/reconnects.ts';
import { channelPrefix } from '../connections/token.ts';
import { type Upgrade, upgradeWriter } from '../connections/upgrade.ts';
import { FanOut } from '../fan-out/fan-out.ts';
import type { Reported } from '../measure/second-report.ts';
import type { Tally } from '../measure/tally.ts';
import { answerReader, payloadWriter, pushReader } from '../messages/custom-protocol.ts';
import { FrameRouter } from '../messages/frame-router.ts';
import { Messages, type PayloadOf } from '../messages/messages.ts';
import { PingWriter } from '../messages/ping.ts';
import { fleetPolling } from '../polling/fleet-polling.ts';
import type { Polling } from '../polling/polling.ts';
import type { SecondLabels } from '../schedule/clock.ts';
import type { TaskList } from '../schedule/loop.ts';
import { mixedRoutes } from '../schedule/mixed-routes.ts';
import { PacedTask } from '../schedule/paced-task.ts';
import { seededRandom } from '../schedule/random.ts';
import { Ledger } from '../webhooks/ledger.ts';
import { otherUsers } from '../webhooks/other-users.ts';
import { Poster } from '../webhooks/poster.ts';
import { customRequests, mixedRequests, nylasRequests } from '../webhooks/webhook-request.ts';
import { Webhooks } from '../webhooks/webhooks.ts';
import type { FrameWriter } from '../wire/frame-writer.ts';
import { FleetPhases } from './fleet-phases.ts';
import type { FleetResult, FleetSpec } from './fleet-spec.ts';
import type { Platform } from './platform.ts';
import { TargetWatch } from './target-watch.ts';

export interface FleetRunOptions {
  spec: FleetSpec;
  population: Population;
  /** By user id; empty: connections carry no token. */
  tokens: ReadonlyMap<string, string>;
  hooks: FleetHooks;
  platform: Platform;
  tally: Tally;
  loop: TaskList;
  writer: FrameWriter;
  labels: SecondLabels;
  onEnd(result: FleetResult): void;
}

/** A fleet assembled from its parts: schedules say what is due when, FleetPhases says which phase the fleet is in. */
export class FleetRun implements Reported {
  readonly #options: FleetRunOptions;
  readonly #upgradeOf: (device: Device) => Upgrade;
  readonly #watch: TargetWatch;
  readonly #ledger: Ledger;
  readonly #connections: Connections;
  readonly #reconnects: Reconnects;
  readonly #messages: Messages;
  readonly #keepAlive: KeepAlive;
  readonly #fanOut: FanOut | null;
  readonly #polling: Polling | null;
  readonly #poster: Poster | null;
  readonly #webhooks: Webhooks | null;
  readonly #phases: FleetPhases;

  constructor(options: FleetRunOptions) {
    const { spec, tally, population, loop, tokens } = options;
    const { clock, openSocket, openPostConnection: open } = options.platform;
    const { load } = spec;
    const { timeoutSeconds, seed } = load;
    this.#options = options;
    const { feed = [], webhook = null, push = null } = spec;
    this.#upgradeOf = upgradeWriter(spec, { tokens, feed });
    this.#watch = new TargetWatch(spec.webSocketUrl);
    this.#ledger = new Ledger(tally, load.pushTimeoutSeconds, {
      msOf: (micros) => options.labels.msOf(micros),
      isOfOtherUser: otherUsers(spec, { run: eventIdPrefix(spec), fleet: fleetEventPrefix(spec) }),
    });
    const routes = mixedRoutes(tally, { kind: 'message', mix: spec.protocol?.mix, fleet: spec.fleet });
    this.#messages = new Messages({ clock, tally, timeoutSeconds, payloadOf: payloadOf(options), routes });
    this.#keepAlive = new KeepAlive({
      clock,
      tally,
      intervalSeconds: load.keepAliveSeconds,
      idleShare: load.idleShare,
    });
    const { devices } = population;
    this.#fanOut =
      load.channels.length === 0 ? null : new FanOut({ clock, tally, load, devices, prefix: channelPrefix(spec) });
    const router = new FrameRouter({
      tally,
      messages: this.#messages,
      ledger: this.#ledger,
      keepAlive: this.#keepAlive,
      fanOut: this.#fanOut,
      readText: spec.protocol && answerReader(spec.protocol, options.hooks),
      readPushes: push && pushReader(push, eventIdPrefix(spec)),
      tokens,
    });
    this.#connections = new Connections({
      clock,
      tally,
      timeoutSeconds,
      openSocket,
      writer: options.writer,
      localAddresses: spec.localAddresses,
      tokens,
      events: {
        received: (device, bytes, start, end, at) => router.route(device, bytes, start, end, at),
        opened: (device, now) => {
          this.#keepAlive.opened(device, now);
          this.#fanOut?.opened(device);
          this.#polling?.opened(device, now);
        },
        lost: (device, now, wasOpen) => {
          this.#messages.connectionLost(device);
          this.#fanOut?.lost(device);
          this.#reconnects.lost(device, now);
          if (!wasOpen) this.#polling?.notOpened(device, now);
        },
        left: (device) => {
          this.#messages.connectionLost(device);
          this.#fanOut?.lost(device);
        },
        readyToReopen: (device, now) => this.#connect(device, now),
      },
    });
    this.#polling = fleetPolling(spec, {
      ...{ platform: options.platform, tally, devices, tokens, ledger: this.#ledger, connections: this.#connections },
      connect: (device, due) => this.#connect(device, due),
    });
    this.#reconnects = new Reconnects({
      policy: {
        attempts: load.reconnectAttempts,
        baseSeconds: load.reconnectBaseSeconds,
        capSeconds: load.reconnectCapSeconds,
        jitter: load.reconnectJitter,
      },
      timeoutSeconds,
      random: seededRandom(seed + 503),
      tally,
      connect: (device, due) => this.#connect(device, due),
    });
    const contentType = webhook === null ? {} : { contentType: null };
    this.#poster =
      spec.webhookUrl === null
        ? null
        : new Poster({ clock, open, timeoutSeconds, url: spec.webhookUrl, ...contentType });
    this.#webhooks = this.#poster && this.#newWebhooks(this.#poster);
    const webhooks = this.#webhooks;
    this.#phases = new FleetPhases({
      clock,
      load,
      parts: {
        connections: this.#connections,
        reconnects: this.#reconnects,
        messages: this.#messages,
        ledger: this.#ledger,
        keepAlive: this.#keepAlive,
        fanOut: this.#fanOut,
        polling: this.#polling,
        poster: this.#poster,
        webhooks,
      },
      tasks: {
        connecting: new PacedTask(clock, (due, _now, arrival) => this.#arrive(devices[arrival], due)),
        messaging: new PacedTask(clock, (due) => this.#messages.send(this.#connections.nextOpen(), due)),
        posting: new PacedTask(clock, (due) => webhooks?.post(due)),
        publishing: new PacedTask(clock, (due) => this.#fanOut?.publish(due)),
        churning: new PacedTask(clock, () => this.#connections.churnOne()),
        closing: new PacedTask(clock, () => this.#connections.closeOne()),
      },
      // A load shorter than a second has not been checked yet.
      onCompleted: () => {
        if (!this.#isGivenUp(clock.nowMicros())) options.onEnd({ kind: 'completed' });
      },
    });
    for (const task of this.#phases.tasks) loop.add(task);
  }

  start(): void {
    this.#phases.begin(this.#options.platform.clock.nowMicros());
  }

  /** Ends immediately: no close frames, no drain. */
  close(): void {
    const nowMicros = this.#options.platform.clock.nowMicros();
    this.#ledger.finish(nowMicros);
    this.#fanOut?.finish(nowMicros);
    for (const task of this.#phases.tasks) this.#options.loop.remove(task);
    this.#connections.terminateAll();
    this.#polling?.stop();
    this.#poster?.close();
  }

  get phase(): FleetPhase {
    return this.#phases.phase;
  }
  get socketCount(): number {
    return this.#connections.openCount + this.#connections.closingCount;
  }

  sweep(nowMicros: number): void {
    this.#connections.sweep(nowMicros);
    this.#messages.sweep(nowMicros);
    this.#fanOut?.sweep(nowMicros);
    this.#poster?.sweep(nowMicros);
    this.#polling?.sweep(nowMicros);
    this.#ledger.sweep(nowMicros);
  }

  judge(nowMicros: number): void {
    this.#isGivenUp(nowMicros);
  }

  /** Ends the fleet as failed if there is no point in continuing. */
  #isGivenUp(nowMicros: number): boolean {
    const { outcomes, openCount } = this.#connections;
    const plannedConnections = this.#options.population.devices.filter(({ isOutside }) => !isOutside).length;
    // Devices that are about to reconnect are not gone.
    const isReconnecting =
      this.#reconnects.waiting > 0 || (outcomes.opened > 0 && this.#connections.connectingCount > 0);
    const situation = { ...outcomes, phase: this.#phases.phase, plannedConnections, openConnections: openCount };
    const sentence = this.#watch.judge({ ...situation, isReconnecting }, nowMicros);
    if (sentence !== null) this.#options.onEnd({ kind: 'failed', sentence });
    return sentence !== null;
  }

  #arrive(device: Device | undefined, dueMicros: number): void {
    if (device === undefined) return;
    if (this.#polling?.arrived(device, dueMicros) ?? true) this.#connect(device, dueMicros);
  }

  #connect(device: Device, intendedAtMicros: number): void {
    this.#connections.connect(device, this.#upgradeOf(device), intendedAtMicros);
  }

  #newWebhooks(poster: Poster): Webhooks {
    const { spec, population, platform, tally, labels } = this.#options;
    const { load, webhook = null, feed = [], webhookUrl, webhookSecret: secret, webhookMix } = spec;
    const requestsTo = (url: string) =>
      webhook === null ? nylasRequests(secret) : customRequests(webhook, { url, secret, feed });
    const requests = requestsTo(webhookUrl ?? '');
    const owners = ownersOf(population, webhook?.owner ?? 'user');
    return new Webhooks({
      clock: platform.clock,
      tally,
      ledger: this.#ledger,
      poster,
      owners: owners.online,
      offlineOwners: owners.offline,
      random: seededRandom(load.seed),
      requestOf: webhookMix === undefined ? requests : mixedRequests(requests, webhookMix.also, requestsTo),
      routes: mixedRoutes(tally, { kind: 'webhook', mix: webhookMix, fleet: spec.fleet }),
      sizes: load.webhookSizes.length > 0 ? load.webhookSizes : [{ bytes: load.webhookBytes, weight: 1 }],
      replayShare: load.replayShare,
      offlineShare: load.offlineShare,
      duplicateShare: load.duplicateShare,
      retries: { attempts: load.webhookAttempts, baseSeconds: load.webhookRetryBaseSeconds },
      eventIdPrefix: fleetEventPrefix(spec),
      secondOf: (micros) => labels.labelOf(micros),
      msOf: (micros) => labels.msOf(micros),
    });
  }
}

/** Of all fleets of a run. */
const eventIdPrefix = ({ runTag }: FleetSpec): string => `e-${runTag}-`;
const fleetEventPrefix = (spec: FleetSpec): string => `${eventIdPrefix(spec)}${spec.fleet}-`;

function payloadOf({ spec, hooks }: FleetRunOptions): PayloadOf {
  const { protocol } = spec;
  // Hooks that only read answers do not change the messages.
  if (protocol !== null && (protocol.message !== '' || hooks.buildMessage)) return payloadWriter(protocol, hooks);
  const pings = new PingWriter(spec.load.messageBytes);
  return (sequence) => pings.payload(sequence);
}

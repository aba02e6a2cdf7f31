import { backOffMs, type Conduct, standardConduct } from './conduct.ts';
import type { ChannelMessage, SyncEvent } from './frames.ts';
import { keptReader } from './kept-events.ts';
import { type Link, openLink, RequestError } from './link.ts';
import { overlap } from './overlap.ts';
import type { Platform } from './platform.ts';
import { requester } from './requester.ts';
import { isInStage } from './rollout.ts';
import { stageReader } from './stage-reader.ts';
import { newSubscription, type Subscription } from './subscription.ts';
import { ageOf } from './token-age.ts';

/**
 * `connecting`: on the way to a WebSocket, nothing comes in yet. `open`: over WebSocket. `polling`: over HTTP, because of the stage or because WebSocket cannot be had.
 * `offline`: the machine has no network. `asleep`: the page has been hidden for a while. `closed`: by {@link Client.close}.
 */
export type ClientState = 'connecting' | 'open' | 'polling' | 'offline' | 'asleep' | 'closed';

export interface ClientOptions {
  /** Of the WebSocket API, without a token: `wss://…`. */
  url: string;
  /** Of the stack's `/config` and `/events`: without it everybody has the connection, and nothing is fetched or polled. */
  httpUrl?: string | undefined;
  /** The user's id: their place in the rollout. */
  user: string;
  /** A token of docs/reference/protocol.md. Asked for before each connect; `fresh`: the last one may have been refused. */
  token(need: { fresh: boolean }): string | Promise<string>;
  /** Each event once, whatever way it came. */
  onEvent?(event: SyncEvent): void;
  /** What is published to a channel that this client has subscribed to. While it polls there is none. */
  onMessage?(message: ChannelMessage): void;
  onState?(state: ClientState): void;
  /** Events were missed that cannot be fetched any more: load everything again. */
  onGap?(): void;
  conduct?: Partial<Conduct>;
}

export interface Client {
  readonly state: ClientState;
  /**
   * Settles once the stack has confirmed it, at once if it has before. Kept over every connection from then on. Rejects with a {@link RequestError}: why the stack
   * refuses; `lost` or `notConnected`: closed before, or since.
   */
  subscribe(channel: string): Promise<void>;
  /** Settles with the stack's acknowledgement. Rejects with a {@link RequestError}: after `lost` and `timeout` it may have been published all the same. */
  publish(channel: string, body: unknown): Promise<{ recipients: number; failed: number }>;
  close(): void;
}

/** Between the beginnings of two reads that are held, at least: one for each event would be too many. */
const heldApartMs = 1_000;

export function createClient(options: ClientOptions, platform: Platform): Client {
  const conduct = { ...standardConduct, ...options.conduct };
  const { httpUrl, user, onMessage, onState } = options;
  const { random } = platform;
  const seconds = (count: number, run: () => void) => platform.after(count * 1_000, run);
  const channels = new Map<string, Subscription>();
  const both = overlap<Link>();
  const ask = requester(conduct.answerSeconds, platform, options);

  let state: ClientState = 'connecting';
  let isAsleep = false;
  /** The connection in use; the one that is being opened; the one that was replaced. */
  let current: Link | null = null;
  let next: Link | null = null;
  let replaced: Link | null = null;
  /** Counts up whenever what is under way no longer counts. */
  let era = 0;
  let attempt = 0;
  let unopened = 0;
  let cancelAttempt: (() => void) | null = null;
  let isPolling = false;
  let cancelRotation = () => {};
  let cancelPoll = () => {};
  let cancelSleep: (() => void) | null = null;

  const kept = keptReader({
    conduct,
    fetch: httpUrl === undefined ? null : ask.events,
    onEvent: (event) => state !== 'closed' && options.onEvent?.(event),
    onGap: () => state !== 'closed' && options.onGap?.(),
  });

  const tell = (now: ClientState) => {
    if (state === now || state === 'closed') return;
    state = now;
    onState?.(now);
  };
  /** What is to be, from all that is known; then makes it so. */
  const update = () => {
    if (state === 'closed') return;
    if (!platform.isOnline()) return rest('offline');
    if (isAsleep) return rest('asleep');
    const { config } = stage;
    if (config !== null && !isInStage(config, user)) {
      drop();
      startPolling();
      return;
    }
    // Back from a network's outage with everybody else.
    if (config !== null && current === null && next === null && cancelAttempt === null)
      attemptIn(state === 'offline' ? backOffMs(conduct, 0, random) : 0);
    if (current === null && !isPolling) tell('connecting');
  };
  const rest = (why: 'offline' | 'asleep' | 'closed') => {
    drop();
    stopPolling();
    stage.pause();
    tell(why);
  };
  /** No connection, and none on the way. */
  const drop = () => {
    era++;
    cancelAttempt?.();
    cancelAttempt = null;
    cancelRotation();
    attempt = unopened = 0;
    const links = [current, next, replaced];
    current = next = replaced = null;
    for (const link of links) link?.end();
  };

  const attemptIn = (milliseconds: number) => {
    cancelAttempt?.();
    cancelAttempt = platform.after(milliseconds, connect);
  };
  const failed = () => {
    ask.needsFresh = true;
    unopened++;
    if (current === null && unopened >= conduct.connectsBeforePolling && httpUrl !== undefined) startPolling();
    again();
  };
  const again = () => {
    attemptIn(backOffMs(conduct, attempt++, random));
    update();
  };
  const connect = async () => {
    const mine = ++era;
    const isOutdated = () => mine !== era || state === 'closed';
    try {
      const token = await ask.token();
      if (isOutdated()) return;
      // While the token was waited for, the loss of another connection may have set the next attempt.
      cancelAttempt?.();
      cancelAttempt = null;
      const url = `${options.url}${options.url.includes('?') ? '&' : '?'}token=${encodeURIComponent(token)}`;
      next = openLink(url, platform, conduct, {
        opened: (link) => opened(link, token),
        pushed: (link, frame, text) => {
          if (frame.type === 'event') kept.take(frame);
          else if (replaced === null || !both.isSecond(link, text)) onMessage?.(frame.message);
        },
        ended,
      });
    } catch {
      if (!isOutdated()) failed();
    }
  };
  const opened = (link: Link, token: string) => {
    if (link !== next) return;
    replaced?.end();
    [replaced, current, next] = [current, link, null];
    attempt = unopened = 0;
    ask.needsFresh = false;
    stopPolling();
    tell('open');
    // Whoever is told may close the client.
    if (link !== current) return;
    const { minAgeSeconds, maxAgeSeconds } = conduct;
    const age = minAgeSeconds + (maxAgeSeconds - minAgeSeconds) * random();
    cancelRotation = seconds(Math.min(age, ageOf(token, platform.now() / 1_000)), () => attemptIn(0));
    for (const channel of channels.keys()) subscribeOver(link, channel);
    fetchMissed(link, 0);
    const old = replaced;
    if (old) seconds(conduct.overlapSeconds, () => old.end());
  };
  const fetchMissed = async (link: Link, tries: number) => {
    const owed = await kept.catchUp(tries > 0);
    if (owed !== null && link === current)
      seconds(owed + backOffMs(conduct, tries, random) / 1_000, () => link === current && fetchMissed(link, tries + 1));
  };
  const ended = (link: Link, hasOpened: boolean) => {
    if (link === replaced) {
      replaced = null;
      both.clear();
    } else if (link === next) {
      next = null;
      if (!hasOpened) failed();
    } else if (link === current) {
      current = null;
      cancelRotation();
      if (next === null) again();
    }
  };
  const subscribeOver = (link: Link, channel: string) => {
    const asked = channels.get(channel);
    link.request('subscribe', { channel }).then(asked?.resolve, ({ code, message }: RequestError) => {
      if (code === 'lost' || link !== current) return;
      // Who is not subscribed would miss messages in silence.
      if (code === 'timeout') link.end();
      else if (code === 'rateExceeded') seconds(1 + random(), () => subscribeOver(link, channel));
      else if (channels.delete(channel)) asked?.reject(new RequestError(code, message));
    });
  };

  const startPolling = () => {
    if (isPolling) return;
    isPolling = true;
    tell('polling');
    // Whoever is told may close the client.
    if (isPolling) poll(0);
  };
  const stopPolling = () => {
    isPolling = false;
    cancelPoll();
    ask.giveUp();
  };
  const poll = async (failures: number) => {
    const beganMs = platform.now();
    const holdSeconds = stage.config?.holdSeconds ?? 0;
    const waitSeconds = kept.had < 0 ? 0 : holdSeconds;
    const owed = await kept.catchUp(false, waitSeconds);
    if (!isPolling) return;
    const tookMs = platform.now() - beganMs;
    // A stack that says that it holds reads, and does not, is polled.
    const isHeld = holdSeconds && kept.had >= 0 && (!waitSeconds || kept.hadNew || tookMs >= waitSeconds * 500);
    const waitMs = isHeld ? Math.max(0, heldApartMs - tookMs) : conduct.pollSeconds * (500 + 1_000 * random());
    cancelPoll();
    cancelPoll =
      owed === null
        ? platform.after(waitMs, () => poll(0))
        : seconds(owed + backOffMs(conduct, failures, random) / 1_000, () => poll(failures + 1));
  };

  const stage = stageReader({ conduct, platform, read: httpUrl === undefined ? null : ask.config }, () => update());
  const changed = () => {
    if (platform.isVisible()) {
      cancelSleep?.();
      cancelSleep = null;
      isAsleep = false;
      // A machine that slept, or changed its network, may hold a connection that is gone.
      current?.probe();
    } else {
      cancelSleep ??= seconds(conduct.hiddenSeconds, () => {
        isAsleep = true;
        update();
      });
    }
    if (platform.isOnline() && !isAsleep) stage.refresh();
    update();
  };
  const unwatch = platform.watch(changed);
  changed();

  return {
    get state() {
      return state;
    },
    subscribe: (channel) => {
      const asked = channels.get(channel) ?? newSubscription();
      if (state === 'closed') asked.reject(new RequestError('notConnected', 'subscribe: closed'));
      else if (!channels.has(channel)) {
        channels.set(channel, asked);
        if (current) subscribeOver(current, channel);
      }
      return asked.settled;
    },
    publish: async (channel, body) => {
      if (current === null) throw new RequestError('notConnected', 'publish: no connection');
      const { recipients, failed } = await current.request('publish', { channel, body });
      return { recipients: Number(recipients), failed: Number(failed) };
    },
    close: () => {
      unwatch();
      cancelSleep?.();
      rest('closed');
      for (const { reject } of channels.values()) reject(new RequestError('lost', 'closed'));
    },
  };
}

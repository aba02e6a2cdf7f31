/** The core's side of the edge processes: starts them on one port, and relays between them and the WebSocket API. */

import { createServer } from 'node:net';
import { listen } from '../../process/listen.ts';
import type { MetricBatch } from '../../process/messages.ts';
import { SpawnedPart } from '../../process/spawned-part.ts';
import type { Limits } from '../../quota/limits.ts';
import type { PostOutcome } from '../sockets/connection.ts';
import type { UpgradeRequest, UpgradeVerdict } from '../sockets/upgrade.ts';
import type { WebSocketApi } from '../websocket/websocket-api.ts';
import type { EdgeConfiguration, EdgeReady } from './edge.ts';
import { EdgeChannel } from './edge-channel.ts';
import { decodePosted, fromEdge, toEdge } from './edge-frames.ts';
import { RemoteConnection } from './remote-connection.ts';

export interface EdgesSettings {
  count: number;
  port: number;
  corePort: number;
  limits: Limits;
  logFolder: string | null;
  /** An edge has ended unexpectedly: its connections are gone, and with them the target. */
  onFailed: (reason: string) => void;
  /** An edge did not end when it was asked to, and had to be killed. */
  onKilled: (name: string) => void;
}

interface Life {
  stopping: boolean;
  onMetrics: (batches: readonly MetricBatch[]) => void;
}

export class Edges {
  readonly port: number;
  #parts: readonly SpawnedPart<EdgeReady>[];
  readonly #life: Life;

  private constructor(port: number, parts: readonly SpawnedPart<EdgeReady>[], life: Life) {
    this.port = port;
    this.#parts = parts;
    this.#life = life;
  }

  /** @throws one sentence when the port is taken, or when this system cannot share a port among processes. */
  static async start(settings: EdgesSettings): Promise<Edges> {
    const { count, corePort, limits, logFolder, onFailed, onKilled } = settings;
    // Metrics of a start are nobody's.
    const life: Life = { stopping: false, onMetrics: () => {} };
    const parts: SpawnedPart<EdgeReady>[] = [];
    const spawn = (port: number) => {
      const { connectionsPerProcess } = limits;
      const configuration: EdgeConfiguration = { port, corePort, limits, connectionsPerProcess };
      const name = `edge-${parts.length + 1}`;
      const part = new SpawnedPart<EdgeReady>({
        name,
        entry: 'gateway/edge/edge.main',
        configuration,
        logFolder,
        onKilled,
        onMetrics: (batches) => life.onMetrics(batches),
        channel: true,
      });
      parts.push(part);
      void part.exited.then(({ reason }) => {
        if (!life.stopping) onFailed(reason);
      });
      return part.ready;
    };
    try {
      await refuseTaken(settings.port);
      // The first one picks a free port, or the configured one; the others join it.
      const { port } = await spawn(settings.port);
      await Promise.all(Array.from({ length: count - 1 }, () => spawn(port)));
      return new Edges(port, parts, life);
    } catch (error) {
      life.stopping = true;
      await Promise.all(parts.map((part) => part.stop()));
      throw error;
    }
  }

  get processIds(): number[] {
    return this.#parts.map(({ pid }) => pid);
  }

  /** What the edges count themselves goes there from now on. */
  reportMetrics(onMetrics: Life['onMetrics']): void {
    this.#life.onMetrics = onMetrics;
  }

  /** Starts accepting connections. `onRefused`: an edge had no room for one. */
  serve(api: WebSocketApi, onRefused: () => void): void {
    for (const part of this.#parts) serveEdge(part, api, onRefused);
  }

  /** Names of those that do not answer within the limit. */
  async silentParts(limitMs: number): Promise<string[]> {
    return (await Promise.all(this.#parts.map((part) => part.silentParts(limitMs)))).flat();
  }

  async stop(): Promise<void> {
    this.#life.stopping = true;
    await Promise.all(this.#parts.map((part) => part.stop()));
  }
}

function serveEdge(part: SpawnedPart<EdgeReady>, api: WebSocketApi, onRefused: () => void): void {
  const connections = new Map<number, RemoteConnection>();
  const waiting = new Map<number, (outcome: PostOutcome) => void>();
  let lastPost = 0;
  const posts = {
    add(settle: (outcome: PostOutcome) => void): number {
      lastPost = (lastPost + 1) >>> 0;
      waiting.set(lastPost, settle);
      return lastPost;
    },
  };
  const channel = new EdgeChannel(part.channel, receive);

  function decided(number: number, verdict: UpgradeVerdict): void {
    channel.send(toEdge.verdict, number, JSON.stringify(verdict));
    if (verdict.kind === 'refused') return;
    // Immediately, not once the edge has opened it: a post right after the handshake follows the verdict on the channel.
    const connection = new RemoteConnection(verdict.facts, { channel, number, posts });
    connections.set(number, connection);
    api.opened(connection);
  }

  function receive(kind: number, number: number, payload: Buffer): void {
    switch (kind) {
      case fromEdge.upgrade: {
        const request: UpgradeRequest = JSON.parse(payload.toString());
        api.upgrade(number, request, (verdict) => decided(number, verdict));
        break;
      }
      case fromEdge.message: {
        const connection = connections.get(number);
        if (!connection) break;
        connection.lastActiveAtMs = Date.now();
        api.message(connection, payload);
        break;
      }
      case fromEdge.closed: {
        const connection = connections.get(number);
        if (!connection) break;
        connection.open = false;
        connections.delete(number);
        api.closed(number, connection.facts, JSON.parse(payload.toString()));
        break;
      }
      case fromEdge.posted: {
        const { sequence, outcome } = decodePosted(payload);
        waiting.get(sequence)?.(outcome);
        waiting.delete(sequence);
        break;
      }
      case fromEdge.refused:
        onRefused();
        break;
    }
  }
}

/** Any process of the same user, including another target, can join a shared port: one that is in use is refused first. */
async function refuseTaken(port: number): Promise<void> {
  if (port === 0) return;
  const probe = createServer();
  await listen(probe, port, 'gateway');
  await new Promise((resolve) => probe.close(resolve));
}

/** A fleet in its own process, monitored: its open connections in each second, and its counts. */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { FleetSpec } from '../../engine/src/core/fleet/fleet-spec.ts';
import type { FleetMessage } from '../../engine/src/processes/fleet-worker.ts';
import type { CounterName } from '../../engine/src/records.ts';
import { quietLoad } from '../../engine/src/step/quiet-load.fixture.ts';

export interface IdleLoad {
  connections: number;
  connectRatePerSecond: number;
  /** It ends by itself after this, unless stopped earlier. */
  mostSeconds: number;
  heartbeatSeconds: number;
}

export class IdleClient {
  readonly #child: ChildProcess;
  readonly counters: Partial<Record<CounterName, number>> = {};
  /** Second since the epoch → open connections. */
  readonly openAt = new Map<number, number>();
  /** The end of the fleet; a sentence if it failed. */
  readonly ended: Promise<string | null>;

  constructor(name: string, at: { url: string; addresses: readonly string[] }, load: IdleLoad) {
    this.#child = fork(fileURLToPath(new URL('../../engine/src/processes/fleet-process.main.ts', import.meta.url)), {
      serialization: 'advanced',
    });
    this.ended = new Promise((resolve) => {
      let sentence: string | null = `Client ${name} ended early.`;
      this.#child.on('message', (message: FleetMessage) => {
        if (message.kind === 'record') {
          const { second, openConnections, counters } = message.record;
          this.openAt.set(second, openConnections);
          for (const [key, count] of Object.entries(counters) as [CounterName, number][])
            this.counters[key] = (this.counters[key] ?? 0) + count;
        } else {
          sentence = message.result.kind === 'failed' ? message.result.sentence : null;
        }
      });
      this.#child.on('exit', () => resolve(sentence));
    });
    this.#child.send({ spec: specOf(name, at, load), recordFile: null });
  }

  get processId(): number {
    return this.#child.pid ?? 0;
  }
  /** In the newest second that was reported. */
  get open(): number {
    return [...this.openAt.values()].at(-1) ?? 0;
  }

  /** Ends the fleet: its counts are reported, its connections are dropped. */
  finish(): void {
    if (this.#child.connected) this.#child.send('abort');
  }

  /** Kills it immediately. */
  stop(): void {
    this.#child.kill('SIGKILL');
  }
}

function specOf(
  name: string,
  { url, addresses }: { url: string; addresses: readonly string[] },
  load: IdleLoad,
): FleetSpec {
  return {
    ...{ fleet: name, runTag: 'idle', webSocketUrl: url, webhookUrl: null, tokenSecret: null, webhookSecret: '' },
    ...{ localAddresses: [...addresses], headers: {}, subprotocols: [], protocol: null, hooksModule: null },
    load: {
      ...quietLoad,
      // A connect that times out at a busy server is retried, as any client would.
      ...{ reconnectAttempts: 1_000, reconnectCapSeconds: 5 },
      connections: load.connections,
      connectRatePerSecond: load.connectRatePerSecond,
      steadySeconds: load.mostSeconds,
      drainSeconds: 0,
      keepAliveSeconds: load.heartbeatSeconds,
      timeoutSeconds: 30,
    },
  };
}

/** A bus between the tasks of a test. */
import type { Bus } from '../server/bus.ts';

export class MemoryBus implements Bus {
  readonly #listeners = new Map<string, Set<(message: string) => void>>();
  /** Every message that was published, with its channel. */
  readonly messages: [channel: string, message: string][] = [];
  isDown = false;

  async publish(channel: string, message: string): Promise<number> {
    if (this.isDown) throw new Error('Connection is closed.');
    this.messages.push([channel, message]);
    const listeners = [...(this.#listeners.get(channel) ?? [])];
    for (const listener of listeners) queueMicrotask(() => listener(message));
    return listeners.length;
  }

  async subscribe(channel: string, onMessage: (message: string) => void): Promise<void> {
    this.#listeners.set(channel, (this.#listeners.get(channel) ?? new Set()).add(onMessage));
  }

  unsubscribe(channel: string): void {
    this.#listeners.delete(channel);
  }

  close(): void {}
}

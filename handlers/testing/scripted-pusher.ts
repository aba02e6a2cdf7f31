/** A pusher for tests: connections are open unless scripted otherwise, and it records what each has received. */
import type { PushAttempt, PushDependencies, Pusher } from '../domain/pushing/push.ts';

export class ScriptedPusher implements Pusher {
  readonly #answers = new Map<string, PushAttempt[]>();
  /** Every push that was sent, in order. */
  readonly sent: { connectionId: string; frame: string }[] = [];
  attempts = 0;

  /** The next answers of a connection, in order; the last one is repeated. */
  answer(connectionId: string, ...answers: PushAttempt[]): this {
    this.#answers.set(connectionId, answers);
    return this;
  }

  async push(connectionId: string, frame: string): Promise<PushAttempt> {
    this.attempts++;
    const answers = this.#answers.get(connectionId) ?? [];
    const answer = (answers.length > 1 ? answers.shift() : answers[0]) ?? { kind: 'sent' };
    if (answer.kind === 'sent') this.sent.push({ connectionId, frame });
    return answer;
  }
}

/** Dependencies of a push that do not wait: the requested waits are in `sleptMs`. `random` is always one half, and time never ends. */
export function instantPush(pusher: Pusher): PushDependencies & { sleptMs: number[] } {
  const sleptMs: number[] = [];
  return {
    pusher,
    sleptMs,
    sleepMs: async (milliseconds) => {
      sleptMs.push(milliseconds);
    },
    random: () => 0.5,
    budget: { leftMs: () => Number.POSITIVE_INFINITY, signal: new AbortController().signal },
  };
}

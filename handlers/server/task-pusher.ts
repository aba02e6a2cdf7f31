/**
 * Pushes to connections of any task: to one's own directly, to another's over the bus. A connection's id begins with the id of the task that holds it, so
 * nobody has to be asked where it is.
 *
 * The pushes of one turn of the event loop to the same task are one message, in which each frame stands once. The other task answers what became of each. No
 * answer means that it is not known. No listener means that the task has ended, and its connections with it, or that the bus has just moved to another node, and the
 * task has not followed yet: only time tells.
 */
import type { PushAttempt, Pusher } from '../domain/pushing/push.ts';
import type { Bus } from './bus.ts';
import { type PushBatch, type PushReply, readBusMessage } from './bus-message.ts';
import type { HeldConnections } from './held-connections.ts';
import { TaskAbsences } from './task-absences.ts';

/** Pushes of one message. Larger batches would make whoever comes after them wait. */
const maxBatch = 500;
/** Between a task's id and the rest of a connection's. */
const separator = '.';

interface Waiting {
  connectionId: string;
  frame: string;
  settle: (attempt: PushAttempt) => void;
}

interface Options {
  taskId: string;
  bus: Bus;
  held: HeldConnections;
  /** How long an answer is waited for. */
  answerMs: number;
  monotonicMs: () => number;
  /** For what nobody waits for. */
  onError: (error: unknown) => void;
}

export const channelOf = (taskId: string): string => `task:${taskId}`;
export const connectionIdOf = (taskId: string, unique: string): string => `${taskId}${separator}${unique}`;
const taskOf = (connectionId: string): string => connectionId.slice(0, connectionId.indexOf(separator));

export class TaskPusher implements Pusher {
  readonly #options: Options;
  readonly #gathered = new Map<string, Waiting[]>();
  readonly #sent = new Map<number, { waiting: readonly Waiting[]; timer: NodeJS.Timeout }>();
  readonly #absences: TaskAbsences;
  #batches = 0;

  constructor(options: Options) {
    this.#options = options;
    const { bus, taskId, monotonicMs } = options;
    // Nobody is to push anything: whoever listens answers that, and is not waited for.
    const nothing: PushBatch = { kind: 'push', from: taskId, batch: 0, frames: [] };
    const listenersOf = (task: string) => bus.publish(channelOf(task), JSON.stringify(nothing));
    this.#absences = new TaskAbsences({ listenersOf, monotonicMs });
  }

  /** Listens to the other tasks. */
  async start(): Promise<void> {
    const { bus, taskId, onError } = this.#options;
    await bus.subscribe(channelOf(taskId), (text) => {
      const message = readBusMessage(text);
      if (message === null) onError(new Error('A message on the bus cannot be read.'));
      else if (message.kind === 'reply') this.#take(message);
      else this.#serve(message).catch(onError);
    });
  }

  async push(connectionId: string, frame: string): Promise<PushAttempt> {
    const { taskId, held } = this.#options;
    const task = taskOf(connectionId);
    if (task === taskId) return held.push(connectionId, frame);
    return await new Promise((settle) => {
      const gathered = this.#gathered.get(task);
      if (gathered !== undefined) {
        gathered.push({ connectionId, frame, settle });
        if (gathered.length >= maxBatch) this.#flush(task);
        return;
      }
      this.#gathered.set(task, [{ connectionId, frame, settle }]);
      setImmediate(() => this.#flush(task));
    });
  }

  #flush(task: string): void {
    const waiting = this.#gathered.get(task);
    if (waiting === undefined) return;
    this.#gathered.delete(task);
    const { bus, taskId, answerMs } = this.#options;
    const batch = ++this.#batches;
    const settleAll = (attempt: PushAttempt) => {
      const sent = this.#sent.get(batch);
      if (sent === undefined) return;
      this.#sent.delete(batch);
      clearTimeout(sent.timer);
      for (const { settle } of sent.waiting) settle(attempt);
    };
    const timer = setTimeout(
      () => settleAll({ kind: 'unanswered', reason: `Task ${task} did not answer within ${answerMs} ms.` }),
      answerMs,
    );
    const byFrame = Map.groupBy(waiting, ({ frame }) => frame);
    this.#sent.set(batch, { waiting: [...byFrame.values()].flat(), timer });
    const frames = [...byFrame].map(([frame, ones]): PushBatch['frames'][number] => [
      frame,
      ones.map(({ connectionId }) => connectionId),
    ]);
    const message: PushBatch = { kind: 'push', from: taskId, batch, frames };
    bus.publish(channelOf(task), JSON.stringify(message)).then(
      (listeners) => {
        if (listeners === 0) settleAll(this.#absence(task));
        else this.#absences.seen(task);
      },
      (error: unknown) => settleAll({ kind: 'unavailable', reason: `The bus did not take it: ${String(error)}` }),
    );
  }

  #absence(task: string): PushAttempt {
    return this.#absences.missed(task)
      ? { kind: 'gone', isCertain: true }
      : { kind: 'unavailable', reason: `Task ${task} does not listen, and may have ended.` };
  }

  async #serve({ from, batch, frames }: PushBatch): Promise<void> {
    const { held, bus } = this.#options;
    const pushes = frames.flatMap(([frame, ids]) => ids.map((connectionId) => held.push(connectionId, frame)));
    const attempts = await Promise.all(pushes);
    const reply: PushReply = { kind: 'reply', batch, kinds: attempts.map(({ kind }) => kind) };
    await bus.publish(channelOf(from), JSON.stringify(reply));
  }

  #take({ batch, kinds }: PushReply): void {
    const sent = this.#sent.get(batch);
    // It came after its time.
    if (sent === undefined) return;
    this.#sent.delete(batch);
    clearTimeout(sent.timer);
    for (const [index, { settle }] of sent.waiting.entries()) settle(attemptOf(kinds[index]));
  }
}

function attemptOf(kind: PushAttempt['kind'] | undefined): PushAttempt {
  switch (kind) {
    case 'sent':
    case 'throttled':
      return { kind };
    case 'gone':
      return { kind, isCertain: true };
    case 'unavailable':
    case 'refused':
      return { kind, reason: 'The task that holds the connection could not push.' };
    case 'unanswered':
    case undefined:
      return { kind: 'unanswered', reason: 'The client does not read.' };
  }
}

import type { Clock } from './clock.ts';
import { DueHeap } from './due-heap.ts';
import type { Task, TaskList } from './loop.ts';

/** A group is checked this often even if nothing in it is due: an event may have given an idle task work. */
const checkAgainMicros = 1_000_000;

/**
 * Many small groups of tasks as one task: only groups with something due are checked, so that the cost of a tick depends on what is due,
 * not on the number of groups. Work made due by a socket event is found at the next check of its group: for a fleet, its next phase check.
 */
export class TaskGroups implements Task {
  readonly #clock: Clock;
  readonly #groups = new DueHeap<Set<Task>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A new group, checked from now on until its last task has been removed. */
  group(): TaskList {
    const tasks = new Set<Task>();
    this.#groups.push(this.#clock.nowMicros(), tasks);
    return { add: (task) => void tasks.add(task), remove: (task) => void tasks.delete(task) };
  }

  nextDueMicros(): number {
    return this.#groups.nextDueMicros;
  }

  run(nowMicros: number): void {
    // Each group once: one with work left over is due again immediately, after the sockets have been served.
    const due: Set<Task>[] = [];
    while (this.#groups.nextDueMicros <= nowMicros) {
      const group = this.#groups.pop();
      if (group !== undefined) due.push(group.item);
    }
    for (const tasks of due) {
      for (const task of tasks) {
        const now = this.#clock.nowMicros();
        if (task.nextDueMicros() <= now) task.run(now);
      }
      if (tasks.size > 0) this.#groups.push(nextOf(tasks, this.#clock.nowMicros() + checkAgainMicros), tasks);
    }
  }
}

function nextOf(tasks: ReadonlySet<Task>, atLatestMicros: number): number {
  let next = atLatestMicros;
  for (const task of tasks) next = Math.min(next, task.nextDueMicros());
  return next;
}

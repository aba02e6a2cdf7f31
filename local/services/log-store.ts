/** What functions wrote lately, in memory, as CloudWatch Logs keeps it: a group for each function, a stream for each day. */

export interface LogEvent {
  /** Unique and growing, over all groups. */
  id: number;
  streamName: string;
  timestampMs: number;
  message: string;
}

/** The oldest go first. */
const maxEventsOfGroup = 10_000;
/** Longer messages are cut, as in CloudWatch Logs (1 MiB for an event; CloudWatch Logs quotas, read November 2026). */
const maxMessageCharacters = 262_144;

export class LogStore {
  #groups = new Map<string, LogEvent[]>();
  #nextId = 1;

  constructor(functionNames: readonly string[]) {
    for (const name of functionNames) this.#groups.set(logGroupOf(name), []);
  }

  /** Text as written, of any number of lines: each line is an event. */
  write(functionName: string, text: string, nowMs: number): void {
    const group = logGroupOf(functionName);
    const events = this.#groups.get(group) ?? [];
    this.#groups.set(group, events);
    for (const line of text.split('\n')) {
      if (line === '') continue;
      const message = line.slice(0, maxMessageCharacters);
      events.push({ id: this.#nextId++, streamName: streamOf(nowMs), timestampMs: nowMs, message });
    }
    if (events.length > maxEventsOfGroup) events.splice(0, events.length - maxEventsOfGroup);
  }

  get groups(): readonly string[] {
    return [...this.#groups.keys()].toSorted();
  }

  /** In the order in which they were written; undefined without such a group. */
  events(group: string): readonly LogEvent[] | undefined {
    return this.#groups.get(group);
  }
}

const logGroupOf = (functionName: string): string => `/aws/lambda/${functionName}`;

const streamOf = (nowMs: number): string =>
  `${new Date(nowMs).toISOString().slice(0, 10).replaceAll('-', '/')}/[$LATEST]local`;

import type { Conduct } from './conduct.ts';
import { type ClientConfig, parseConfig } from './frames.ts';
import type { Answer, Platform } from './platform.ts';

/** Reads share and kill switch again and again. */
export interface StageReader {
  /** What is in force: what was read last. Null: not known, or too old to go by. */
  readonly config: ClientConfig | null;
  /** Reads now, unless what there is is young, or being read. */
  refresh(): void;
  /** Until the next refresh. */
  pause(): void;
}

export function stageReader(
  { conduct, platform, read }: { conduct: Conduct; platform: Platform; read: (() => Promise<Answer>) | null },
  changed: () => void,
): StageReader {
  const intervalMs = conduct.configSeconds * 1_000;
  // Who cannot read it is not in the stage: a switch that cannot be seen has to count as off.
  let last: ClientConfig = { share: read === null ? 1 : 0, off: false, holdSeconds: 0 };
  /** 0: never yet. */
  let readAt = 0;
  let isKnown = read === null;
  let isReading = false;
  let isPaused = false;
  let cancel = () => {};

  const readNow = async () => {
    if (read === null) return;
    const isFirst = readAt === 0;
    isReading = true;
    cancel();
    readAt = platform.now();
    try {
      const { status, body } = await read();
      last = (status === 200 ? parseConfig(body) : null) ?? last;
    } catch {
      // What was read before stays in force.
    }
    isReading = false;
    isKnown = true;
    // The first interval is cut at random: clients that began together do not ask together.
    const waitMs = intervalMs * (isFirst ? platform.random() : 1);
    if (isFirst) readAt -= intervalMs - waitMs;
    if (!isPaused) wait();
    changed();
  };
  const wait = () => {
    cancel();
    cancel = platform.after(Math.max(0, readAt + intervalMs - platform.now()), readNow);
  };
  const refresh = () => {
    isPaused = false;
    if (isReading || read === null) return;
    if (platform.now() - readAt >= intervalMs) readNow();
    else {
      isKnown = true;
      wait();
    }
  };
  return {
    get config() {
      return isKnown ? last : null;
    },
    refresh,
    pause: () => {
      isPaused = true;
      // By the time it goes on, the switch may have been thrown.
      isKnown = read === null;
      cancel();
    },
  };
}

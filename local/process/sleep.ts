/** A timer that is to wait longer fires at once (Node.js). */
export const longestTimerMs = 2 ** 31 - 1;

/** Waits. Settles early, and never rejects, if the signal aborts: the caller checks the signal next. */
export function sleep(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
  });
}

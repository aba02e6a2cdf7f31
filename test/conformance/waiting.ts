/** Waiting with an end: what never comes is a failure with a name. */

/** @throws when the promise is not settled in time, saying what was waited for. */
export async function within<T>(promise: Promise<T>, limitMs: number, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} did not come within ${limitMs} ms`)), limitMs);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Tries until it does not reject; at the end of the time, rejects as the last attempt did. */
export async function eventually<T>(limitMs: number, attempt: () => Promise<T>): Promise<T> {
  const until = performance.now() + limitMs;
  for (let pauseMs = 20; ; pauseMs = Math.min(1_000, pauseMs * 2)) {
    try {
      return await attempt();
    } catch (error) {
      if (performance.now() + pauseMs > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
}

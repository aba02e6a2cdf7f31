/** Waiting with a limit: a named failure if something never happens. */

/** @throws if the promise is not settled in time, naming what was awaited. */
export async function within<T>(promise: Promise<T>, limitMs: number, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} did not arrive within ${limitMs} ms`)), limitMs);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Retries until it does not reject; when the time is up, rejects like the last attempt. */
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

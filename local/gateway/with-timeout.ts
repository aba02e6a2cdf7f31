export const timedOut: unique symbol = Symbol('timed out');

/** The promise's value, or `timedOut` when it takes longer. The work itself goes on: AWS does not stop it either. */
export async function withTimeout<Value>(work: Promise<Value>, timeoutMs: number): Promise<Value | typeof timedOut> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<typeof timedOut>((resolve) => {
    timer = setTimeout(() => resolve(timedOut), timeoutMs);
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

export const timedOut: unique symbol = Symbol('timed out');

/** The promise's value, or `timedOut` if it takes longer. The work itself continues: AWS does not stop it either. */
export function withTimeout<Value>(work: Promise<Value>, timeoutMs: number): Promise<Value | typeof timedOut> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, timeoutMs, timedOut);
    work.then(
      (value) => {
        clearTimeout(timer);
        resolve(value);
      },
      (error) => {
        clearTimeout(timer);
        reject(error);
      },
    );
  });
}

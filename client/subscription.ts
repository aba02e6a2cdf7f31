/** A channel that was asked for, by however many callers. */
export interface Subscription {
  settled: Promise<void>;
  resolve: () => void;
  reject: (error: unknown) => void;
}

export function newSubscription(): Subscription {
  let settle: Pick<Subscription, 'resolve' | 'reject'> = { resolve: () => {}, reject: () => {} };
  const settled = new Promise<void>((resolve, reject) => {
    settle = { resolve, reject };
  });
  return { settled, ...settle };
}

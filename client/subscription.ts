/** A channel that was asked for, by however many callers. */
export interface Subscription {
  settled: Promise<void>;
  resolve: () => void;
  reject: (error: unknown) => void;
}

export function newSubscription(): Subscription {
  const { promise: settled, resolve, reject } = Promise.withResolvers<void>();
  return { settled, resolve, reject };
}

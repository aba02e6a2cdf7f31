/** Sizes of channels by Zipf's law, which audiences follow: a few large channels, many small ones. Pure. */
export interface ChannelDistribution {
  /** How many channels. */
  channels: number;
  /** Subscribers of the largest. */
  largest: number;
  /** How steeply sizes fall with the rank; 0: all are as large as the largest. */
  exponent: number;
}

/**
 * Size of the channel of rank k = 1, 2, …: largest / k^exponent, at least 1, rounded; equal sizes are grouped, the largest first.
 * G. K. Zipf, Human Behavior and the Principle of Least Effort, 1949.
 */
export function channelsOf({
  channels,
  largest,
  exponent,
}: ChannelDistribution): { count: number; subscribers: number }[] {
  const counts = new Map<number, number>();
  for (let rank = 1; rank <= channels; rank++) {
    const subscribers = Math.max(1, Math.round(largest / rank ** exponent));
    counts.set(subscribers, (counts.get(subscribers) ?? 0) + 1);
  }
  return [...counts].map(([subscribers, count]) => ({ count, subscribers }));
}

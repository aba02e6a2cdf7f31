import type { FleetSpec } from '../core/fleet/fleet-spec.ts';
import { feedOfFleet } from '../core/messages/feed.ts';
import type { FleetStep } from './fleet-step.ts';

/**
 * What of a step is not the same in each of its fleets. Users take rows of the feed in turn over the fleets of a worker; workers are not numbered
 * (worker-share.ts), so that each of them has all rows. Token commands run so many at a time over all fleets of all workers, at least one for each fleet.
 */
export function ofFleet(
  { feed, protocol, token }: Pick<FleetStep, 'feed' | 'protocol' | 'token'>,
  n: number,
  { fleets, workers }: { fleets: number; workers: number },
): Pick<FleetSpec, 'feed' | 'protocol' | 'token'> {
  const rows = feedOfFleet(feed, n, fleets);
  return {
    feed: rows,
    protocol: protocol && { ...protocol, feed: rows },
    token:
      token?.kind === 'command'
        ? { ...token, concurrency: concurrencyOfFleet(token.concurrency, fleets * workers) }
        : token,
  };
}

/** Token commands at a time of one of so many fleets. */
export const concurrencyOfFleet = (concurrency: number, fleets: number): number =>
  Math.max(1, Math.floor(concurrency / fleets));

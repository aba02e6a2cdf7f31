/** The demand of a load on the API that serves clients without a connection. */
import { heaviestBurst } from '../demand/arrivals.ts';
import { askRate, busyMoments, meanMoment } from '../demand/rates.ts';
import type { Deployment } from '../headroom/deployment.ts';
import { type Quota, row } from '../headroom/quota.ts';

export const fallbackThrottleId = 'httpApiThrottle.fallback';

/** None, where the stack serves no fallback. */
export function fallbackQuotas({ code }: Deployment): Quota[] {
  const fallback = code?.fallback;
  if (fallback === undefined) return [];
  const { ratePerSecond, burst } = fallback.throttle;
  return [
    row('httpApiThrottle', {
      ...{ id: fallbackThrottleId, resource: fallback.api, isOwnLimit: true },
      name: 'Fallback API stage throttle',
      ...{ default: ratePerSecond, burst, grows: true },
      sentence:
        'Reads of the stage by every tab, polls of those who are not in it, and a read of events for each new connection; and when the stage is rolled back, or everybody polls for another reason.',
      demand: (load) => {
        const rates = busyMoments(load).map((moment) => ({
          ratePerSecond: askRate(moment),
          lastsSeconds: moment.lastsSeconds,
        }));
        const heaviest = heaviestBurst(rates, burst / ratePerSecond);
        return {
          ...{ kind: 'value', value: askRate(meanMoment(load)) },
          ...(heaviest && { burst: { value: heaviest.ratePerSecond, lastsSeconds: heaviest.lastsSeconds } }),
        };
      },
    }),
  ];
}

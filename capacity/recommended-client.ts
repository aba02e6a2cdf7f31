/** What the clients should do about connections that end. */
import { connectionIdleSeconds, messageIntervalSeconds } from './load.ts';
import { type Context, figure, plain, type Recommendation, targetUtilisation, whole } from './recommendation-terms.ts';

/** Random delay over the whole of so long a window that a return of everybody stays within the quota of new connections. */
export function backOff({ load, limits, date }: Context): Recommendation {
  const quota = limits.find(({ id }) => id === 'apiGateway.newConnections');
  const limit = quota?.limit ?? 500;
  const burst = quota?.limitBurst ?? 0;
  const share = targetUtilisation;
  const seconds = Math.max(1, Math.ceil(Math.max(0, load.peakConnections - burst) / (share * limit)));
  return {
    ...plain,
    id: 'client.backOff',
    subject: 'clients’ back-off: first delay random from 0 to',
    unit: 's',
    value: seconds,
    kind: 'set',
    calculation: `If all ${whole(load.peakConnections)} connections of ${date} drop at once: (${whole(load.peakConnections)} − burst ${whole(burst)}) / (${share} × ${limit} new connections/s) = ${seconds} s, spread evenly (full jitter); then doubled after each failure, and always jittered, or the retries meet again. M. Brooker, Exponential Backoff and Jitter, AWS Architecture Blog, 2015.`,
  };
}

/** Half of the idle timeout, so that one lost heartbeat does not close the connection; none where clients speak more often anyway. */
export function heartbeat({ load }: Context): Recommendation {
  const interval = messageIntervalSeconds(load);
  const value = connectionIdleSeconds / 2;
  const talkative = interval < value;
  return {
    ...plain,
    id: 'client.heartbeat',
    subject: 'clients’ heartbeat after a silence of',
    unit: 's',
    value,
    kind: 'set',
    calculation: `API Gateway closes a connection after ${connectionIdleSeconds} s of silence (L-60AC41CD); half of it survives one lost heartbeat. ${talkative ? `Clients speak every ${figure(interval)} s in the mean, so few heartbeats are sent and cost little` : `Clients speak every ${Number.isFinite(interval) ? `${figure(interval)} s` : 'never'}: without it each connection would come back every ${connectionIdleSeconds} s, ${whole(load.peakConnections / connectionIdleSeconds)} new connections/s`}. A message, not a ping frame: whether ping frames reset the timer is unverified.`,
  };
}

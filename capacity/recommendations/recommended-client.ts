/** What the clients should do about connections that end. */
import { quotaFact } from '../../aws/quotas/table.ts';
import { connectionIdleSeconds, loadOfPlan, messageIntervalSeconds } from '../demand/load.ts';
import { type Context, type Draft, figure, plain, targetUtilisation, whole } from './recommendation-terms.ts';

/** Random delay over the whole of so long a window that a return of everybody stays within the quota of new connections. */
export function backOff({ plan, load, limits, date }: Context): Draft {
  const quota = limits.find(({ id }) => id === 'newConnections');
  const limit = quota?.limit ?? 500;
  const burst = quota?.limitBurst ?? 0;
  const share = targetUtilisation;
  const windowFor = (connections: number) => Math.max(1, Math.ceil(Math.max(0, connections - burst) / (share * limit)));
  const seconds = windowFor(load.peakConnections);
  const today = loadOfPlan(plan).peakConnections;
  return {
    ...plain,
    id: 'client.backOff',
    subject: 'clients’ back-off: first delay random from 0 to',
    unit: 's',
    value: seconds,
    kind: 'set',
    action: `Let clients wait a random time from 0 to ${whole(seconds)} s before they reconnect, twice as long at most after each failure, random again each time (full jitter).`,
    calculation: `If all ${whole(load.peakConnections)} connections of ${date} drop at once: (${whole(load.peakConnections)} − burst ${whole(burst)}) / (${share} × ${limit} new connections/s) = ${whole(seconds)} s, spread evenly; without jitter the retries meet again. Today’s ${whole(today)} connections need ${whole(windowFor(today))} s. M. Brooker, Exponential Backoff and Jitter, AWS Architecture Blog, 2015.`,
  };
}

/** Half of the idle timeout, so that one lost heartbeat does not close the connection; none where clients speak more often anyway. */
export function heartbeat({ load }: Context): Draft {
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
    action: `Let a client that has sent nothing for ${value} s send a small message.`,
    calculation: `API Gateway closes a connection after ${connectionIdleSeconds} s of silence (${quotaFact('webSocketIdle').code}); half of it survives one lost heartbeat. ${talkative ? `Clients speak every ${figure(interval)} s in the mean, so few heartbeats are sent and cost little` : `Clients speak every ${Number.isFinite(interval) ? `${figure(interval)} s` : 'never'}: without it each connection would come back every ${connectionIdleSeconds} s, ${whole(load.peakConnections / connectionIdleSeconds)} new connections/s`}. A message, not a ping frame: whether ping frames reset the timer is unverified.`,
  };
}

/** How clients should handle connections that end. */
import { quotaFact } from '../../aws/quotas/table.ts';
import { connectionIdleSeconds, loadOfPlan, messageIntervalSeconds } from '../demand/load.ts';
import { type Context, type Draft, figure, plain, targetUtilisation, whole } from './recommendation-terms.ts';

/** A random delay over a window that is long enough for all clients to reconnect within the quota of new connections. */
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
    action: `Have clients wait a random time from 0 to ${whole(seconds)} s before they reconnect, and double that maximum after each failure (full jitter).`,
    calculation: `If all ${whole(load.peakConnections)} connections on ${date} drop simultaneously: (${whole(load.peakConnections)} − burst ${whole(burst)}) / (${share} × ${limit} new connections/s) = ${whole(seconds)} s, spread evenly; without jitter the retries collide again. Today’s ${whole(today)} connections need ${whole(windowFor(today))} s. M. Brooker, Exponential Backoff and Jitter, AWS Architecture Blog, 2015.`,
  };
}

/** Half of the idle timeout, so that one lost heartbeat does not close the connection; none where clients send more often anyway. */
export function heartbeat({ load }: Context): Draft {
  const interval = messageIntervalSeconds(load);
  const value = connectionIdleSeconds / 2;
  const sendsOften = interval < value;
  return {
    ...plain,
    id: 'client.heartbeat',
    subject: 'clients’ heartbeat after a silence of',
    unit: 's',
    value,
    kind: 'set',
    action: `Have a client that has sent nothing for ${value} s send a small message.`,
    calculation: `API Gateway closes a connection after ${connectionIdleSeconds} s of silence (${quotaFact('webSocketIdle').code}); half of that tolerates one lost heartbeat. ${sendsOften ? `Clients send a message every ${figure(interval)} s on average, so few heartbeats are needed and they cost little` : `Clients ${Number.isFinite(interval) ? `send a message every ${figure(interval)} s` : 'never send a message'}: without a heartbeat each connection would reconnect every ${connectionIdleSeconds} s, ${whole(load.peakConnections / connectionIdleSeconds)} new connections/s`}. A message, not a ping frame: whether ping frames reset the timer is unverified.`,
  };
}

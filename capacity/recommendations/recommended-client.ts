/** How clients should handle connections that end. */
import { quotaFact } from '../../aws/quotas/table.ts';
import { connectionIdleSeconds, heartbeatRate, turnoverOf } from '../demand/connection-turnover.ts';
import { loadOfPlan, silenceOf } from '../demand/load.ts';
import { type Context, type Draft, figure, plain, targetUtilisation, whole } from './recommendation-terms.ts';

/** A random delay over a window that is long enough for all clients to reconnect within the quota of new connections. */
export function backOff({ plan, load, limits, date }: Context): Draft {
  const quota = limits.find(({ id }) => id === 'newConnections');
  const limit = quota?.limit ?? 500;
  const burst = quota?.limitBurst ?? 0;
  const share = targetUtilisation;
  const windowFor = (connections: number) => Math.max(1, Math.ceil(Math.max(0, connections - burst) / (share * limit)));
  const objective = plan.recoveryObjectiveSeconds;
  const byQuota = windowFor(load.peakConnections);
  const seconds = objective ?? byQuota;
  const today = loadOfPlan(plan).peakConnections;
  return {
    ...plain,
    id: 'client.backOff',
    subject: 'clients’ back-off: first delay random from 0 to',
    unit: 's',
    value: seconds,
    kind: 'set',
    action: `Have clients wait a random time from 0 to ${whole(seconds)} s before they reconnect, and double that maximum after each failure (full jitter).`,
    calculation: `${objective === undefined ? '' : `The recovery objective is ${whole(objective)} s: ${whole(load.peakConnections / objective)} new connections/s on ${date}, which the quota must carry. `}If all ${whole(load.peakConnections)} connections on ${date} drop simultaneously: (${whole(load.peakConnections)} − burst ${whole(burst)}) / (${share} × ${limit} new connections/s) = ${whole(byQuota)} s, spread evenly; without jitter the retries collide again. Today’s ${whole(today)} connections need ${whole(windowFor(today))} s. M. Brooker, Exponential Backoff and Jitter, AWS Architecture Blog, 2015.`,
  };
}

/** Half of the idle timeout, so that one lost heartbeat does not close the connection; none where clients send more often anyway. */
export function heartbeat({ plan, load }: Context): Draft {
  const silence = silenceOf(load, plan);
  const value = plan.heartbeatSeconds ?? connectionIdleSeconds / 2;
  const connections = load.peakConnections;
  const [without, beating] = [
    { ...silence, heartbeatSeconds: null },
    { ...silence, heartbeatSeconds: value },
  ];
  const opened = (each: typeof silence) => whole(connections * turnoverOf(each).connectsPerSecond);
  const beats = whole(connections * heartbeatRate(beating));
  return {
    ...plain,
    id: 'client.heartbeat',
    subject: 'clients’ heartbeat after a silence of',
    unit: 's',
    value,
    present: plan.heartbeatSeconds ?? null,
    kind: plan.heartbeatSeconds === undefined ? 'set' : 'keep',
    action:
      plan.heartbeatSeconds === undefined
        ? `Have a client that has sent nothing for ${value} s send a small message.`
        : `Keep the clients’ heartbeat after a silence of ${figure(value)} s.`,
    calculation: `API Gateway closes a connection after ${connectionIdleSeconds} s of silence (${quotaFact('webSocketIdle').code}); half of that tolerates one lost heartbeat. Without one there are ${opened(without)} new connections/s, with one ${opened(beating)} new connections/s and ${beats} heartbeats/s${silence.gaps === 'exponential' ? ' (gaps between the messages of people are exponential)' : ''}. A message, not a ping frame: whether ping frames reset the timer is unverified.`,
  };
}

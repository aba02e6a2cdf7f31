/** How the clients' back-off and heartbeat were calculated. */
import type { BackOffFacts, HeartbeatFacts, RecoveryPrices } from '../../../capacity/recommendations/facts.ts';
import { figure, whole } from './figures.ts';

export function backOffCalculation({ date, connections, quota, utilisation, recovery, today }: BackOffFacts): string {
  const { objectiveSeconds, objectiveFrom, waiting, raise } = recovery;
  const objective =
    objectiveFrom === 'plan'
      ? `The recovery objective is ${whole(objectiveSeconds)} s`
      : `The plan has no \`recoveryObjectiveSeconds\`: ${whole(objectiveSeconds)} s are assumed`;
  const peak = `all ${whole(connections)} connections on ${date}`;
  const window = `(${whole(connections)} − burst ${whole(quota.burst)}) / (${utilisation} × ${whole(quota.ratePerSecond)} new connections/s) = ${whole(waiting.windowSeconds)} s`;
  const prices =
    raise === null
      ? `That is within the objective, and costs ${whole(waiting.userSeconds)} user-seconds away (users online × half of the time).`
      : `Waiting for it costs ${whole(waiting.userSeconds)} user-seconds away (users online × half of the time); with ${whole(raise.connectionsPerSecond)} new connections/s (${quota.code}) it is ${whole(raise.userSeconds)}. AWS charges nothing for the raise, and takes ${whole(raise.leadDays)} days; the rate needs ${needs(raise)}.`;
  return `${objective}. If ${peak} drop simultaneously, the quota in force takes ${window}, spread evenly; without jitter the retries collide again. ${prices} Today’s ${whole(today.connections)} connections need ${whole(today.windowSeconds)} s at the quota in force. M. Brooker, Exponential Backoff and Jitter, AWS Architecture Blog, 2015.`;
}

function needs({ executions, writeUnitsPerSecond }: NonNullable<RecoveryPrices['raise']>): string {
  const parts = [
    executions === null
      ? null
      : `${figure(executions)} executions of the functions that connects and disconnects invoke`,
    writeUnitsPerSecond === null ? null : `${figure(writeUnitsPerSecond)} WRU/s`,
  ].filter((part) => part !== null);
  return parts.length === 0 ? 'what was not measured' : parts.join(' and ');
}

export function heartbeatCalculation(facts: HeartbeatFacts): string {
  const { idleSeconds, idleCode, connectsPerSecond, heartbeatsPerSecond, gaps, tooMany } = facts;
  const people = gaps === 'exponential' ? ' (gaps between the messages of people are exponential)' : '';
  return `API Gateway closes a connection after ${figure(idleSeconds)} s of silence (${idleCode}); half of that tolerates one lost heartbeat. Without one there are ${whole(connectsPerSecond.without)} new connections/s, with one ${whole(connectsPerSecond.with)} new connections/s and ${whole(heartbeatsPerSecond)} heartbeats/s${people}. A message, not a ping frame: whether ping frames reset the timer is unverified.${tooMany ? ' No raise carries as many.' : ''}`;
}

/** What of latencies and faults a report must say. */
import type { InterferenceConfiguration } from './configuration.ts';
import { describeDelay } from './delay.ts';
import type { SetFault } from './faults.ts';
import { describeLatencyProfile } from './latency-profile.ts';

/** Sentences: the latency profile, always, and every fault that is set from the start. */
export function interferenceNotes({ latency, seed, faults }: InterferenceConfiguration): string[] {
  return [describeLatencyProfile(latency, seed), ...faults.map(describeFault)];
}

/** `Fault "slow table": latency of dynamodb GetItem, 40 ms, share 0.1, from 10 s for 30 s, seed 7.` */
export function describeFault(fault: SetFault): string {
  const { name, kind, service, operation, callers, share, startSeconds, durationSeconds, skip, most, seed } = fault;
  const parts = [
    `${kind} of ${service} ${operation.join(', ')}`,
    ...particularsOf(fault),
    ...(callers === 'everyone' ? [] : [`calls of ${callers}`]),
    `share ${share}`,
    ...(skip > 0 ? [`after ${skip} operations`] : []),
    ...(most === undefined ? [] : [`${most} times at most`]),
    `from ${startSeconds} s ${durationSeconds === undefined ? 'until it is cleared' : `for ${durationSeconds} s`}`,
    `seed ${seed}`,
  ];
  return `Fault "${name}": ${parts.join(', ')}.`;
}

function particularsOf(fault: SetFault): string[] {
  switch (fault.kind) {
    case 'latency':
      return [describeDelay(fault.delay)];
    case 'error':
      return fault.error === undefined ? [] : [fault.error];
    case 'throttle':
      return fault.quota ? [`quota ${fault.quota.ratePerSecond}/s, burst ${fault.quota.burst}`] : [];
    case 'partition':
    case 'lostAnswer':
      return [fault.way];
    case 'crash':
      return [fault.when === 'answered' ? 'once it has answered' : `${fault.when} the handler`];
    case 'delayedDelivery':
      return [`${fault.delaySeconds} s later`];
    case 'disconnect':
      return [
        fault.way === 'close' ? `close code ${fault.code}` : 'TCP reset',
        ...(fault.everySeconds === undefined ? [] : [`every ${fault.everySeconds} s`]),
      ];
    case 'duplicateDelivery':
    case 'lostDisconnect':
      return [];
  }
}

/** CPU seconds of a local target so far, by what they went into. */
import { cpuSecondsOf, threadCpuSecondsOf } from '../process-usage.ts';

/** The order of a local target's processes: supervisor, DynamoDB, SQS, gateway. */
export function cpuByPart([, dynamodb = 0, sqs = 0, gateway = 0]: readonly number[]): Map<string, number> {
  // Environments end, and their threads with them; the process's own total keeps what they used.
  const own = threadCpuSecondsOf(gateway)
    .filter(({ name }) => name !== 'WorkerThread')
    .reduce((total, { cpuSeconds }) => total + cpuSeconds, 0);
  return new Map([
    ['functions (handlers and their SDK calls)', cpuSecondsOf(gateway) - own],
    ['gateway, Lambda, pollers, CloudWatch', own],
    ['DynamoDB (dynalite)', cpuSecondsOf(dynamodb)],
    ['SQS', cpuSecondsOf(sqs)],
  ]);
}

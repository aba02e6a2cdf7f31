/** Schedules of EventBridge that invoke functions of the stack at a rate, from when the target is up. Source: EventBridge user guide, read November 2026. */
import { randomUUID } from 'node:crypto';
import type { AsyncInvocations } from './lambda/async-invocations.ts';
import type { ScheduleModel } from './template/model.ts';

interface Options {
  asynchronous: Pick<AsyncInvocations, 'accept'>;
  accountId: string;
  region: string;
}

/** Until the returned function is called. */
export function startSchedules(
  schedules: readonly ScheduleModel[],
  { asynchronous, accountId, region }: Options,
): () => void {
  const timers = schedules.map(({ arn, everyMs, functionNames, input }) =>
    setInterval(() => {
      const event = {
        ...{ version: '0', id: randomUUID(), 'detail-type': 'Scheduled Event', source: 'aws.events' },
        ...{ account: accountId, time: new Date().toISOString(), region, resources: [arn], detail: {} },
      };
      for (const functionName of functionNames) asynchronous.accept(functionName, input ?? JSON.stringify(event));
    }, everyMs),
  );
  return () => {
    for (const timer of timers) clearInterval(timer);
  };
}

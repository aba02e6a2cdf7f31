/** Schedules of EventBridge that invoke functions of the stack at a rate, from when the target is up. Source: EventBridge user guide, read November 2026. */
import { randomUUID } from 'node:crypto';
import type { AsyncInvocations } from './lambda/async-invocations.ts';
import { longestTimerMs } from './process/sleep.ts';
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
  const stops = schedules.map(({ arn, everyMs, targets }) =>
    repeat(everyMs, () => {
      const event = {
        ...{ version: '0', id: randomUUID(), 'detail-type': 'Scheduled Event', source: 'aws.events' },
        ...{ account: accountId, time: new Date().toISOString(), region, resources: [arn], detail: {} },
      };
      for (const { functionName, input } of targets) asynchronous.accept(functionName, input ?? JSON.stringify(event));
    }),
  );
  return () => {
    for (const stop of stops) stop();
  };
}

/** Runs it after each interval, however long that is. Returns what ends it. */
function repeat(everyMs: number, run: () => void): () => void {
  let timer: NodeJS.Timeout;
  const waitFor = (leftMs: number) => {
    const waitMs = Math.min(leftMs, longestTimerMs);
    timer = setTimeout(() => {
      if (leftMs > waitMs) return waitFor(leftMs - waitMs);
      waitFor(everyMs);
      run();
    }, waitMs);
  };
  waitFor(everyMs);
  return () => clearTimeout(timer);
}

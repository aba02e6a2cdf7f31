/** The stack that capacity is computed for, from the settings that run.json recorded. */
import { roles } from '../capacity/demand/coefficients.ts';
import type { Deployment } from '../capacity/headroom/quota.ts';
import type { RunRecord } from '../record/run.ts';

/** The stack of a run, or of settings that have not been run yet. */
export function deploymentOf(
  run: Pick<RunRecord, 'settings'> & {
    target: Pick<RunRecord['target'], 'region'>;
    plan?: Pick<RunRecord['plan'], 'newTable'>;
  },
): Deployment {
  const { ingest, webSocketThrottle, webhookThrottle, functions, queue, accessLogs } = run.settings;
  const { eventTtlSeconds, detailedMetrics } = run.settings;
  return {
    region: run.target.region,
    ingest,
    webSocketThrottle,
    webhookThrottle,
    retentionSeconds: queue.retentionSeconds,
    newTable: run.plan?.newTable,
    batchSize: queue.batchSize,
    maximumConcurrency: queue.maximumConcurrency,
    provisionedPollers: queue.provisionedPollers,
    accessLogs,
    eventTtlSeconds,
    detailedMetrics,
    visibilityTimeoutSeconds: queue.visibilityTimeoutSeconds,
    maxReceiveCount: queue.maxReceiveCount,
    memoryMb: {
      authorize: functions.authorize.memoryMb,
      connect: functions.connect.memoryMb,
      disconnect: functions.disconnect.memoryMb,
      message: functions.message.memoryMb,
      ingest: functions.ingest.memoryMb,
      deliver: functions.deliver.memoryMb,
    },
    reservedConcurrency: Object.fromEntries(
      roles.flatMap((role) => {
        const { reservedConcurrency } = functions[role];
        return reservedConcurrency === null ? [] : [[role, reservedConcurrency]];
      }),
    ),
  };
}

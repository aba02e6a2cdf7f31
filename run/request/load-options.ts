/** What a caller may set of the load; without it the usage plan's numbers hold. Names as in a scenario's variables where they differ. */
import type { WorkloadOverrides } from '../../scenarios/plan/workload.ts';

export interface LoadOptions {
  connections?: number;
  connectRate?: number;
  steady?: number;
  drain?: number;
  messageRate?: number;
  webhookRate?: number;
  burstRate?: number;
  burstSeconds?: number;
  burstStart?: number;
  replayShare?: number;
  offlineShare?: number;
  timeout?: number;
  seed?: number;
}

/** What a flag sets, by the name that it has in a scenario. */
export const variablesOfFlags: Record<string, readonly string[]> = {
  connections: ['connections'],
  'connect-rate': ['connectRatePerSecond'],
  steady: ['steadySeconds'],
  drain: ['drainSeconds'],
  'message-rate': ['messageRatePerSecond'],
  'webhook-rate': ['webhookRatePerSecond'],
  'burst-rate': ['burstRatePerSecond'],
  'burst-seconds': ['burstLastsSeconds'],
  'burst-start': ['burstStartsAtSeconds'],
  'replay-share': ['replayShare'],
  'offline-share': ['offlineOwnerShare'],
  timeout: ['timeoutSeconds'],
  seed: ['seed'],
};

export function overridesOf(options: LoadOptions): WorkloadOverrides {
  return {
    connections: options.connections,
    connectRatePerSecond: options.connectRate,
    steadySeconds: options.steady,
    drainSeconds: options.drain,
    messageRatePerSecond: options.messageRate,
    webhookRatePerSecond: options.webhookRate,
    burstRatePerSecond: options.burstRate,
    burstLastsSeconds: options.burstSeconds,
    burstStartsAtSeconds: options.burstStart,
    replayShare: options.replayShare,
    offlineOwnerShare: options.offlineShare,
    timeoutSeconds: options.timeout,
    seed: options.seed,
  };
}

/** Storms, simulated. */
export { type BackOff, type Jitter, jitters } from './back-off.ts';
export { assumedColdStartMs, stormBasis } from './from-quotas.ts';
export { simulateStorm } from './simulate.ts';
export type { Limit, ReconnectResult, StormResult, StormSpec, WebhookResult } from './spec.ts';

/** Storms, simulated. */
export type { BackOff } from './back-off.ts';
export { simulateStorm } from './simulate.ts';
export type { Limit, ReconnectResult, StormResult, StormSpec, WebhookResult } from './spec.ts';

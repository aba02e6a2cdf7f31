/** What of the quotas is modelled differently from AWS, in sentences for the report. Pure. */
import type { Limits } from './limits.ts';
import { explicitLimits } from './resolve-limits.ts';

/** None when every quota is AWS's default at its full size and WebSockets live in real time. */
export function limitNotes(limits: Limits): string[] {
  const { quotaScale, timeScale } = limits;
  const set = explicitLimits(limits);
  return [
    ...(quotaScale === 1
      ? []
      : [
          `Quotas modelled at ${quotaScale} of their size (quotaScale): rates, bursts, concurrencies and the template's own throttles in proportion; sizes and durations unchanged.`,
        ]),
    ...(timeScale === 1
      ? []
      : [
          `WebSocket time modelled ${timeScale} times faster (timeScale): idle timeout ${seconds(limits.webSocketIdleMs)}, lifetime ${seconds(limits.webSocketLifetimeMs)}; nothing else is compressed.`,
        ]),
    ...(set.length === 0
      ? []
      : [
          `Limits set for this run: ${set.map(({ name, value, byDefault }) => `${name} ${value} (otherwise ${byDefault})`).join(', ')}.`,
        ]),
  ];
}

const seconds = (ms: number): string => `${Number((ms / 1_000).toPrecision(3))} s`;

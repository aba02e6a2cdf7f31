/** Events of EventBridge. Source: EventBridge user guide, "Events", read November 2026. */
export interface BusEvent {
  version: '0';
  id: string;
  'detail-type': string;
  source: string;
  account: string;
  /** ISO 8601, in whole seconds. */
  time: string;
  region: string;
  resources: readonly string[];
  detail: unknown;
}

/** As EventBridge writes times: without fractions of a second. */
export const eventTime = (ms: number): string => new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');

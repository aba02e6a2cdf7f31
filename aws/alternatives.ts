/**
 * What other services of AWS for WebSockets carry, by default and per account and Region. AWS General Reference, in two secondary copies, and a dump of
 * IoT Core's quotas of 2025-06; read 2026-11. Confidence: medium.
 */
export const alternatives = {
  appSyncEvents: { connectsPerSecond: 2_000, inPerSecond: 10_000, outPerSecond: 1_000_000 },
  iotCore: { connectsPerSecond: 3_000, inPerSecond: 20_000, outPerSecond: 20_000 },
} as const;

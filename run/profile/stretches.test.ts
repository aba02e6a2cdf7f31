import { expect, test } from 'vitest';
import { exampleObservation } from '../../reports/example-observation.fixture.ts';
import { connectionPhases } from './stretches.ts';

test('connections that were closed within a period after the last one opened: what happened is said', () => {
  const observation = exampleObservation();
  const { firstSecond } = observation.clock;
  const clock = { ...observation.clock, steadyFirstSecond: firstSecond + 5, lastSecond: firstSecond + 12 };
  const early = {
    ...observation,
    clock,
    client: { ...observation.client, seconds: [] },
    server: { ...observation.server, periodSeconds: 60 },
  };
  expect(() => connectionPhases(early, { webSocket: null, webhook: null })).toThrow(
    /^Connections were closed 7 s after the last one opened, although this phase holds them for longer, and CloudWatch counts by 60 s: /,
  );
});

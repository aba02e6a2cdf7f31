/** All cases. */
import type { ConformanceCase } from '../conformance-case.ts';
import { connectionsApiCases } from './connections-api.ts';
import { eventCases } from './events.ts';
import { frameCases } from './frames.ts';
import { handshakeCases } from './handshake.ts';
import { integrationCases } from './integration.ts';
import { routingCases } from './routing.ts';

export const cases: readonly ConformanceCase[] = [
  ...handshakeCases,
  ...eventCases,
  ...routingCases,
  ...integrationCases,
  ...frameCases,
  ...connectionsApiCases,
];

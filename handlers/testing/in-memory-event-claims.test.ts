import { describe } from 'vitest';
import { eventClaimsBehaviour } from './event-claims.conformance.ts';
import { InMemoryEventClaims } from './in-memory-event-claims.ts';

describe('in-memory event claims', () => eventClaimsBehaviour((options) => new InMemoryEventClaims(options)));

import { describe } from 'vitest';
import { connectionStoreBehaviour } from './connection-store.conformance.ts';
import { InMemoryConnectionStore } from './in-memory-connection-store.ts';

describe('in-memory connection store', () =>
  connectionStoreBehaviour((options) => new InMemoryConnectionStore(options)));

import { test } from 'vitest';
import { expectRuns } from './random-faults.ts';

// random-faults.e2e.test.ts runs more of them.
test('20 random combinations of faults: every event as an outsider saw it', () => expectRuns(1, 20));

import { describe, expect, test } from 'vitest';
import { parseSettings } from '../../stack/settings/settings.ts';
import { startLocalTarget } from './local-target.ts';
import { testReferenceStack } from './reference-stack.fixture.ts';

describe('the reference stack', () => testReferenceStack('lambda'));

test('an abort before the start starts nothing', async () => {
  const starting = startLocalTarget({ settings: parseSettings(), signal: AbortSignal.abort(new Error('aborted')) });
  await expect(starting).rejects.toThrow('aborted');
});

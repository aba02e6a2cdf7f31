import { expect, test } from 'vitest';
import { whyTargetFailed } from './why-failed.ts';

const never = new Promise<never>(() => {});
const limits = { noticedWithinMs: 10, answersWithinMs: 1_000 };
const why = (target: Parameters<typeof whyTargetFailed>[0]) => whyTargetFailed(target, limits);

test.each<[string, Parameters<typeof whyTargetFailed>[0], string | null]>([
  ['all is up and answers', { ended: never, silentParts: async () => [] }, null],
  ['it was already up, and says nothing of itself', { ended: never }, null],
  ['a part has ended', { ended: Promise.resolve({ reason: 'sqs ended by SIGKILL.' }) }, 'sqs ended by SIGKILL.'],
  [
    'a part is silent',
    { ended: never, silentParts: async () => ['sqs'] },
    'sqs of the local target does not answer: suspended, or in an endless loop',
  ],
  [
    'two are silent',
    { ended: never, silentParts: async (limitMs) => ['sqs', `dynamodb for ${limitMs} ms`] },
    'sqs, dynamodb for 1000 ms of the local target do not answer: suspended, or in an endless loop',
  ],
])('%s', async (_what, target, reason) => {
  expect(await why(target)).toBe(reason);
});

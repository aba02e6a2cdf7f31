import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { bundleClient } from './bundle.ts';

/** What a page pays for it, minified and compressed, in bytes. */
const budgetBytes = 4_096;

test('the client costs a page 4 kB at most, and imports nothing', async () => {
  const code = await bundleClient();
  expect(gzipSync(code, { level: 9 }).length).toBeLessThanOrEqual(budgetBytes);
  expect(code).not.toMatch(/\bimport\b|\brequire\(/);
  const built: unknown = await import(`data:text/javascript,${encodeURIComponent(code)}`);
  expect(built).toMatchObject({
    connect: expect.any(Function),
    isInStage: expect.any(Function),
    placeOf: expect.any(Function),
    RequestError: expect.any(Function),
    standardConduct: { heartbeatSeconds: 300 },
  });
});

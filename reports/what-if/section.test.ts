import { inflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { packed } from './section.ts';
import { bytesOf } from './signs.fixture.ts';

test('what is packed comes back, whatever it is and however long, in signs that end no script', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
      const signs = packed(text);
      expect(signs).toMatch(/^[(-;=-|~]*$/);
      expect(inflateRawSync(Buffer.from(bytesOf(signs))).toString()).toBe(text.toWellFormed());
    }),
    { numRuns: 300 },
  );
});

test('a fifteenth is saved against base64', () => {
  const text = Array.from({ length: 2_000 }, (_, n) => String.fromCharCode(32 + ((n * n * 7) % 90))).join('');
  const base64 = 4 * Math.ceil((packed(text).length * 4) / 5 / 3);
  expect(packed(text).length / base64).toBeCloseTo(15 / 16, 2);
});

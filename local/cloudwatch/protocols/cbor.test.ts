import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CborTimestamp, decodeCbor, encodeCbor } from './cbor.ts';

const hex = (text: string) => Buffer.from(text, 'hex');

describe('decodeCbor', () => {
  // RFC 8949, appendix A.
  it.each<[string, unknown]>([
    ['00', 0],
    ['17', 23],
    ['1818', 24],
    ['1903e8', 1_000],
    ['1a000f4240', 1_000_000],
    ['1b000000e8d4a51000', 1_000_000_000_000],
    ['20', -1],
    ['3903e7', -1_000],
    ['f90000', 0],
    ['f93c00', 1],
    ['f97bff', 65_504],
    ['f90001', 2 ** -24],
    ['f9c400', -4],
    ['f97c00', Number.POSITIVE_INFINITY],
    ['fa47c35000', 100_000],
    ['fb3ff199999999999a', 1.1],
    ['f4', false],
    ['f5', true],
    ['f6', null],
    ['c11a514b67b0', 1_363_896_240],
    ['c1fb41d452d9ec200000', 1_363_896_240.5],
    ['6449455446', 'IETF'],
    ['62c3bc', 'ü'],
    ['83010203', [1, 2, 3]],
    ['a26161016162820203', { a: 1, b: [2, 3] }],
    ['7f657374726561646d696e67ff', 'streaming'],
    ['9f018202039f0405ffff', [1, [2, 3], [4, 5]]],
    ['bf61610161629f0203ffff', { a: 1, b: [2, 3] }],
  ])('%s', (bytes, value) => {
    expect(decodeCbor(hex(bytes))).toEqual(value);
  });

  it.each([
    ['nothing', ''],
    ['a text that ends too early', '6449'],
    ['a list of 2^64 - 1 items', '9bffffffffffffffff'],
    ['a map whose key is a number', 'a10101'],
    ['a break without a beginning', 'ff'],
    ['more after the value', '0000'],
    ['40 lists in each other', '81'.repeat(40)],
  ])('refuses %s', (_, bytes) => {
    expect(() => decodeCbor(hex(bytes))).toThrow(SyntaxError);
  });

  it('makes `__proto__` an own property', () => {
    const value = decodeCbor(encodeCbor(Object.fromEntries([['__proto__', { polluted: true }]])));
    expect(Object.keys(value as object)).toEqual(['__proto__']);
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
  });

  it('throws nothing but a SyntaxError, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        try {
          decodeCbor(Buffer.from(bytes));
        } catch (error) {
          expect(error).toBeInstanceOf(SyntaxError);
        }
      }),
    );
  });
});

describe('encodeCbor', () => {
  it('gives what decodeCbor reads back', () => {
    const json = fc.jsonValue({ maxDepth: 5 });
    fc.assert(
      fc.property(json, (value) => {
        expect(decodeCbor(encodeCbor(value))).toEqual(value);
      }),
    );
  });

  it.each<[unknown, string]>([
    [255, '18ff'],
    [65_536, '1a00010000'],
    [4_294_967_296, '1b0000000100000000'],
    [-25, '3818'],
    [0.5, 'fb3fe0000000000000'],
    [new CborTimestamp(1_363_896_240.5), 'c1fb41d452d9ec200000'],
    [{ left: undefined, kept: null }, 'a1646b657074f6'],
  ])('%j', (value, bytes) => {
    expect(encodeCbor(value).toString('hex')).toBe(bytes);
  });
});

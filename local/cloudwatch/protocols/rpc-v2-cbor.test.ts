import fc from 'fast-check';
import { expect, it } from 'vitest';
import { CloudWatchError } from '../cloudwatch-error.ts';
import { decodeBody, rpcV2Cbor } from './rpc-v2-cbor.ts';

const hex = (text: string) => Buffer.from(text, 'hex');
const encode = (output: object) => rpcV2Cbor.encode(output, { action: 'Any', requestId: 'r' }).body as Buffer;

// RFC 8949, appendix A.
it.each<[string, unknown]>([
  ['1b000000e8d4a51000', 1_000_000_000_000],
  ['f93c00', 1],
  ['fb3ff199999999999a', 1.1],
  ['c11a514b67b0', 1_363_896_240],
  ['c1fb41d452d9ec200000', 1_363_896_240.5],
  ['82c11a514b67b0a16161c11a514b67b0', [1_363_896_240, { a: 1_363_896_240 }]],
  ['bf61610161629f0203ffff', { a: 1, b: [2, 3] }],
])('reads %s, a timestamp as its seconds', (bytes, value) => {
  expect(decodeBody(hex(bytes))).toEqual(value);
});

it.each([
  ['nothing', ''],
  ['a truncated text', '6449'],
  ['a list of 2^64 - 1 items', '9bffffffffffffffff'],
  ['a map whose key is a number', 'a10101'],
  ['a break without a start', 'ff'],
  ['100,000 nested lists', '81'.repeat(100_000)],
])('refuses %s', (_, bytes) => {
  expect(() => decodeBody(hex(bytes))).toThrow(new CloudWatchError('serialization', 'The request body is not CBOR.'));
});

it('throws only CloudWatchError for any bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      try {
        decodeBody(Buffer.from(bytes));
      } catch (error) {
        expect(error).toBeInstanceOf(CloudWatchError);
      }
    }),
  );
});

it('does not let a key of a request pollute Object.prototype', () => {
  // {"__proto__": {"polluted": true}}
  decodeBody(hex('a1695f5f70726f746f5f5fa168706f6c6c75746564f5'));
  expect(Reflect.get({}, 'polluted')).toBeUndefined();
});

it('writes timestamps under tag 1, and omits undefined values', () => {
  const body = encode({ Timestamps: [1_363_896_240.5], left: undefined, kept: null });
  expect(body.toString('hex')).toBe('a26a54696d657374616d707381c1fb41d452d9ec200000646b657074f6');
  expect(decodeBody(body)).toEqual({ Timestamps: [1_363_896_240.5], kept: null });
});

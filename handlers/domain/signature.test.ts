import { describe, expect, it } from 'vitest';
import { isSignatureValid } from './signature.ts';

// RFC 4231, test case 2.
const body = Buffer.from('what do ya want for nothing?');
const secret = 'Jefe';
const signature = '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843';

const flip = (index: number) =>
  signature.slice(0, index) + (signature[index] === '0' ? '1' : '0') + signature.slice(index + 1);

describe('isSignatureValid', () => {
  it('accepts the published HMAC of RFC 4231', () => {
    expect(isSignatureValid(body, signature, secret)).toBe(true);
  });

  it.each([
    ['wrong in its first digit', flip(0)],
    ['wrong in its last digit', flip(63)],
    ['in upper case', signature.toUpperCase()],
    ['one digit short', signature.slice(0, 63)],
    ['one digit long', `${signature}0`],
    ['of 64 characters that are not hex', 'z'.repeat(64)],
    // 64 characters, but more bytes: comparing these must not throw.
    ['of 64 characters outside ASCII', 'é'.repeat(64)],
    ['with a line feed at its end', `${signature}\n`],
    ['that is empty', ''],
    ['that is missing', undefined],
  ])('refuses a signature %s', (_name, given) => {
    expect(isSignatureValid(body, given, secret)).toBe(false);
  });

  it('refuses it for another body or another secret', () => {
    expect(isSignatureValid(Buffer.from('what do ya want for nothing!'), signature, secret)).toBe(false);
    expect(isSignatureValid(body, signature, 'Jeff')).toBe(false);
  });
});

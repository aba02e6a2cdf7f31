import { X509Certificate } from 'node:crypto';
import { expect, test } from 'vitest';
import { CertificateAuthority } from './certificates.ts';

const authority = new CertificateAuthority(new Date('2026-11-26T12:00:00Z'));
const own = new X509Certificate(authority.certificate);

test.each(['abcdefghij.execute-api.us-east-1.amazonaws.com', 'sts.amazonaws.com'])(
  'a certificate is for %s alone',
  (host) => {
    const certificate = new X509Certificate(authority.for(host).certificate);
    expect(certificate.checkIssued(own)).toBe(true);
    expect(certificate.verify(own.publicKey)).toBe(true);
    expect(certificate.checkHost(host)).toBe(host);
    expect(certificate.checkHost('example.com')).toBeUndefined();
    expect(certificate.ca).toBe(false);
  },
);

test('or for an address', () => {
  const certificate = new X509Certificate(authority.for('127.0.0.1').certificate);
  expect(certificate.checkIP('127.0.0.1')).toBe('127.0.0.1');
  expect(certificate.checkIP('127.0.0.2')).toBeUndefined();
});

test('the authority signs itself, and holds from a day before to thirty days after', () => {
  expect(own.ca).toBe(true);
  expect(own.verify(own.publicKey)).toBe(true);
  expect(new Date(own.validFrom)).toEqual(new Date('2026-11-25T12:00:00Z'));
  expect(new Date(own.validTo)).toEqual(new Date('2026-12-26T12:00:00Z'));
});

test('a host has one certificate', () => {
  expect(authority.for('a.example')).toBe(authority.for('a.example'));
  expect(authority.for('a.example')).not.toBe(authority.for('b.example'));
});

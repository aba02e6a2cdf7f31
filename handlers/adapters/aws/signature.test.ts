import { expect, it } from 'vitest';
import { RequestSigner } from './signature.ts';

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };
const signer = new RequestSigner({ credentials, region: 'us-east-1', service: 'service' });
const headers = { host: 'example.amazonaws.com' };
const nowMs = Date.UTC(2015, 7, 30, 12, 36);
const signatureOf = (given: Record<string, string>) => given.authorization?.replace(/^.*Signature=/, '');

// Source: the Signature Version 4 test suite of AWS, cases post-vanilla and post-header-key-sort.
it('signs as in the examples of AWS', () => {
  const signed = signer.sign({ path: '/', headers, body: '' }, nowMs);
  expect(signed).toEqual({
    host: 'example.amazonaws.com',
    'x-amz-date': '20150830T123600Z',
    authorization:
      'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, ' +
      'Signature=5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b',
  });
  const sorted = signer.sign({ path: '/', headers: { ...headers, 'my-header1': 'value1' }, body: '' }, nowMs);
  expect(signatureOf(sorted)).toBe('c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c');
});

it('derives the key of another day anew, and signs the token of temporary credentials', () => {
  const nextDayMs = nowMs + 86_400_000;
  const again = new RequestSigner({ credentials, region: 'us-east-1', service: 'service' });
  const request = { path: '/', headers, body: '{}' };
  expect(signer.sign(request, nextDayMs)).toEqual(again.sign(request, nextDayMs));
  const temporary = { credentials: { ...credentials, sessionToken: 'token' }, region: 'us-east-1', service: 'service' };
  const signed = new RequestSigner(temporary).sign(request, nowMs);
  expect(signed['x-amz-security-token']).toBe('token');
  expect(signed.authorization).toContain('SignedHeaders=host;x-amz-date;x-amz-security-token,');
});

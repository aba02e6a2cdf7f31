import { expect, it } from 'vitest';
import { readDirectRecord } from './direct-record.ts';

const sent = { SentTimestamp: '1790000000000' };
const attributes = (signature: string, encoding: string) => ({
  signature: { stringValue: signature },
  encoding: { stringValue: encoding },
});

it('reads body and headers as API Gateway writes them', () => {
  const messageAttributes = attributes('hmac-sha256=abc', 'encoding=gzip');
  expect(readDirectRecord({ body: 'ü', attributes: sent, messageAttributes }, 1_790_000_001_500)).toEqual({
    rawBody: Buffer.from('ü', 'utf8'),
    signature: 'abc',
    encoding: 'gzip',
    ageMs: 1_500,
  });
});

it.each([
  ['headers that were not sent', attributes('hmac-sha256=', 'encoding=')],
  ['attributes that are missing', {}],
  ['a signature without its prefix', attributes('abc', 'gzip')],
])('reads %s as missing', (_name, messageAttributes) => {
  expect(readDirectRecord({ body: '', attributes: sent, messageAttributes }, 0)).toMatchObject({
    signature: undefined,
    encoding: undefined,
  });
});

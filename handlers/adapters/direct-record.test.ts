import { expect, it } from 'vitest';
import { readDirectRecord } from './direct-record.ts';

const attributes = (signature: string, encoding: string) => ({
  signature: { stringValue: signature },
  encoding: { stringValue: encoding },
});

it('reads body and headers as API Gateway writes them', () => {
  expect(readDirectRecord({ body: 'ü', messageAttributes: attributes('hmac-sha256=abc', 'encoding=gzip') })).toEqual({
    rawBody: Buffer.from('ü', 'utf8'),
    signature: 'abc',
    encoding: 'gzip',
  });
});

it.each([
  ['headers that were not sent', attributes('hmac-sha256=', 'encoding=')],
  ['attributes that are missing', {}],
  ['a signature without its prefix', attributes('abc', 'gzip')],
])('reads %s as missing', (_name, messageAttributes) => {
  expect(readDirectRecord({ body: '', messageAttributes })).toMatchObject({
    signature: undefined,
    encoding: undefined,
  });
});

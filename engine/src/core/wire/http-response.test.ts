import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ResponseReader } from './http-response.ts';

function read(text: string, cuts: readonly number[] = []) {
  const reader = new ResponseReader();
  let from = 0;
  for (const cut of cuts) {
    const part = reader.push(Buffer.from(text.slice(from, cut), 'latin1'));
    if (part.kind !== 'incomplete') return { early: part, at: cut };
    from = cut;
  }
  return reader.push(Buffer.from(text.slice(from), 'latin1'));
}
const complete = (status: number, keepsAlive = true, retryAfter: string | null = null, body = '') => ({
  kind: 'complete',
  status,
  retryAfter,
  keepsAlive,
  body: Buffer.from(body),
});

describe('a response', () => {
  test.each([
    ['HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok', complete(200, true, null, 'ok')],
    ['HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n', complete(200, false)],
    ['HTTP/1.0 200 OK\r\ncontent-length: 0\r\n\r\n', complete(200, false)],
    ['HTTP/1.1 204 No Content\r\n\r\n', complete(204)],
    ['HTTP/1.1 429\r\nRetry-After: 7\r\ncontent-length: 0\r\n\r\n', complete(429, true, '7')],
    [
      'HTTP/1.1 503 x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nA;x=y\r\n0123456789\r\n0\r\n\r\n',
      complete(503, true, null, 'hello0123456789'),
    ],
    ['HTTP/1.1 200 x\r\ntransfer-encoding: chunked\r\n\r\n0\r\nx-trailer: 1\r\n\r\n', complete(200)],
    ['HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 413 x\r\ncontent-length: 1\r\n\r\nx', complete(413, true, null, 'x')],
  ])('%j, split anywhere', (text, expected) => {
    expect(read(text)).toEqual(expected);
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 1, max: text.length - 1 }), { maxLength: 5 }), (cuts) => {
        expect(
          read(
            text,
            cuts.toSorted((a, b) => a - b),
          ),
        ).toEqual(expected);
      }),
    );
  });

  test('without a length lasts until the server closes', () => {
    const reader = new ResponseReader();
    expect(reader.push(Buffer.from('HTTP/1.1 200 OK\r\n\r\nso far'))).toEqual({ kind: 'incomplete' });
    expect(reader.end()).toEqual(complete(200, false, null, 'so far'));
  });

  test('may be followed by another', () => {
    const reader = new ResponseReader();
    for (const status of [200, 503, 200])
      expect(reader.push(Buffer.from(`HTTP/1.1 ${status} x\r\ncontent-length: 1\r\n\r\nx`))).toEqual(
        complete(status, true, null, 'x'),
      );
  });

  test.each([
    'SSH-2.0-x\r\n\r\n',
    'HTTP/1.1 200 x\r\ncontent-length: -1\r\n\r\n',
    'HTTP/1.1 200 x\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n',
    'HTTP/1.1 200 x\r\ncontent-length: 0\r\n\r\nmore',
    // A megabyte of them would exhaust the stack of a reader that recurses.
    'HTTP/1.1 103 x\r\n\r\n'.repeat(50_000),
  ])('is not %j', (text) => {
    expect(read(text)).toMatchObject({ kind: 'malformed' });
  });
});

test('arbitrary bytes never throw', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 8 }), (chunks) => {
      const reader = new ResponseReader();
      for (const chunk of chunks) reader.push(Buffer.from(chunk));
      reader.end();
    }),
  );
});

import { describe, expect, it } from 'vitest';
import { AnswerReader } from './http-answer.ts';

const ok = 'HTTP/1.1 200 OK\r\n';
/** What is read of the text that arrives in pieces of this size, and whether the connection may carry another request. */
function read(text: string, pieceBytes = 1_000_000, ends = false) {
  const bytes = Buffer.from(text);
  const reader = new AnswerReader();
  let answer = null;
  for (let from = 0; from < bytes.length; from += pieceBytes)
    answer = reader.push(bytes.subarray(from, from + pieceBytes)) ?? answer;
  answer ??= ends ? reader.end() : null;
  return { answer, isReusable: reader.isReusable };
}

describe.each([1_000_000, 1, 2, 3, 7])('in pieces of %i bytes', (pieceBytes) => {
  it('reads a body by its length', () => {
    const text = `${ok}Content-Length: 4\r\nX-Amzn-RequestId:  a b \r\n\r\nüü`;
    expect(read(text, pieceBytes)).toEqual({
      answer: { status: 200, headers: { 'content-length': '4', 'x-amzn-requestid': 'a b' }, body: 'üü' },
      isReusable: true,
    });
  });

  it('reads an empty body', () => {
    expect(read(`${ok}content-length: 0\r\n\r\n`, pieceBytes).answer?.body).toBe('');
    expect(read('HTTP/1.1 204 No Content\r\n\r\n', pieceBytes).answer).toMatchObject({ status: 204, body: '' });
  });

  it('reads a body in chunks, with extensions and trailers', () => {
    const text = `${ok}transfer-encoding: chunked\r\n\r\n3;x=1\r\na\r\n\r\nA\r\n0123456789\r\n0\r\nx: y\r\n\r\n`;
    expect(read(text, pieceBytes)).toMatchObject({ answer: { body: 'a\r\n0123456789' }, isReusable: true });
  });

  it('leaves interim answers out', () => {
    const text = `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n${ok}content-length: 1\r\n\r\na`;
    expect(read(text, pieceBytes).answer).toMatchObject({ status: 200, body: 'a' });
  });

  it('reads a body that ends with the connection', () => {
    expect(read(`${ok}\r\nabc`, pieceBytes, true)).toMatchObject({ answer: { body: 'abc' }, isReusable: false });
  });

  it('does not take the beginning of an answer for the whole', () => {
    for (const text of [`${ok}content-length: 4\r\n\r\nabc`, `${ok}transfer-encoding: chunked\r\n\r\n3\r\nabc\r\n`, ok])
      expect(read(text, pieceBytes, true).answer).toBeNull();
  });
});

it('uses no connection again that is to be closed, or on which more came than was asked for', () => {
  const whole = 'content-length: 1\r\n\r\na';
  expect(read(`${ok}connection: Close\r\n${whole}`).isReusable).toBe(false);
  expect(read(`HTTP/1.0 200 OK\r\n${whole}`).isReusable).toBe(false);
  expect(read(`HTTP/1.0 200 OK\r\nconnection: keep-alive\r\n${whole}`).isReusable).toBe(true);
  expect(read(`${ok}${whole}HTTP/1.1`)).toMatchObject({ answer: { body: 'a' }, isReusable: false });
});

it.each([
  'HTTP/2 200\r\n\r\n',
  'ICY 200 OK\r\n\r\n',
  `${ok}no colon\r\n\r\n`,
  `${ok}content-length: 1, 2\r\n\r\n`,
  `${ok}content-length: -1\r\n\r\n`,
  `${ok}transfer-encoding: gzip, chunked\r\n\r\n`,
  `${ok}transfer-encoding: chunked\r\n\r\nx\r\n`,
  `${ok}transfer-encoding: chunked\r\n\r\n${'0'.repeat(2_000)}`,
  `${ok}${'x'.repeat(20_000)}`,
])('refuses what is no answer: %j', (text) => {
  expect(() => read(text)).toThrow(expect.objectContaining({ code: 'ERR_HTTP_ANSWER' }));
});

import { describe, expect, test } from 'vitest';
import { acceptOf, readUpgradeAnswer, upgradeRequest } from './handshake.ts';

const key = 'dGhlIHNhbXBsZSBub25jZQ==';
const accepted = 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n';
const accept = 'Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n';
const read = (head: string, subprotocols: string[] = []) => readUpgradeAnswer(Buffer.from(head), key, subprotocols);

test('the key of RFC 6455, 1.3 is accepted with the value given there', () => {
  expect(acceptOf(key)).toBe('s3pPLMBiTxaQ9kYGzzhZRbK+xOo=');
});

test('the request names host, path, key, subprotocols and further headers', () => {
  const request = { host: 'h:1', path: '/p?token=t', key, subprotocols: ['a', 'b'], headers: { 'x-tenant': '7' } };
  expect(upgradeRequest(request).split('\r\n')).toEqual([
    'GET /p?token=t HTTP/1.1',
    'Host: h:1',
    'Connection: Upgrade',
    'Upgrade: websocket',
    `Sec-WebSocket-Key: ${key}`,
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Protocol: a, b',
    'x-tenant: 7',
    '',
    '',
  ]);
});

describe('an answer', () => {
  test('that accepts is an upgrade; bytes after its head are not part of it', () => {
    const head = `${accepted}${accept}\r\n`;
    expect(read(`${head}frames`)).toEqual({ kind: 'upgraded', bytes: head.length });
  });
  test('is incomplete until its empty line', () => {
    for (const part of ['', 'HT', 'HTTP/1.1 101', accepted]) expect(read(part)).toEqual({ kind: 'incomplete' });
  });
  test.each([401, 403, 429, 500, 302])('of %i is a refusal', (status) => {
    expect(read(`HTTP/1.1 ${status} No\r\ncontent-length: 0\r\n\r\n`)).toEqual({ kind: 'refused', status });
    expect(read(`HTTP/1.1 ${status}\r\n\r\n`)).toEqual({ kind: 'refused', status });
  });
  test.each([
    ['SSH-2.0-OpenSSH\r\n', 'not HTTP'],
    ['HTTP/1.1 yes\r\n\r\n', 'status line'],
    [`HTTP/1.1 101 X\r\n${accept}\r\n`, 'Upgrade header'],
    [`${accepted}\r\n`, 'Sec-WebSocket-Accept header'],
    [`${accepted}Sec-WebSocket-Accept: wrong\r\n\r\n`, 'Sec-WebSocket-Accept header'],
    [`${accepted}${accept}Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n`, 'an extension that was not requested'],
    [`${accepted}${accept}Sec-WebSocket-Protocol: c\r\n\r\n`, 'a subprotocol that was not requested'],
    ['HTTP/1.1 101 X\r\nx: '.padEnd(20_000, 'x'), 'header over 16 KiB'],
  ])('%j is not an upgrade', (head, problem) => {
    expect(read(head)).toEqual({ kind: 'malformed', problem });
  });
  test('a server that selects none of the subprotocols fails the connection, as in a browser', () => {
    expect(read(`${accepted}${accept}\r\n`, ['a', 'b'])).toEqual({
      kind: 'malformed',
      problem: 'none of the requested subprotocols',
    });
  });
  test('may choose one of the requested subprotocols', () => {
    expect(read(`${accepted}${accept}Sec-WebSocket-Protocol: b\r\n\r\n`, ['a', 'b'])).toMatchObject({
      kind: 'upgraded',
    });
  });
});

describe('around the answer', () => {
  test('interim responses are skipped', () => {
    const interim = 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n';
    const head = `${interim}${accepted}${accept}\r\n`;
    expect(read(head)).toEqual({ kind: 'upgraded', bytes: head.length });
    expect(read(interim)).toEqual({ kind: 'incomplete' });
    expect(read(`${interim}HTTP/1.1 302 Found\r\nLocation: /\r\n\r\n`)).toEqual({ kind: 'refused', status: 302 });
  });
  test('an answer whose Connection header does not upgrade is malformed', () => {
    const head = accepted.replace('Connection: Upgrade', 'Connection: keep-alive');
    expect(read(`${head}${accept}\r\n`)).toEqual({ kind: 'malformed', problem: 'Connection header' });
    expect(
      read(`${accepted.replace('Connection: Upgrade', 'Connection: keep-alive, upgrade')}${accept}\r\n`).kind,
    ).toBe('upgraded');
  });
  test('a Host header given by the user replaces ours', () => {
    const request = upgradeRequest({ host: 'h:1', path: '/', key, subprotocols: [], headers: { HOST: 'a.example' } });
    expect(request.match(/^host:.*$/gim)).toEqual(['Host: a.example']);
  });
});

import { describe, expect, test } from 'vitest';
import { foreignRequest } from './foreign-requests.ts';

const host = '127.0.0.1:8080';

describe('a Host is that of this machine, whoever asks', () => {
  test.each([
    '127.0.0.1',
    '127.0.0.1:80',
    '127.9.9.9:8080',
    'localhost',
    'LocalHost:8080',
    'api.localhost:1',
    '[::1]:8080',
  ])('%s', (own) => {
    expect(foreignRequest({ host: own }, 'tools')).toBeNull();
    expect(foreignRequest({ host: own }, 'browsers')).toBeNull();
  });

  test.each([
    'evil.example',
    'evil.example:8080',
    'localhost.evil.example',
    'evil-localhost',
    '127.0.0.1.evil.example',
    'evil.example#127.0.0.1',
    '127.0.0.1@evil.example',
    '0.0.0.0:8080',
    '192.168.1.4',
    '169.254.169.254',
    '[::ffff:7f00:1]',
    '127.0.0.1:8080, evil.example',
    'localhost:',
    '',
  ])('not %j', (foreign) => {
    expect(foreignRequest({ host: foreign }, 'tools')).toContain('is not a name of this machine');
    expect(foreignRequest({ host: foreign }, 'browsers')).toContain('use 127.0.0.1 or localhost');
  });

  test('not one that is missing', () => {
    expect(foreignRequest({}, 'browsers')).toContain('The Host "" is not a name of this machine');
  });

  test('one of any length, and with any characters, is quoted in a sentence of its own', () => {
    const sentence = foreignRequest({ host: `\u001b[31m${'x'.repeat(5_000)}` }, 'tools') ?? '';
    expect(sentence.length).toBeLessThan(300);
    expect(sentence).not.toContain('\u001b');
  });
});

describe('a page is known by what its browser adds, and has no business with a listener for tools', () => {
  const page = 'Requests of web pages are not accepted here: use an AWS SDK, the AWS CLI, curl or a script.';
  test.each([
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: '' },
    { origin: 'http://localhost:3000' },
    { origin: `http://${host}` },
    // No Origin: an image, a script, a link.
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'same-origin' },
  ])('%o', (headers) => {
    expect(foreignRequest({ host, ...headers }, 'tools')).toBe(page);
    // To an API of the stack it is a client as any other.
    expect(foreignRequest({ host, ...headers }, 'browsers')).toBeNull();
  });

  test('an address that a person typed, and the fetch of Node, are no page', () => {
    expect(foreignRequest({ host, 'sec-fetch-site': 'none' }, 'tools')).toBeNull();
    expect(foreignRequest({ host, 'sec-fetch-mode': 'cors' }, 'tools')).toBeNull();
  });
});

import { describe, expect, test } from 'vitest';
import { preflightHeaders, withCors } from './cors.ts';

const cors = {
  allowOrigins: ['https://app.example'],
  allowMethods: ['GET', 'POST'],
  allowHeaders: ['content-type'],
  exposeHeaders: ['x-total'],
  maxAgeSeconds: 300,
  allowCredentials: true,
};
const preflight = { method: 'OPTIONS', origin: 'https://app.example', requestedMethod: 'POST' };

describe('CORS of an HTTP API', () => {
  test('a preflight of an allowed origin learns what is allowed', () => {
    expect(preflightHeaders(cors, preflight)).toEqual({
      'access-control-allow-origin': 'https://app.example',
      vary: 'Origin',
      'access-control-allow-credentials': 'true',
      'access-control-allow-methods': 'GET,POST',
      'access-control-allow-headers': 'content-type',
      'access-control-max-age': '300',
    });
  });

  test('a preflight of another origin learns nothing, and other requests are none', () => {
    expect(preflightHeaders(cors, { ...preflight, origin: 'https://other.example' })).toEqual({});
    expect(preflightHeaders(cors, { ...preflight, requestedMethod: undefined })).toBeNull();
    expect(preflightHeaders(cors, { ...preflight, method: 'GET' })).toBeNull();
  });

  test("the API's headers replace those of the integration", () => {
    const headers = { 'Access-Control-Allow-Origin': 'anybody', 'x-own': '1' };
    expect(withCors(cors, 'https://app.example', headers)).toEqual({
      'x-own': '1',
      'access-control-allow-origin': 'https://app.example',
      vary: 'Origin',
      'access-control-allow-credentials': 'true',
      'access-control-expose-headers': 'x-total',
    });
    expect(withCors(cors, undefined, headers)).toEqual({ 'x-own': '1' });
    const open = { ...cors, allowOrigins: ['*'], allowCredentials: false, exposeHeaders: [] };
    expect(withCors(open, 'https://any.example', {})).toEqual({ 'access-control-allow-origin': '*' });
  });
});

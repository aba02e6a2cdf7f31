// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of the engine, not of JavaScript
import { describe, expect, test } from 'vitest';
import { plainScheme, presetScheme, type SignPresetName } from './sign-presets.ts';
import { type SignScheme, signer, unknownOfScheme } from './signing.ts';

const event = '{"id":"evt_1","type":"ping"}';
const url = 'https://example.com/hooks?a=1';
const at = (seconds: number) => seconds * 1_000;
const post = { id: 'evt_1', body: event, method: 'POST', url, nowMs: at(1_700_000_000) };
const sign = (scheme: SignScheme, secret: string, given: Partial<typeof post>) => {
  const { body, ...rest } = { ...post, ...given };
  return signer(scheme, secret)({ ...rest, body: Buffer.from(body) });
};

const slackBody =
  'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c';
const twilioBody = 'To=%2B18005551212&From=%2B14158675309&Caller=%2B14158675309&Digits=1234&CallSid=CA1234567890ABCDE';

describe('examples that providers publish', () => {
  test.each<[SignPresetName, string, Partial<typeof post>, Record<string, string>]>([
    // GitHub Docs, Validating webhook deliveries, "Testing the webhook payload validation".
    [
      'github',
      "It's a Secret to Everybody",
      { body: 'Hello, World!' },
      {
        'X-Hub-Signature-256': 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17',
        'X-GitHub-Delivery': 'evt_1',
      },
    ],
    // Slack API, Verifying requests from Slack, the walk-through.
    [
      'slack',
      '8f742231b10e8888abcd99yyyzzz85a5',
      { body: slackBody, nowMs: at(1_531_420_618) },
      {
        'X-Slack-Signature': 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
        'X-Slack-Request-Timestamp': '1531420618',
      },
    ],
    // The reference libraries of Standard Webhooks, and of Svix, whose scheme it was.
    [
      'standard-webhooks',
      'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
      { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', body: '{"test": 2432232314}', nowMs: at(1_614_265_330) },
      {
        'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
        'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
        'webhook-timestamp': '1614265330',
      },
    ],
    // The tests of Twilio's helper libraries.
    [
      'twilio',
      '12345',
      { body: twilioBody, url: 'https://mycompany.com/myapp.php?foo=1&bar=2' },
      { 'X-Twilio-Signature': 'RSOYDt4T1cUTdK1PDd93/VVr8B8=' },
    ],
  ])('%s', (name, secret, given, headers) => {
    expect(sign(presetScheme(name), secret, given)).toEqual(headers);
  });
});

/** Each from Python's hmac, hashlib and base64, by the provider's description. */
describe('the other providers, computed by another implementation', () => {
  test.each<[SignPresetName, string, Partial<typeof post>, Record<string, string>]>([
    [
      'stripe',
      'whsec_test_secret',
      {},
      { 'Stripe-Signature': 't=1700000000,v1=74a11abdd08483d064a2a1571e7881b084c522f9f3ccd0b800ec8c74aba47fc2' },
    ],
    ['square', 'key-1', {}, { 'x-square-hmacsha256-signature': 'dteCBdKncisJBTgCsYje80WjC8sYlp/2Lge1Ey7eOAM=' }],
    [
      'hubspot',
      'client-secret',
      { nowMs: 1_700_000_000_123 },
      {
        'X-HubSpot-Signature-v3': '1OiCaulQIfVMNt3Uc1JyxAkx0WEUYb+FiSmx6sisnWI=',
        'X-HubSpot-Request-Timestamp': '1700000000123',
      },
    ],
    [
      'zendesk',
      'zd-secret',
      { nowMs: 1_700_000_000_123 },
      {
        'X-Zendesk-Webhook-Signature': 'ExPAq7poWQ+PswLv9xR5hsqVvKSCmwSGeil2SR/EZ3k=',
        'X-Zendesk-Webhook-Signature-Timestamp': '2023-11-14T22:13:20.123Z',
      },
    ],
    [
      'zoom',
      'zoom-secret',
      {},
      {
        'x-zm-signature': 'v0=4e945f626abe15f5a96212ecec88874eb457d9bcff197a282aea35071ae40198',
        'x-zm-request-timestamp': '1700000000',
      },
    ],
    [
      'nylas',
      'nylas-secret',
      {},
      { 'X-Nylas-Signature': 'd46a56301cc7af8e5d6c6c6306231f5e9080787ee05d3e6e2cb6aebcfdfe5deb' },
    ],
    [
      'shopify',
      'test-webhook-secret',
      { body: '{"id":1234567890,"email":"customer@example.com","total_price":"123.45"}' },
      {
        'X-Shopify-Hmac-Sha256': 'QNyObTlKbMx2qDlPF/ZOZcBqg5OgPg+2oky3zldc0Gw=',
        'X-Shopify-Webhook-Id': 'evt_1',
      },
    ],
    [
      'svix',
      'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
      {},
      {
        'svix-signature': 'v1,VGZtf3/uspYsLII9AIVUqGdG8kjzJbOMRs70/Eagjgw=',
        'svix-id': 'evt_1',
        'svix-timestamp': '1700000000',
      },
    ],
  ])('%s', (name, secret, given, headers) => {
    expect(sign(presetScheme(name), secret, given)).toEqual(headers);
  });
});

test('a scheme of one’s own: another digest, key, content and form of the header', () => {
  const scheme: SignScheme = {
    ...plainScheme,
    algorithm: 'sha512',
    encoding: 'base64',
    secretEncoding: 'hex',
    content: '${method} ${path} ${host} ${body}',
    header: 'X-Sig',
    value: 'keyId=1,sig="${signature}"',
  };
  expect(sign(scheme, '00ff10', {})).toEqual({
    'X-Sig': 'keyId=1,sig="U7JLcjPBqczbDgfMSYmCIuvoy0XPpQ8T7xpmmrAkAo4WzEqToF9dRf3bC2zqdPECitMa0yp286rCOA21fjS+PQ=="',
  });
});

test('bytes of the body are signed as they are, even where they are no text', () => {
  const bytes = Buffer.from([0xff, 0x00, 0xfe]);
  const [signature] = Object.values(signer({ ...plainScheme, header: 'S' }, 'k')({ ...post, body: bytes }));
  // Python: hmac.new(b'k', bytes([255, 0, 254]), hashlib.sha256).hexdigest()
  expect(signature).toBe('dc6279e883af856b0e866aa12ea910fe93cdcccdfeb82a64293aff7318b82787');
});

test.each([
  ['hex', 'xyz', 'not hexadecimal'],
  ['hex', 'abc', 'not hexadecimal'],
  ['base64', 'a b', 'not Base64'],
  ['whsec', 'whsec_', 'not Base64 after whsec_'],
] as const)('a secret that is not %s is refused, and not quoted', (secretEncoding, secret, sentence) => {
  const make = () => signer({ ...plainScheme, header: 'S', secretEncoding }, secret);
  expect(make).toThrow(sentence);
  expect(make).not.toThrow(secret === 'xyz' ? /xyz/ : /never/);
});

test('what a scheme cannot fill in is named', () => {
  const scheme = { ...plainScheme, header: 'S', content: '${body}${x}', value: '${body}', headers: { H: '${user}' } };
  expect(unknownOfScheme(scheme)).toEqual(['x', 'body', 'user']);
  expect(unknownOfScheme(presetScheme('twilio'))).toEqual([]);
});

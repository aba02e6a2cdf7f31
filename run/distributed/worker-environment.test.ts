import { describe, expect, it } from 'vitest';
import type { EndpointDescription } from '../target/endpoint.ts';
import { workerEnvironment } from './worker-environment.ts';

const description: EndpointDescription = {
  kind: 'endpoint',
  inside: null,
  webSocketUrl: 'wss://socket.example',
  webhookUrl: null,
  tokenSecret: 'of tokens',
  webhookSecret: null,
  step: { message: 'hi' },
  shown: { webSocketUrl: 'wss://socket.example', webhookUrl: null },
  secrets: ['of tokens'],
  secretOptions: [],
};

describe('workerEnvironment', () => {
  it('takes the secrets of the target that it has, and other variables from here', () => {
    const names = ['LOADLINE_TOKEN_SECRET', 'LOADLINE_WEBHOOK_SECRET', 'API_KEY'];
    expect(workerEnvironment(names, { description, runner: 'fargate' }, { API_KEY: 'k', OTHER: 'o' })).toEqual({
      secrets: { LOADLINE_TOKEN_SECRET: 'of tokens', API_KEY: 'k' },
      open: { LOADLINE_FOREIGN_TARGET: '{"message":"hi"}' },
    });
  });

  const url = 'wss://socket.example/?key=k-123456';
  const withKey = { ...description, webSocketUrl: url, secrets: ['k-123456'], secretOptions: ['--url'] };

  it('has no secret of an option or variable in what Fargate shows', () => {
    expect(() => workerEnvironment([], { description: withKey, runner: 'fargate' }, {})).toThrow(
      '--on fargate: a --url may be a secret, and anyone who may describe tasks could read it',
    );
    const request = { description, runner: 'fargate', secretVariables: { apiKey: 'k' } } as const;
    expect(() => workerEnvironment([], request, {})).toThrow('a --variable may be a secret');
  });

  it('has them in the file that Lambda is given', () => {
    const request = { description: withKey, runner: 'lambda', secretVariables: { apiKey: 'v-123456' } } as const;
    expect(workerEnvironment([], request, {})).toEqual({
      secrets: {
        LOADLINE_TARGET_URL: url,
        LOADLINE_VARIABLES: '{"apiKey":"v-123456","webhookUrl":""}',
        LOADLINE_SECRETS: '["k-123456","v-123456"]',
        LOADLINE_FOREIGN_TARGET: '{"message":"hi"}',
      },
      open: {},
    });
  });

  it('refuses a variable that is not set', () => {
    expect(() => workerEnvironment(['API_KEY'], { description, runner: 'lambda' }, {})).toThrow(
      '--on lambda: the scenario reads the environment variable API_KEY, which is not set.',
    );
  });
});

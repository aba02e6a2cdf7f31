import { describe, expect, it } from 'vitest';
import type { EndpointDescription } from '../target/endpoint.ts';
import { workerEnvironment } from './worker-environment.ts';

const description: EndpointDescription = {
  kind: 'endpoint',
  webSocketUrl: 'wss://socket.example',
  webhookUrl: null,
  tokenSecret: 'of tokens',
  webhookSecret: null,
  step: { message: 'hi' },
};

describe('workerEnvironment', () => {
  it('takes the secrets of the target that it has, and other variables from here', () => {
    const names = ['LOADLINE_TOKEN_SECRET', 'LOADLINE_WEBHOOK_SECRET', 'API_KEY'];
    expect(workerEnvironment(names, { description, runner: 'fargate' }, { API_KEY: 'k', OTHER: 'o' })).toEqual({
      secrets: { LOADLINE_TOKEN_SECRET: 'of tokens', API_KEY: 'k' },
      open: { LOADLINE_FOREIGN_TARGET: '{"message":"hi"}' },
    });
  });

  it('refuses a variable that is not set', () => {
    expect(() => workerEnvironment(['API_KEY'], { description, runner: 'lambda' }, {})).toThrow(
      '--on lambda: the scenario reads the environment variable API_KEY, which is not set.',
    );
  });
});

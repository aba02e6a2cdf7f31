import { expect, test } from 'vitest';
import { artilleryCommand } from './artillery.ts';

const command = artilleryCommand(
  {
    scenario: '/s/sync.yml',
    webSocketUrl: 'ws://127.0.0.1:1/prod',
    variables: { connections: 10, webhookUrl: 'http://127.0.0.1:1/webhooks' },
    output: '/r/artillery.json',
    log: '/r/artillery.log',
    environment: { LOADLINE_TOKEN_SECRET: 'secret of tokens' },
  },
  '/node_modules/artillery',
);

test('Artillery gets the scenario, the target and the numbers as arguments', () => {
  expect(command.arguments).toEqual([
    '/node_modules/artillery/bin/run',
    'run',
    '--quiet',
    '--target',
    'ws://127.0.0.1:1/prod',
    '--variables',
    '{"connections":10,"webhookUrl":"http://127.0.0.1:1/webhooks"}',
    '--output',
    '/r/artillery.json',
    '/s/sync.yml',
  ]);
});

test('secrets travel in the environment: arguments can be read by every user of the machine', () => {
  expect(command.arguments.join(' ')).not.toContain('secret of tokens');
  expect(command.environment.LOADLINE_TOKEN_SECRET).toBe('secret of tokens');
});

test('telemetry is off, and the guard that ends Artillery with its parent is loaded', () => {
  expect(command.environment.ARTILLERY_DISABLE_TELEMETRY).toBe('1');
  expect(command.environment.NODE_OPTIONS).toMatch(/^--import=file:\/\/.*\/run\/load\/parent-guard\.main\.ts$/);
});

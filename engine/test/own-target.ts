// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of the engine, not of JavaScript
/** A target that is not the reference stack, with webhooks in a format of its own, on virtual time. */
import type { FleetSpec } from '../src/core/fleet/fleet-spec.ts';
import { presetScheme } from '../src/core/webhooks/sign-presets.ts';
import type { WebhookFormat } from '../src/core/webhooks/webhook-request.ts';
import type { Faults } from './fake-stack.ts';
import { runVirtually } from './virtual-run.ts';

export const secret = 'of the provider';
const userOf = (path: string) => new URL(path, 'ws://x').searchParams.get('user') ?? '';

export const webhook: WebhookFormat = {
  body: '{"delivery":"${id}","user":"${user}","n":${sequence},"pad":"${pad}"}',
  headers: { 'Content-Type': 'application/json', 'X-GitHub-Event': 'push' },
  sign: presetScheme('github'),
  owner: 'user',
};

export const runOwnTarget = (faults: Faults, spec: Partial<FleetSpec> = {}, load = {}) =>
  runVirtually(
    { webhookRatePerSecond: 50, connections: 20, tabsPerUser: 2, ...load },
    {
      faults: { userOf, ...faults },
      spec: {
        webSocketUrl: 'ws://virtual.test/live?user=${user}',
        ...{ tokenSecret: null, webhookSecret: secret, webhook, push: { kind: 'anywhere' } },
        ...spec,
      },
    },
  );

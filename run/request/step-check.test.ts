// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of the engine, not of JavaScript
import { expect, test } from 'vitest';
import { workloadSchema } from '../../record/workload.ts';
import { checkSteps } from './step-check.ts';

const workload = workloadSchema.parse({ connections: 2, steadySeconds: 5, webhookRatePerSecond: 1 });
const scenario = {
  variables: {},
  fleets: [
    { connections: '{{ connections }}', webhookUrl: '{{ webhookUrl }}', webhookRatePerSecond: 1, steadySeconds: 5 },
  ],
};
const checked = (webhookUrl: string | null) => () =>
  checkSteps({
    ...{ name: 'sync', scenario, workload, variables: {}, fleets: 1 },
    foreign: { headers: {}, alsoWebhookUrls: ['https://h.example/b'], webhook: { body: '${id}', sign: 'none' } },
    webhookUrl,
  });

test('other URLs of webhooks are compared with the one that the run posts to', () => {
  expect(checked('https://h.example/a')).not.toThrow();
  expect(checked('https://other.example/a')).toThrow('all webhooks of a step go to one host');
});

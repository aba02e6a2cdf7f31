/** What the engine would refuse of an endpoint's fields, found before anything has started. */
import { readFileSync } from 'node:fs';
import { parseFleetStep } from '../../engine/src/step/fleet-step.ts';
import { hasBurst, type Workload } from '../../record/workload.ts';
import type { Scenario } from '../../scenarios/catalogue/scenario.ts';
import { UsageError } from '../errors.ts';
import type { EndpointDescription } from './endpoint.ts';

/** Fields of a step → options that set them; the first that fits. */
const options: readonly [field: string, option: string][] = [
  ['webhook.headers', '--webhook-header'],
  ['webhook.owner', '--webhook-owner'],
  ['webhook.sign', '--sign'],
  ['webhook.url', '--webhook-url'],
  ['webhook.body', '--webhook'],
  ['webhookSecret', 'LOADLINE_WEBHOOK_SECRET'],
  ['webSocketUrl', '--url'],
  ['headers', '--header'],
  ['subprotocols', '--subprotocol'],
  ['messageMix', '--message-mix'],
  ['message', '--message'],
  ['alsoMessages', '--also-message'],
  ['alsoWebhookUrls', '--also-webhook-url'],
  ['webhookMix', '--webhook-mix'],
  ['answer', '--answer'],
  ['push', '--push'],
  ['token', '--token'],
  ['feed', '--feed'],
  ['offlineShare', '--offline-share'],
];

/** @throws UsageError with the engine's sentence, about the option that is meant. */
export function checkEndpoint(
  { step, webSocketUrl, webhookUrl, tokenSecret, webhookSecret, webhooksOnly }: EndpointDescription,
  { workload, fleets, scenario }: { workload: Workload; fleets: number; scenario: Scenario },
): void {
  const { feed } = scenario.fleets[0] ?? {};
  const posts = workload.webhookRatePerSecond > 0 || hasBurst(workload);
  const { offlineShare } = workload;
  const parsed = parseFleetStep(
    {
      ...{ connections: webhooksOnly ? 0 : fleets, fleets, steadySeconds: 1, offlineShare },
      ...(posts && { webhookRatePerSecond: 1, webhookUrl, webhookSecret }),
      tokenSecret,
      ...(typeof feed === 'string' && !feed.includes('{{') && { feed }),
    },
    {
      target: webSocketUrl,
      machine: { cores: 1, maxDescriptors: null },
      worker: null,
      foreign: step,
      readFile: (path) => readFileSync(path, 'utf8'),
    },
  );
  if (parsed.kind === 'ok') return;
  const problem = parsed.problem.replace(/^fleet\./, '');
  const [field = '', option = ''] = options.find(([each]) => problem.startsWith(each)) ?? [];
  const own = problemOf[field];
  if (own !== undefined && problem.includes(': Invalid ')) {
    const name = field === 'headers' ? ` ${/^headers\.([^:]*?)(?::|$)/.exec(problem)?.[1] ?? ''}`.trimEnd() : '';
    throw new UsageError(`${option}${name}: ${own}.`);
  }
  throw new UsageError(option === '' ? parsed.problem : `${option}${problem.slice(field.length)}`);
}

/** Where the engine's own sentence is that of a schema. Without the value, which may be secret. */
const problemOf: Readonly<Record<string, string>> = {
  headers:
    'a header with this name or value cannot be set: the upgrade headers are the engine’s own (for a subprotocol use --subprotocol)',
  subprotocols:
    'a subprotocol is a word of letters, digits and punctuation, without spaces or commas: repeat the option for several',
};

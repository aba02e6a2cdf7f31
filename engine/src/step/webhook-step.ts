// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of the engine, not of JavaScript
/** Webhooks of the user's own in a step: what contradicts the rest of it. */
import type { FleetLoad } from '../core/fleet/fleet-spec.ts';
import { unknownPlaceholders } from '../core/messages/custom-protocol.ts';
import { rowWithLineBreak } from '../core/messages/feed.ts';
import { placeholdersOf } from '../core/messages/template.ts';
import { keyOf, unknownOfScheme } from '../core/webhooks/signing.ts';
import { type WebhookFormat, webhookPlaceholders } from '../core/webhooks/webhook-request.ts';
import { StepProblem } from './step-values.ts';

export interface WebhookSurroundings {
  /** With its placeholders. */
  webhookUrl: string;
  webhookSecret: string;
  feed: Record<string, string>[];
  load: FleetLoad;
  /** Of all workers together. */
  fleets: number;
}

export function checkWebhook(
  { body, headers, sign, owner }: WebhookFormat,
  { webhookUrl, webhookSecret, feed, load, fleets }: WebhookSurroundings,
): void {
  const texts = [['body', body], ...Object.values(headers).map((text) => ['headers', text]), ['url', webhookUrl]];
  for (const [where, text = ''] of texts) {
    const [unknown] = unknownPlaceholders(text, webhookPlaceholders, feed);
    if (unknown !== undefined)
      throw new StepProblem(
        `fleet.webhook.${where}: \${${unknown}} is unknown. The placeholders are ${webhookPlaceholders.join(', ')}, and the columns of a feed as feed.<column>.`,
      );
    if (owner !== 'tab' && placeholdersOf(text).includes('tab'))
      throw new StepProblem(`fleet.webhook.${where}: \${tab} is the name of one tab: set owner: tab, or leave it out.`);
    if (where === 'headers') checkLineBreaks('webhook.headers', text, feed);
  }
  if (!texts.some(([, text = '']) => placeholdersOf(text).includes('id')))
    throw new StepProblem(
      'fleet.webhook.body: ${id} is missing: without it in the body, a header or the URL no push can be told from another.',
    );
  if (sign !== null) checkScheme(sign, webhookSecret);
  if (owner !== 'everyone') return;
  if (load.offlineShare > 0 && load.connections > 0)
    throw new StepProblem('fleet.offlineShare: webhooks for everyone have no owner who is offline: set it to 0.');
  if (fleets > 1)
    throw new StepProblem(
      `fleet.webhook.owner: webhooks for everyone need all connections in one fleet, and here are ${fleets}: set fleets: 1.`,
    );
}

/** Of what becomes a header: the cells that are filled in. */
export function checkLineBreaks(where: string, text: string, feed: Record<string, string>[]): void {
  const row = rowWithLineBreak(text, feed);
  if (row !== null)
    throw new StepProblem(
      `fleet.${where}: the feed has a line break in row ${row}, in a column that is filled in there, and a header cannot have one: take it out of the feed.`,
    );
}

function checkScheme(sign: NonNullable<WebhookFormat['sign']>, secret: string): void {
  const [unknown] = unknownOfScheme(sign);
  if (unknown !== undefined) throw new StepProblem(`fleet.webhook.sign: \${${unknown}} is unknown there.`);
  try {
    keyOf(sign, secret);
  } catch (error) {
    throw new StepProblem(`fleet.webhookSecret: ${error instanceof Error ? error.message : error}`);
  }
}

/** A queue message of the ingest variant `direct`: the raw body, with headers as attributes (stack/apis/webhook-api.ts writes them). */
import type { WebhookPost } from '../domain/webhook-body.ts';

interface DirectRecord {
  body: string;
  /** SentTimestamp: ms since the epoch. */
  attributes: { SentTimestamp: string };
  messageAttributes: Record<string, { stringValue?: string | undefined }>;
}

/** The prefixes exist because SQS refuses empty attributes: an empty value after the prefix means that the header was not sent. */
export function readDirectRecord({ body, attributes, messageAttributes }: DirectRecord, nowMs: number): WebhookPost {
  return {
    rawBody: Buffer.from(body, 'utf8'),
    signature: after('hmac-sha256=', messageAttributes.signature?.stringValue),
    encoding: after('encoding=', messageAttributes.encoding?.stringValue),
    ageMs: Math.max(0, nowMs - Number(attributes.SentTimestamp)),
  };
}

function after(prefix: string, value: string | undefined): string | undefined {
  return value?.startsWith(prefix) && value.length > prefix.length ? value.slice(prefix.length) : undefined;
}

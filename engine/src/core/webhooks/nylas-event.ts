import { createHmac } from 'node:crypto';

/** A webhook as the provider sends it: Nylas v3 `message.created`, CloudEvents 1.0 in JSON. */
export interface EventFields {
  eventId: string;
  /** The owner: in the reference stack a grant's id is the user's id. */
  grantId: string;
  /** Seconds since the epoch. */
  timeSeconds: number;
  /** Size of the whole body; at least what the fields need. */
  bytes: number;
  /** 1 for the first post of an event. */
  attempt: number;
}

const paragraph = '<p>The quarterly figures are attached; the meeting moves to Thursday at ten.</p>';

/** The body in UTF-8, exactly `bytes` long (the text of the mail is padded). */
export function messageCreatedBody(fields: EventFields): Buffer {
  const empty = Buffer.byteLength(JSON.stringify(messageCreated(fields, '')));
  const missing = Math.max(0, fields.bytes - empty);
  // ASCII only, and nothing that JSON escapes: one character is one byte.
  const html = paragraph.repeat(Math.ceil(missing / paragraph.length)).slice(0, missing);
  return Buffer.from(JSON.stringify(messageCreated(fields, html)));
}

function messageCreated({ eventId, grantId, timeSeconds, attempt }: EventFields, html: string) {
  return {
    specversion: '1.0',
    type: 'message.created',
    source: '/google/emails/realtime',
    id: eventId,
    time: timeSeconds,
    webhook_delivery_attempt: attempt,
    data: {
      application_id: 'loadline',
      object: {
        id: `m-${eventId}`,
        grant_id: grantId,
        object: 'message',
        thread_id: `t-${eventId}`,
        subject: 'Quarterly figures',
        from: [{ name: 'Ada', email: 'ada@example.com' }],
        to: [{ name: 'Grace', email: 'grace@example.com' }],
        cc: [],
        bcc: [],
        reply_to: [],
        date: timeSeconds,
        folders: ['INBOX', 'UNREAD'],
        unread: true,
        starred: false,
        snippet: 'The quarterly figures are attached',
        body: html,
        attachments: [],
      },
    },
  };
}

/** Value of `x-nylas-signature`: lower-case hex HMAC-SHA256 of the raw body. */
export function signWebhook(body: Uint8Array | string, secret: string): string {
  return createHmac('sha256', secret).update(body).digest('hex');
}

import { describe, expect, it } from 'vitest';
import { type EventFrame, fitFrame, parseWebhook } from './push-event.ts';

const webhook = {
  specversion: '1.0',
  type: 'message.created',
  source: '/google/emails/realtime',
  id: 'n-0001',
  time: 1_787_827_767,
  webhook_delivery_attempt: 1,
  data: {
    application_id: 'app-1',
    object: {
      id: 'm-1',
      grant_id: 'g-1',
      object: 'message',
      thread_id: 't-1',
      subject: 'Hello',
      from: [{ name: 'A', email: 'a@example.com' }],
      date: 1_787_827_760,
      folders: ['INBOX', 'UNREAD'],
      unread: true,
      starred: false,
      snippet: 'Hi',
      body: '<p>Hi</p>',
    },
  },
};

describe('parseWebhook', () => {
  it('keeps what a tab needs and drops the rest, above all the mail’s body', () => {
    const parsed = parseWebhook(JSON.stringify(webhook));
    expect(parsed).toMatchObject({ kind: 'event', event: { eventId: 'n-0001', owner: 'g-1' } });
    if (parsed.kind !== 'event') return;
    expect(JSON.parse(parsed.event.frame)).toEqual({
      type: 'event',
      eventId: 'n-0001',
      eventType: 'message.created',
      source: '/google/emails/realtime',
      time: 1_787_827_767,
      object: {
        id: 'm-1',
        grant_id: 'g-1',
        object: 'message',
        thread_id: 't-1',
        subject: 'Hello',
        snippet: 'Hi',
        date: 1_787_827_760,
        unread: true,
        folders: ['INBOX', 'UNREAD'],
      },
    });
  });

  it('needs no more than id, type and grant', () => {
    const parsed = parseWebhook('{"id":"e","type":"grant.expired","data":{"object":{"grant_id":"g"}}}');
    expect(parsed).toEqual({
      kind: 'event',
      event: {
        eventId: 'e',
        owner: 'g',
        frame: '{"type":"event","eventId":"e","eventType":"grant.expired","object":{"grant_id":"g"}}',
      },
    });
  });

  it.each(['9007199254740993', '1e400', '-0', '1.50'])('passes the number %s on with its digits', (number) => {
    const object = `{"date":0,"grant_id":"g","nested":{"date":7},"date": ${number} }`;
    const parsed = parseWebhook(`{"time":${number},"id":"e","type":"t","data":{"object":${object}}}`);
    expect(parsed.kind === 'event' && parsed.event.frame).toBe(
      `{"type":"event","eventId":"e","eventType":"t","time":${number},"object":{"grant_id":"g","date":${number}}}`,
    );
  });

  it('passes any text on: emoji, noncharacters, unpaired surrogates, control characters', () => {
    const subject = '😀 \ufffe\uffff \ud800 \u0000\u001b';
    const object = { ...webhook.data.object, subject };
    const parsed = parseWebhook(JSON.stringify({ ...webhook, data: { object } }));
    expect(parsed.kind === 'event' && JSON.parse(parsed.event.frame).object.subject).toBe(subject);
  });

  it.each([
    [
      'nested 4,500 levels deep',
      `${JSON.stringify(webhook).slice(0, -1)},"x":${'['.repeat(4_500)}${']'.repeat(4_500)}}`,
      /nested more than 256/,
    ],
    ['9 KB of brackets', '['.repeat(9_000), /nested more than 256/],
    ['not JSON', '{', 'The body is not JSON.'],
    ['empty', '', 'The body is not JSON.'],
    ['an array', '[]', 'The body is not a JSON object.'],
    ['null', 'null', 'The body is not a JSON object.'],
    ['without id', JSON.stringify({ ...webhook, id: undefined }), /The field id must/],
    ['with an empty id', JSON.stringify({ ...webhook, id: '' }), /The field id must/],
    ['with an id too long for a key', JSON.stringify({ ...webhook, id: 'x'.repeat(501) }), /The field id must/],
    ['with a control character in the id', JSON.stringify({ ...webhook, id: 'a\nb' }), /The field id must/],
    ['with an unpaired surrogate in the id', JSON.stringify({ ...webhook, id: 'a\ud800' }), /The field id must/],
    ['with a control character in the type', JSON.stringify({ ...webhook, type: '\u001b[2J' }), /The field type must/],
    [
      'with an unpaired surrogate in the grant',
      JSON.stringify({ ...webhook, data: { object: { grant_id: '\udc00' } } }),
      /The field data.object.grant_id must/,
    ],
    ['with a number for a type', JSON.stringify({ ...webhook, type: 1 }), /The field type must/],
    ['without data', JSON.stringify({ ...webhook, data: undefined }), /The field data.object.grant_id must/],
    ['without a grant', JSON.stringify({ ...webhook, data: { object: {} } }), /The field data.object.grant_id must/],
  ])('refuses a body that is %s', (_name, body, reason) => {
    const parsed = parseWebhook(body);
    expect(parsed.kind).toBe('malformed');
    expect(parsed.kind === 'malformed' && parsed.reason).toMatch(reason);
  });
});

describe('fitFrame', () => {
  const frame = (object: Record<string, unknown>): EventFrame => ({
    type: 'event',
    eventId: 'e',
    eventType: 't',
    object: { grant_id: 'g', ...object },
  });
  const bytes = (json: string | null) => Buffer.byteLength(json ?? '');
  const objectOf = (json: string | null) => (JSON.parse(json ?? 'null') as EventFrame).object;

  it('keeps a frame of 32,767 bytes and truncates one of 32,768', () => {
    const room = 32_767 - bytes(JSON.stringify(frame({ snippet: '' })));
    const whole = fitFrame(frame({ snippet: 'x'.repeat(room) }));
    expect(bytes(whole)).toBe(32_767);
    expect(objectOf(whole).snippet).toHaveLength(room);
    const cut = fitFrame(frame({ snippet: 'x'.repeat(room + 1) }));
    expect(bytes(cut)).toBe(32_767);
    expect(objectOf(cut).snippet).toHaveLength(room);
  });

  it('truncates the snippet first, and the subject only if that is not enough', () => {
    const cut = fitFrame(frame({ subject: 's'.repeat(1_000), snippet: 'x'.repeat(40_000) }));
    expect(objectOf(cut).subject).toHaveLength(1_000);
    expect(bytes(cut)).toBe(32_767);
    const both = fitFrame(frame({ subject: 's'.repeat(40_000), snippet: 'x'.repeat(40_000) }));
    expect(objectOf(both).snippet).toBe('');
    expect(bytes(both)).toBe(32_767);
  });

  it.each([
    ['characters of four bytes', '😀'],
    ['quotes, which are escaped', '"'],
    ['control characters, of six bytes each', '\u0001'],
    ['a mixture', 'a"\\é漢😀\n'],
  ])('counts bytes, not characters, and never splits a character: %s', (_name, text) => {
    const snippet = text.repeat(20_000);
    const json = fitFrame(frame({ snippet }));
    expect(bytes(json)).toBeLessThan(32_768);
    expect(bytes(json)).toBeGreaterThan(32_768 - 8);
    const kept = objectOf(json).snippet as string;
    expect(snippet.startsWith(kept)).toBe(true);
    expect(kept.isWellFormed()).toBe(true);
  });

  it("sends what cannot be truncated unchanged, up to API Gateway's limit", () => {
    const folders = Array.from({ length: 4_000 }, () => 'folder-001');
    const json = fitFrame(frame({ folders, subject: 'S', snippet: 'N' }));
    expect(objectOf(json)).toEqual({ grant_id: 'g', folders, subject: '', snippet: '' });
    expect(fitFrame(frame({ folders: [...folders, ...folders, ...folders] }))).toBeNull();
  });
});

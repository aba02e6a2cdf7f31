/** Webhooks by each way into the stack, over either kind of API: what arrives, and what is answered when there is no function to answer. */
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { SignJWT } from 'jose';
import { expect, test } from 'vitest';
import { connect } from '../../local/testing/web-socket-client.ts';
import { type LocalTarget, startLocalTarget } from '../../run/target/local-target.ts';
import { parseSettings, type StackSettingsInput } from '../../stack/settings/settings.ts';

async function withTarget(settings: StackSettingsInput, use: (local: LocalTarget) => Promise<void>): Promise<void> {
  const logFolder = mkdtempSync(join(tmpdir(), 'loadline-ingest-test-'));
  const local = await startLocalTarget({ settings: parseSettings(settings), logFolder });
  try {
    await use(local);
  } finally {
    await local.stop();
    rmSync(logFolder, { recursive: true, force: true });
  }
}

async function post({ target }: LocalTarget, id: string) {
  // Characters that a query protocol would change: a signature is of bytes.
  const object = { id: 'm-1', grant_id: 'ann', object: 'message', subject: 'a+b & c=d % ü "quoted"' };
  const body = JSON.stringify({ specversion: '1.0', type: 'message.created', id, data: { object } });
  const signature = createHmac('sha256', target.webhookSecret).update(body).digest('hex');
  const headers = { 'content-type': 'application/json', 'X-Nylas-Signature': signature };
  const answer = await fetch(target.webhookUrl, { method: 'POST', headers, body });
  return { status: answer.status, body, signature };
}

const challenge = async ({ target }: LocalTarget) => (await fetch(`${target.webhookUrl}?challenge=abc-123`)).text();

async function eventOf({ target }: LocalTarget, send: () => Promise<{ status: number }>): Promise<unknown> {
  const key = new TextEncoder().encode(target.tokenSecret);
  const jwt = new SignJWT({ sub: 'ann', aud: 'loadline' }).setProtectedHeader({ alg: 'HS256' });
  const token = await jwt.setIssuedAt().setExpirationTime('1h').sign(key);
  const { socket, next, closed } = await connect(`${target.webSocketUrl}?token=${token}`);
  expect((await send()).status).toBe(200);
  const event = JSON.parse(await next());
  socket.close();
  await closed;
  return event;
}

test.each(['lambda', 'direct'] as const)('REST, %s: the challenge is answered, and a webhook is pushed', (ingest) =>
  withTarget({ webhookApi: 'rest', ingest }, async (local) => {
    expect(await challenge(local)).toBe('abc-123');
    const event = await eventOf(local, () => post(local, 'e-1'));
    expect(event).toMatchObject({ eventId: 'e-1', object: { subject: 'a+b & c=d % ü "quoted"' } });
  }),
);

test.each([
  ['rest', 503],
  ['http', 503],
] as const)('%s: a function that is throttled', (webhookApi, status) =>
  withTarget({ webhookApi, functions: { ingest: { reservedConcurrency: 0 } } }, async (local) => {
    expect((await post(local, 'e-2')).status).toBe(status);
  }),
);

test('REST, mock: answers by itself, and nothing arrives anywhere', () =>
  withTarget({ webhookApi: 'rest', ingest: 'mock' }, async (local) => {
    expect(await challenge(local)).toBe('abc-123');
    expect((await post(local, 'e-3')).status).toBe(200);
    expect(local.target.resources.functionNames.ingest).toBeUndefined();
  }));

test.each(['http', 'rest'] as const)(
  '%s, forward: a server has the webhook as it was sent, and its answer goes back',
  async (webhookApi) => {
    const received: { signature: unknown; body: string }[] = [];
    const server = createServer((request, response) => {
      void text(request).then((body) => {
        received.push({ signature: request.headers['x-nylas-signature'], body });
        response.writeHead(received.length === 1 ? 200 : 503).end();
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const forwardUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`;
    try {
      await withTarget({ webhookApi, ingest: 'forward', forwardUrl }, async (local) => {
        const { status, body, signature } = await post(local, 'e-4');
        expect([status, received]).toEqual([200, [{ signature, body }]]);
        expect((await post(local, 'e-5')).status).toBe(503);
      });
    } finally {
      server.close();
      server.closeAllConnections();
    }
  },
);

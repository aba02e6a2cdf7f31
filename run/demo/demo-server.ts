/** Serves the demo: its page, and what its controls do to the stack on this machine. */
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import { extname } from 'node:path';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { bundleClient } from '../../client/bundle.ts';
import { signToken } from '../../engine/src/core/connections/token.ts';
import { messageCreatedBody, signWebhook } from '../../engine/src/core/webhooks/nylas-event.ts';
import { isOfOtherPage } from '../../local/start.ts';
import type { TargetDescription } from '../../record/target.ts';
import { type Line, openLine } from './line.ts';
import { demoPage } from './page.ts';
import { type Stage, stageSchema, stageSetter } from './stage.ts';

export interface Demo extends AsyncDisposable {
  url: string;
  /** In front of the WebSocket API. */
  line: Line;
  /** Sets which users have the connection. */
  setStage(stage: Stage): Promise<void>;
  /** Posts a webhook of this owner. @returns the event's id. Throws unless it is accepted. */
  sendWebhook(owner: string): Promise<string>;
}

const userSchema = z.string().regex(/^[A-Za-z0-9._~-]{1,128}$/);

/** A token that the page asks for is valid for so long. */
const tokenSeconds = 3_600;
const loopback = '127.0.0.1';

/** Posts a webhook of an owner. Settles with its event's id; rejects unless it is accepted. */
export function webhooksTo({ webhookUrl, webhookSecret }: TargetDescription): (owner: string) => Promise<string> {
  let sequence = 0;
  return async (owner) => {
    const eventId = `demo-${Date.now().toString(36)}-${sequence++}`;
    const timeSeconds = Math.floor(Date.now() / 1_000);
    const body = messageCreatedBody({ eventId, grantId: owner, timeSeconds, bytes: 0, attempt: 1 });
    const response = await fetch(webhookUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-nylas-signature': signWebhook(body, webhookSecret) },
      body: new Uint8Array(body),
    });
    if (response.status !== 200) throw new Error(`The webhook was answered with ${response.status}.`);
    return eventId;
  };
}

/** @param port 0: a free one. */
export async function serveDemo(target: TargetDescription, port: number): Promise<Demo> {
  const webSocketUrl = new URL(target.webSocketUrl);
  const line = await openLine(Number(webSocketUrl.port));
  webSocketUrl.port = String(line.port);
  let stage: Stage = { share: 1, off: false };
  let isDown = false;
  const stageOf = stageSetter(target);

  const setStage = async (next: Stage) => {
    await stageOf.set(next);
    stage = next;
  };
  const sendWebhook = webhooksTo(target);
  const tokenOf = async (user: string) => {
    const issuedAtSeconds = Math.floor(Date.now() / 1_000);
    const channels = { subscribe: ['*'], publish: ['*'] };
    const expiresAtSeconds = issuedAtSeconds + tokenSeconds;
    return await signToken({ user, secret: target.tokenSecret, issuedAtSeconds, expiresAtSeconds, channels });
  };

  /** What the page asks, by method and path. */
  const answers: Record<string, (query: URLSearchParams, body: string) => Promise<unknown>> = {
    'GET /state': async () => ({ ...stage, isDown, url: webSocketUrl.href, httpUrl: target.fallbackUrl }),
    'GET /token': async (query) => ({ token: await tokenOf(userSchema.parse(query.get('user'))) }),
    'POST /stage': async (_, body) => await setStage(stageSchema.parse(JSON.parse(body))),
    'POST /webhook': async (_, body) => ({
      eventId: await sendWebhook(z.strictObject({ user: userSchema }).parse(JSON.parse(body)).user),
    }),
    'POST /cut': async () => line.cut(),
    'POST /line': async (_, body) => {
      ({ isDown } = z.strictObject({ isDown: z.boolean() }).parse(JSON.parse(body)));
      line.setDown(isDown);
    },
  };
  await setStage(stage);
  const script = await demoScript();
  const server = createServer(async (request, response) => {
    // What is no URL, as `//`, is an unknown path.
    const { pathname, searchParams } = URL.parse(request.url ?? '/', 'http://demo') ?? new URL('http://demo/unknown');
    const answer = answers[`${request.method} ${pathname}`];
    if (isOfOtherPage(request.headers)) send(response, 403, 'text/plain', 'The demo answers its own page alone.');
    else if (pathname === '/') send(response, 200, 'text/html', demoPage);
    else if (pathname === '/demo.js') send(response, 200, 'text/javascript', script);
    else if (answer === undefined) send(response, 404, 'text/plain', 'There is nothing here.');
    // A request that is given up in its body has no text.
    else
      await text(request)
        .then((body) => answer(searchParams, body))
        .then(
          (value) => send(response, 200, 'application/json', JSON.stringify(value ?? null)),
          (error) => send(response, 400, 'text/plain', error instanceof Error ? error.message : String(error)),
        );
  });
  server.listen(port, loopback);
  try {
    await once(server, 'listening');
  } catch (error) {
    await line[Symbol.asyncDispose]();
    throw error;
  }
  const address = server.address();
  const url = `http://${loopback}:${typeof address === 'object' && address !== null ? address.port : port}`;
  return {
    url,
    line,
    setStage,
    sendWebhook,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      stageOf.destroy();
      await line[Symbol.asyncDispose]();
    },
  };
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'content-type': `${type}; charset=utf-8`, 'cache-control': 'no-store' }).end(body);
}

/** Of the published package it was made when packing (client/write-bundle.main.ts). */
const demoScript = (): Promise<string> =>
  extname(import.meta.url) === '.js'
    ? readFile(new URL('../../client/demo.js', import.meta.url), 'utf8')
    : bundleClient('browser/demo.ts');

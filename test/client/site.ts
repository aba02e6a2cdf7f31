/** A page on this machine that has nothing but the client, and the tabs that are opened of it. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Browser, Page } from 'playwright-core';
import { bundleClient } from '../../client/bundle.ts';
import { signToken } from '../../engine/src/core/connections/token.ts';
import type { TargetDescription } from '../../record/target.ts';

export interface Site extends AsyncDisposable {
  url: string;
  /** By user, what a page gets that loads everything: ids of events. */
  everything: Map<string, readonly string[]>;
}

/** Serves the bundle, and tokens of any user for the stack. */
export async function openSite({ tokenSecret }: Pick<TargetDescription, 'tokenSecret'>): Promise<Site> {
  const code = await bundleClient();
  const everything: Site['everything'] = new Map();
  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://site');
    const user = searchParams.get('user') ?? '';
    if (pathname === '/client.js') response.setHeader('content-type', 'text/javascript').end(code);
    else if (pathname === '/token') response.end(await tokenOf(user, tokenSecret));
    else if (pathname === '/everything') response.end(JSON.stringify(everything.get(user) ?? []));
    else response.setHeader('content-type', 'text/html').end('<!doctype html><title>Tab</title>');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    everything,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

const tokenOf = (user: string, secret: string) => {
  const nowSeconds = Date.now() / 1_000;
  const all = { subscribe: ['*'], publish: ['*'] };
  return signToken({ user, secret, issuedAtSeconds: nowSeconds, expiresAtSeconds: nowSeconds + 3_600, channels: all });
};

export interface TabOptions {
  user: string;
  url: string;
  httpUrl?: string;
  channel?: string;
  conduct?: Record<string, number>;
}

/** What a tab was told so far. */
export interface Told {
  state: string;
  states: string[];
  events: string[];
  messages: unknown[];
  gaps: number;
  /** What it loaded again when it was told of a gap. */
  loaded: string[];
}

/** What opens the client in a page of the site, and keeps what it is told: `client`, and `told()`. */
export function clientScript(options: TabOptions): string {
  const { channel, ...given } = options;
  const user = encodeURIComponent(options.user);
  return `(async () => {
    const { connect } = await import('/client.js');
    const told = { states: [], events: [], messages: [], gaps: 0, loaded: [] };
    const client = connect({
      ...${JSON.stringify(given)},
      token: () => fetch('/token?user=${user}').then((answer) => answer.text()),
      onEvent: ({ eventId }) => told.events.push(eventId),
      onMessage: ({ body }) => told.messages.push(body),
      onState: (state) => told.states.push(state),
      onGap: async () => {
        told.gaps++;
        told.loaded.push(...(await (await fetch('/everything?user=${user}')).json()));
      },
    });
    Object.assign(window, { client, told: () => ({ state: client.state, ...told }) });
    ${channel === undefined ? '' : `client.subscribe(${JSON.stringify(channel)}).then(() => told.states.push('subscribed'));`}
  })()`;
}

export class Tab {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  static async open(browser: Browser, site: Site, options: TabOptions): Promise<Tab> {
    const page = await browser.newPage();
    await page.goto(site.url);
    await page.evaluate(clientScript(options));
    return new Tab(page);
  }

  /** How often the browser asks for this path from now on, by method: preflights as well. */
  async countRequests(path: string): Promise<ReadonlyMap<string, number>> {
    const counts = new Map<string, number>();
    const session = await this.page.context().newCDPSession(this.page);
    session.on('Network.requestWillBeSent', ({ request: { method, url } }) => {
      if (new URL(url).pathname === path) counts.set(method, (counts.get(method) ?? 0) + 1);
    });
    await session.send('Network.enable');
    return counts;
  }

  /** How many WebSockets the browser opens from now on. */
  async countSockets(): Promise<() => number> {
    let opened = 0;
    const session = await this.page.context().newCDPSession(this.page);
    session.on('Network.webSocketCreated', () => opened++);
    await session.send('Network.enable');
    return () => opened;
  }

  /** As if another tab came to the front, or this one: a headless browser has no front. */
  async setHidden(isHidden: boolean): Promise<void> {
    await this.page.evaluate(`(() => {
      Object.defineProperty(document, 'visibilityState', { configurable: true, value: ${isHidden ? `'hidden'` : `'visible'`} });
      document.dispatchEvent(new Event('visibilitychange'));
    })()`);
  }

  async told(): Promise<Told> {
    return (await this.page.evaluate('told()')) as Told;
  }

  /** Waits until what it was told is so. */
  async until(what: string): Promise<Told> {
    await this.page.waitForFunction(`(({ state, states, events, messages, gaps, loaded }) => ${what})(told())`, null, {
      timeout: 60_000,
      polling: 50,
    });
    return await this.told();
  }

  async publish(channel: string, body: unknown): Promise<{ recipients: number; failed: number }> {
    return (await this.page.evaluate(`client.publish(${JSON.stringify(channel)}, ${JSON.stringify(body)})`)) as {
      recipients: number;
      failed: number;
    };
  }
}

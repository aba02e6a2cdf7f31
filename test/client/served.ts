/** A stack on this machine for tests of tabs. */
import type { Browser } from 'playwright-core';
import { expect } from 'vitest';
import { type Demo, serveDemo } from '../../run/demo/demo-server.ts';
import type { Line } from '../../run/demo/line.ts';
import type { Stage } from '../../run/demo/stage.ts';
import { type LocalTarget, startLocalTarget } from '../../run/target/local-target.ts';
import { parseSettings } from '../../stack/settings/settings.ts';
import type { Watched } from './seen.ts';
import { openSite, type Site, type TabOptions } from './site.ts';

/** As the standard, in a few seconds. */
const conduct = { configSeconds: 0.5, pollSeconds: 0.5, backOffBaseSeconds: 0.2, backOffCapSeconds: 0.5 };

/** A stack with its line and a page of its own; everybody has the connection. */
export class Served implements AsyncDisposable {
  readonly #parts: { local: LocalTarget; demo: Demo; site: Site };

  private constructor(parts: { local: LocalTarget; demo: Demo; site: Site }) {
    this.#parts = parts;
  }

  /** @param recentSeconds how long events are kept, which settings would refuse below five minutes. */
  static async start(given: object, recentSeconds: number): Promise<Served> {
    const settings = parseSettings({ ...given, fallback: {} });
    const fallback = settings.fallback && { ...settings.fallback, recentSeconds };
    const local = await startLocalTarget({ settings: { ...settings, fallback } });
    const [demo, site] = await Promise.all([serveDemo(local.target, 0), openSite(local.target)]);
    return new Served({ local, demo, site });
  }

  get line(): Line {
    return this.#parts.demo.line;
  }

  setStage(stage: Stage): Promise<void> {
    return this.#parts.demo.setStage(stage);
  }

  /** Each event is from then on in what a page loads that loads everything. */
  async send(user: string): Promise<string> {
    const { demo, site } = this.#parts;
    const eventId = await demo.sendWebhook(user);
    site.everything.set(user, [...(site.everything.get(user) ?? []), eventId]);
    return eventId;
  }

  /** A tab that has the connection. */
  async openTab<Opened extends Watched>(
    open: (browser: Browser, site: Site, options: TabOptions) => Promise<Opened>,
    { browser, user }: { browser: Browser; user: string },
  ): Promise<Opened> {
    const { local, demo, site } = this.#parts;
    const url = new URL(local.target.webSocketUrl);
    url.port = String(demo.line.port);
    const tab = await open(browser, site, {
      ...{ url: url.href, httpUrl: local.target.fallbackUrl ?? '', conduct, user },
    });
    await tab.until(`state === 'open'`);
    return tab;
  }

  /** What is kept for a client that has had nothing. */
  async kept(user: string): Promise<string> {
    const { local, site } = this.#parts;
    const token = await (await fetch(`${site.url}/token?user=${user}`)).text();
    const answer = await fetch(`${local.target.fallbackUrl}/events`, {
      headers: { authorization: `Bearer ${token}`, 'x-after': '1' },
    });
    expect(answer.status).toBe(200);
    return await answer.text();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { local, demo, site } = this.#parts;
    await demo[Symbol.asyncDispose]();
    await site[Symbol.asyncDispose]();
    await local.stop();
  }
}

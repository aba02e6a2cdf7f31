/** A tab that Chromium may freeze. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, CDPSession } from 'playwright-core';
import { clientScript, type Site, type TabOptions, type Told } from './site.ts';

/** Ends a hang. */
const longestMs = 60_000;
const lookEachMs = 50;

interface Answer {
  id?: number;
  result?: { result?: { value?: unknown }; exceptionDetails?: unknown };
  error?: { message: string };
}

/** Playwright keeps its own pages in front, and so from being frozen: this one is opened beside it, and asked over the browser's own session. */
export class PlainTab {
  readonly #session: CDPSession;
  readonly #at: { targetId: string; sessionId: string };
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #asked = 0;

  private constructor(session: CDPSession, at: { targetId: string; sessionId: string }) {
    this.#session = session;
    this.#at = at;
    session.on('Target.receivedMessageFromTarget', ({ sessionId, message }) => {
      if (sessionId !== at.sessionId) return;
      const answer: Answer = JSON.parse(message);
      if (answer.id === undefined) return;
      this.#waiting.get(answer.id)?.(answer);
      this.#waiting.delete(answer.id);
    });
  }

  static async open(browser: Browser, site: Site, options: TabOptions): Promise<PlainTab> {
    const session = await browser.newBrowserCDPSession();
    const { targetId } = await session.send('Target.createTarget', { url: site.url });
    const { sessionId } = await session.send('Target.attachToTarget', { targetId, flatten: false });
    const tab = new PlainTab(session, { targetId, sessionId });
    await tab.#untilSo(`location.href.startsWith('${site.url}') && document.readyState === 'complete'`);
    await tab.evaluate(clientScript(options));
    return tab;
  }

  /** As it does with a tab that nobody has looked at for a while: no timer runs and nothing is delivered. Or wakes it up; it is hidden then. */
  async setFrozen(isFrozen: boolean): Promise<void> {
    await this.#send('Page.setWebLifecycleState', { state: isFrozen ? 'frozen' : 'active' });
  }

  /** The value of an expression, or of its promise; rejects when it throws. */
  async evaluate(expression: string): Promise<unknown> {
    const { result } = await this.#send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true });
    if (result?.exceptionDetails) throw new Error(JSON.stringify(result.exceptionDetails));
    return result?.result?.value;
  }

  async told(): Promise<Told> {
    return (await this.evaluate('told()')) as Told;
  }

  /** Waits until what it was told is so. */
  async until(what: string): Promise<Told> {
    await this.#untilSo(`(({ state, states, events, messages, gaps, loaded }) => ${what})(told())`);
    return await this.told();
  }

  async close(): Promise<void> {
    await this.#session.send('Target.closeTarget', { targetId: this.#at.targetId });
    await this.#session.detach();
  }

  async #untilSo(expression: string): Promise<void> {
    const endsAtMs = performance.now() + longestMs;
    while ((await this.evaluate(expression)) !== true) {
      if (performance.now() > endsAtMs) throw new Error(`It did not come to this: ${expression}`);
      await sleep(lookEachMs);
    }
  }

  async #send(method: string, params: object): Promise<Answer> {
    const id = ++this.#asked;
    const answered = new Promise<Answer>((resolve) => this.#waiting.set(id, resolve));
    const message = JSON.stringify({ id, method, params });
    await this.#session.send('Target.sendMessageToTarget', { sessionId: this.#at.sessionId, message });
    const answer = await answered;
    if (answer.error) throw new Error(`${method}: ${answer.error.message}`);
    return answer;
  }
}

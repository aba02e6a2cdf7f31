import type { Answer, Platform } from './platform.ts';

/** What is asked of the application, its token, and of the stack over HTTP. Everything ends in time: it rejects then. */
export interface Requester {
  /** The last token may have been refused: the next one is asked for as a fresh one. */
  needsFresh: boolean;
  token(): string | Promise<string>;
  config(): Promise<Answer>;
  /** Events that are kept from this moment on; 0: from now on. It may be held for so long where there are no more than those that the client has had. */
  events(after: number, waitSeconds: number, had: number): Promise<Answer>;
  /** The last read of events need not be answered any longer: it rejects. */
  giveUp(): void;
}

export function requester(
  answerSeconds: number,
  { after, get }: Platform,
  options: { httpUrl?: string | undefined; token: (need: { fresh: boolean }) => string | Promise<string> },
): Requester {
  const within = <Value>(seconds: number, work: Promise<Value>, giveUp = () => {}): Promise<Value> =>
    new Promise((resolve, reject) => {
      const cancel = after(seconds * 1_000, () => {
        reject();
        giveUp();
      });
      work.then(resolve, reject).finally(cancel);
    });
  const read = (path: string, headers: Record<string, string>, seconds: number, abort: AbortController) =>
    within(seconds, get(options.httpUrl + path, headers, abort.signal), () => abort.abort());
  const ask: Requester = {
    needsFresh: false,
    giveUp: () => {},
    token: () => {
      const token = options.token({ fresh: ask.needsFresh });
      return typeof token === 'string' ? token : within(answerSeconds, token);
    },
    config: () => read('/config', {}, answerSeconds, new AbortController()),
    events: async (from, waitSeconds, had) => {
      const abort = new AbortController();
      ask.giveUp = () => abort.abort();
      const authorization = `Bearer ${await ask.token()}`;
      // Not in the URL: a browser asks for its consent (preflight) once for each URL, and this one stays the same.
      const headers = {
        authorization,
        ...(from && { 'x-after': `${from}` }),
        ...(waitSeconds && { 'x-wait': `${waitSeconds}`, 'x-seen': `${had}` }),
      };
      const answer = await read('/events', headers, answerSeconds + waitSeconds, abort);
      ask.needsFresh = answer.status === 401 || answer.status === 403;
      return answer;
    },
  };
  return ask;
}

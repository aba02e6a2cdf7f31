/** What a target says while it serves, as data: whoever shows it writes the sentences. */

/** Why an integration made a gateway answer with a server error. */
export type IntegrationFailure =
  | { kind: 'functionError'; errorType: string; errorMessage: string; invocationId: string | null }
  | { kind: 'throttled' }
  | { kind: 'payloadTooLarge' }
  | { kind: 'timeout'; afterMs: number }
  /** Lambda answered with what is not a proxy result: the beginning of it. */
  | { kind: 'malformed'; answer: string }
  /** The integration's own answer is a server error. */
  | { kind: 'answered' }
  /** The URL of an integration could not be reached, or its template could not be evaluated. */
  | { kind: 'broken'; problem: string };

export type Notice =
  /** `requestId`: of the invocation; null before the first, as when the code could not be loaded. */
  | { kind: 'output'; functionName: string; requestId: string | null; text: string }
  | {
      kind: 'integrationFailed';
      /** Logical id of the API. */
      api: string;
      routeKey: string;
      /** Function name, URL or queue. */
      integration: string;
      /** What the client got; null: a message of the gateway on its WebSocket. */
      status: number | null;
      /** The API's own. */
      requestId: string;
      failure: IntegrationFailure;
    }
  /** Its code has changed: the next event of each finds it new. */
  | { kind: 'reloaded'; functionNames: readonly string[] }
  /** More than can be shown. */
  | { kind: 'dropped'; count: number };

const roundMs = 100;
const noticesPerRound = 100;
const shownCharacters = 10_000;

/** Collects notices and sends them in batches, at most a thousand a second: a message to another process costs more than a line. */
export class NoticeBoard {
  #send: ((notices: readonly Notice[]) => void) | null;
  #count: (notice: Notice) => void;
  #due: Notice[] = [];
  #dropped = 0;
  #timer: NodeJS.Timeout | null = null;

  /**
   * @param send null: nobody listens, and nothing is kept.
   * @param count is given each, whoever listens.
   */
  constructor(send: ((notices: readonly Notice[]) => void) | null, count: (notice: Notice) => void = () => {}) {
    this.#send = send;
    this.#count = count;
  }

  put(notice: Notice): void {
    this.#count(notice);
    if (this.#send === null) return;
    if (this.#due.length < noticesPerRound) this.#due.push(shortened(notice));
    else this.#dropped += 1;
    this.#timer ??= setTimeout(() => this.flush(), roundMs).unref();
  }

  /** Sends what is left. */
  flush(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#dropped > 0) this.#due.push({ kind: 'dropped', count: this.#dropped });
    if (this.#due.length > 0) this.#send?.(this.#due);
    this.#due = [];
    this.#dropped = 0;
  }
}

function shortened(notice: Notice): Notice {
  return notice.kind === 'output' && notice.text.length > shownCharacters
    ? { ...notice, text: `${notice.text.slice(0, shownCharacters)}…\n` }
    : notice;
}

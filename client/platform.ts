/** All that the client needs of the world around it: a browser (browser/platform.ts), or virtual time in a test. */
export interface Platform {
  /** Milliseconds since the epoch. */
  now(): number;
  /** In [0, 1). */
  random(): number;
  /** Runs this once after so many milliseconds. Returns a function that cancels it. */
  after(milliseconds: number, run: () => void): () => void;
  /** Begins a WebSocket. May throw, as `new WebSocket` does for a URL that is none. */
  open(url: string, handler: SocketHandler): Socket;
  /** A GET, not answered from a cache. Rejects when there is no answer, and when the signal aborts it. */
  get(url: string, headers: Record<string, string>, signal: AbortSignal): Promise<Answer>;
  /** Whether the page is shown, and whether the machine has a network. */
  isVisible(): boolean;
  isOnline(): boolean;
  /** Calls this when either may have changed, and when the page has been woken up. Returns a function that ends it. */
  watch(changed: () => void): () => void;
}

export interface SocketHandler {
  opened(): void;
  received(text: string): void;
  /** Once, however it ended. */
  closed(): void;
}

export interface Socket {
  send(text: string): void;
  /** With code 1000. */
  close(): void;
}

export interface Answer {
  status: number;
  /** Null: no JSON. */
  body: unknown;
  /** What the header says in seconds; 0 without it, or where it names a date. */
  retryAfterSeconds: number;
}

import type { Conduct } from './conduct.ts';
import { type Frame, parseFrame } from './frames.ts';
import type { Platform, Socket } from './platform.ts';

/** A request that the stack refused (its code), or that had no answer: `lost` with its connection, `timeout`, `notConnected`. */
export class RequestError extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** One WebSocket: its connect, its heartbeat, and the answers to what was asked over it. */
export interface Link {
  /** Settles with the answer's fields; rejects with a {@link RequestError}. */
  request(action: string, fields?: Record<string, unknown>): Promise<Record<string, unknown>>;
  /** Asks whether it still answers: without an answer in time it ends. */
  probe(): void;
  /** Ends it now. */
  end(): void;
}

export interface LinkEvents {
  opened(link: Link): void;
  pushed(link: Link, frame: Exclude<Frame, { type: 'answer' }>, text: string): void;
  /** Once. */
  ended(link: Link, hasOpened: boolean): void;
}

export function openLink(url: string, platform: Platform, conduct: Conduct, events: LinkEvents): Link {
  const waiting = new Map<
    string,
    { answered: (frame: Frame & { type: 'answer' }) => void; fail: (code: string) => void }
  >();
  // Unique among all tabs: a channel's message carries it to everybody.
  const prefix = Math.floor(platform.random() * 2 ** 48).toString(36);
  const { answerSeconds, heartbeatSeconds } = conduct;
  let sequence = 0;
  let hasOpened = false;
  let hasEnded = false;
  let socket: Socket | null = null;
  let cancelTimer = () => {};

  const end = () => {
    if (hasEnded) return;
    hasEnded = true;
    cancelTimer();
    for (const { fail } of [...waiting.values()]) fail('lost');
    socket?.close();
    events.ended(link, hasOpened);
  };
  const beat = () => {
    cancelTimer = platform.after(heartbeatSeconds * 1_000, () => {
      link.probe();
      beat();
    });
  };
  const link: Link = {
    request: (action, fields = {}) =>
      new Promise((resolve, reject) => {
        const id = `${prefix}-${(sequence++).toString(36)}`;
        const settle = () => {
          cancel();
          waiting.delete(id);
        };
        const fail = (code: string) => {
          settle();
          reject(new RequestError(code, `${action}: no answer (${code})`));
        };
        const cancel = platform.after(answerSeconds * 1_000, () => fail('timeout'));
        const answered = ({ code, fields }: Frame & { type: 'answer' }) => {
          settle();
          if (code === null) resolve(fields);
          else reject(new RequestError(code, String(fields.message)));
        };
        waiting.set(id, { answered, fail });
        if (hasEnded) fail('lost');
        else socket?.send(JSON.stringify({ action, id, ...fields }));
      }),
    probe: () => {
      link.request('ping').catch(({ code }) => {
        // An error is an answer, too.
        if (code === 'timeout') end();
      });
    },
    end,
  };
  cancelTimer = platform.after(answerSeconds * 1_000, end);
  try {
    socket = platform.open(url, {
      opened: () => {
        if (hasEnded) return;
        hasOpened = true;
        cancelTimer();
        beat();
        events.opened(link);
      },
      received: (text) => {
        // A browser delivers what came before the other side has confirmed the end.
        if (hasEnded) return;
        const frame = parseFrame(text);
        if (frame?.type === 'answer') waiting.get(frame.id)?.answered(frame);
        else if (frame) events.pushed(link, frame, text);
      },
      closed: end,
    });
  } catch {
    // As a connect that failed, and not before the caller has the link.
    cancelTimer();
    cancelTimer = platform.after(0, end);
  }
  return link;
}

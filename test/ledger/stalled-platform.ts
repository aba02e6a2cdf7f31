/** A generator whose process is stopped for a while: what is due or arrives meanwhile waits, and comes at once afterwards, in its order. */
import type { Platform } from '../../engine/src/core/fleet/platform.ts';
import type { VirtualTime } from '../../engine/test/virtual-time.ts';

export interface Stall {
  fromMs: number;
  toMs: number;
}

export function stalledPlatform(platform: Platform, time: VirtualTime, stalls: readonly Stall[]): Platform {
  const untilMs = () => stalls.find(({ fromMs, toMs }) => time.nowMs >= fromMs && time.nowMs < toMs)?.toMs ?? null;
  /** When the sockets are served next. */
  const whenAwake = (run: () => void) => {
    const until = untilMs();
    if (until === null) run();
    else time.after(until - time.nowMs, run);
  };
  return {
    ...platform,
    waiter: {
      wait(milliseconds, callback) {
        let cancel = platform.waiter.wait(milliseconds, () => {
          const until = untilMs();
          if (until === null) callback();
          else cancel = time.after(until - time.nowMs, callback);
        });
        return () => cancel();
      },
    },
    openSocket(options) {
      const { handler } = options;
      // What is dropped reads nothing more.
      let isDropped = false;
      const unlessDropped = (run: () => void) => whenAwake(() => !isDropped && run());
      const inner = platform.openSocket({
        ...options,
        handler: {
          opened: (device, timing) => unlessDropped(() => handler.opened(device, timing)),
          notOpened: (device, failure) => unlessDropped(() => handler.notOpened(device, failure)),
          closed: (device, code, reason) => unlessDropped(() => handler.closed(device, code, reason)),
          message: (device, isText, bytes, start, end) => {
            const copy = Buffer.from(bytes.subarray(start, end));
            unlessDropped(() => handler.message(device, isText, copy, 0, copy.length));
          },
        },
      });
      return {
        get isOpen() {
          return inner.isOpen;
        },
        sendText: (payload) => inner.sendText(payload),
        close: (code) => inner.close(code),
        destroy: () => {
          isDropped = true;
          inner.destroy();
        },
      };
    },
    openPostConnection(url, onIdle) {
      let isDropped = false;
      const connection = platform.openPostConnection(url, () => whenAwake(() => !isDropped && onIdle(outer)));
      const outer = {
        get isUsable() {
          return connection.isUsable;
        },
        send: (head: string, body: Buffer, onEnd: Parameters<typeof connection.send>[2]) =>
          connection.send(head, body, (exchange) => whenAwake(() => !isDropped && onEnd(exchange))),
        destroy: () => {
          isDropped = true;
          connection.destroy();
        },
      };
      return outer;
    },
  };
}

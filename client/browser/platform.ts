import type { Platform } from '../platform.ts';

/** What wakes a page up, or changes what it may do. */
const pageEvents = ['visibilitychange', 'resume'] as const;
const windowEvents = ['online', 'offline', 'pageshow'] as const;

export const browserPlatform: Platform = {
  now: Date.now,
  random: Math.random,
  after: (milliseconds, run) => {
    const timer = setTimeout(run, milliseconds);
    return () => clearTimeout(timer);
  },
  open: (url, handler) => {
    const socket = new WebSocket(url);
    socket.onopen = handler.opened;
    socket.onmessage = ({ data }) => {
      if (typeof data === 'string') handler.received(data);
    };
    socket.onclose = handler.closed;
    return {
      send: (text) => {
        if (socket.readyState === socket.OPEN) socket.send(text);
      },
      close: () => socket.close(1_000),
    };
  },
  get: async (url, headers, signal) => {
    // With no-store Chromium would ask for the server's consent (preflight) each time. What needs that consent the stack marks as not to be kept.
    const response = await fetch(url, { cache: headers.authorization ? 'default' : 'no-store', headers, signal });
    return {
      status: response.status,
      body: await response.json().catch(() => null),
      retryAfterSeconds: Number(response.headers.get('retry-after')) || 0,
    };
  },
  isVisible: () => document.visibilityState === 'visible',
  isOnline: () => navigator.onLine,
  watch: (changed) => {
    const abort = new AbortController();
    for (const name of pageEvents) document.addEventListener(name, changed, abort);
    for (const name of windowEvents) addEventListener(name, changed, abort);
    return () => abort.abort();
  },
};

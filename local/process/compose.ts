/** The one way to put a layer in front of the listener of an HTTP server. */
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';

/** Answers a request, or calls `next`, now or later, to pass it on. */
export type Layer = (request: IncomingMessage, response: ServerResponse, next: () => void) => void;

/** The listener that calls each layer in order, and finally `last`. What one of them throws is the answer to that request alone. */
export function compose(layers: readonly Layer[], last: RequestListener): RequestListener {
  return layers.reduceRight<RequestListener>(
    (listener, layer) => guarded((request, response) => layer(request, response, () => listener(request, response))),
    guarded(last),
  );
}

/** A listener may throw at any input: it must not end the process, nor leave the client without an answer. */
function guarded(listener: RequestListener): RequestListener {
  return (request, response) => {
    try {
      listener(request, response);
    } catch (error) {
      console.error(`${request.method} ${request.url}:`, error);
      if (response.headersSent) response.destroy();
      else response.writeHead(500, { connection: 'close' }).end();
    }
  };
}

/** Puts layers in front of the only listener of a server created by a library. */
export function layBefore(server: Server, layers: readonly Layer[]): void {
  const [listener, ...others] = server.listeners('request') as RequestListener[];
  if (listener === undefined || others.length > 0) throw new Error('Layers need a server with exactly one listener.');
  server.removeAllListeners('request');
  server.on('request', compose(layers, listener));
}

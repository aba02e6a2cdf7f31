/** Passes requests on to a service of the target that listens elsewhere. */
import {
  Agent,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
  request as send,
} from 'node:http';

export interface PassedOn {
  listener: RequestListener;
  close: () => void;
}

/** Headers stay as they are, Host among them: services make addresses of it, and signatures cover it. */
export function passOnTo(url: string): PassedOn {
  const { hostname, port } = new URL(url);
  const agent = new Agent({ keepAlive: true, maxSockets: 2_048 });
  const listener = (request: IncomingMessage, response: ServerResponse) => {
    const { method, url: path, headers } = request;
    const passed = send({ hostname, port, agent, method, path, headers: withoutTrailer(headers) }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
      answer.on('error', () => response.destroy());
    });
    // A client that goes away ends what was passed on for it, such as a long poll.
    response.on('close', () => passed.destroy());
    passed.on('error', () => response.destroy());
    request.pipe(passed);
  };
  return { listener, close: () => agent.destroy() };
}

/** Trailers are not passed on, and Node throws where they are announced for a body that is not chunked. */
function withoutTrailer({ trailer: _, ...headers }: IncomingHttpHeaders): IncomingHttpHeaders {
  return headers;
}

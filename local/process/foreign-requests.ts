/**
 * Keeps web pages away from the ports of this machine. Any page that is open in a browser here can send requests to 127.0.0.1, and with a name of its own
 * that it lets point there (DNS rebinding) read the answers as well. What gives a page away is set by the browser, and cannot be set by the page:
 * Origin and Sec-Fetch-Site, and in the case of rebinding the Host.
 * Sources: Fetch standard, 3.1 (Origin) and 4.5 (preflights); Fetch Metadata Request Headers; RFC 6761, 6.3 (localhost). Read November 2026.
 */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { refuseUpgrade } from '../gateway/sockets/upgrade.ts';
import { standIn } from '../lambda/node/aws-hosts.ts';
import type { Layer } from './compose.ts';

/** Of a listener. `tools`: no browser has business there. `browsers`: pages are clients like any other, by whatever Origin. */
export type Audience = 'tools' | 'browsers';

/** Names that no page can own: loopback addresses, localhost and what is below it; beside them those of AWS that this machine stands in for. Any port: the forwarded one may differ. */
const loopbackHost = /^(?:(?:[a-z0-9-]+\.)*localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/i;
const shownCharacters = 100;

/** Why a request may be a page's that must not make it, as a sentence; null if it is not. */
export function foreignRequest(headers: IncomingHttpHeaders, audience: Audience): string | null {
  const { host = '', origin } = headers;
  if (!loopbackHost.test(host) && standIn(host) === null)
    return `The Host ${JSON.stringify(host.slice(0, shownCharacters))} is not a name of this machine, so that the request may be that of a web page: use 127.0.0.1 or localhost.`;
  if (audience === 'browsers') return null;
  // `none`: a person typed the address. Tools send neither of the two.
  const site = headers['sec-fetch-site'];
  if (origin === undefined && (site === undefined || site === 'none')) return null;
  return 'Requests of web pages are not accepted here: use an AWS SDK, the AWS CLI, curl or a script.';
}

/** Of a port with a page of its own, which only its own scripts may ask for more. */
export function isOfOtherPage({ host = '', origin, 'sec-fetch-site': site }: IncomingHttpHeaders): boolean {
  const isOfSite = site !== undefined && site !== 'none' && site !== 'same-origin';
  return !loopbackHost.test(host) || isOfSite || (origin !== undefined && origin !== `http://${host}`);
}

/** Before everything else of a listener. It answers no preflight: without its consent a browser does not send what it asks for. */
export const refuseForeign =
  (audience: Audience): Layer =>
  (request, response, next) => {
    const message = foreignRequest(request.headers, audience);
    if (message === null) {
      next();
      return;
    }
    const text = JSON.stringify({ __type: 'AccessDeniedException', message });
    response.writeHead(403, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(text),
      // The body is not read.
      connection: 'close',
    });
    response.end(text);
  };

/** As {@link refuseForeign}, for an upgrade to WebSocket, whose clients may be browsers. True: it has been answered. */
export function refuseForeignUpgrade(request: IncomingMessage, socket: Duplex): boolean {
  const message = foreignRequest(request.headers, 'browsers');
  if (message === null) return false;
  socket.on('error', () => socket.destroy());
  refuseUpgrade(socket, 403, { message });
  return true;
}

/** RFC 6455, section 4: the upgrade, as a client asks for it and reads the answer. Pure. */
import { createHash } from 'node:crypto';

const acceptSalt = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

export interface UpgradeRequest {
  /** Host and, when it is not the scheme's own, port. */
  host: string;
  /** Path with query. */
  path: string;
  /** 16 random bytes in base64. */
  key: string;
  subprotocols: readonly string[];
  headers: Readonly<Record<string, string>>;
}

export function upgradeRequest({ host, path, key, subprotocols, headers }: UpgradeRequest): string {
  // A Host header given by the user, for a target reached by address, replaces ours.
  const ownHost = Object.entries(headers).find(([name]) => name.toLowerCase() === 'host')?.[1];
  const further = Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'host');
  const own = further.map(([name, value]) => `${name}: ${value}\r\n`);
  const protocols = subprotocols.length > 0 ? `Sec-WebSocket-Protocol: ${subprotocols.join(', ')}\r\n` : '';
  return `GET ${path} HTTP/1.1\r\nHost: ${ownHost ?? host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: ${key}\r\nSec-WebSocket-Version: 13\r\n${protocols}${own.join('')}\r\n`;
}

export type UpgradeAnswer =
  /** The end of the head has not arrived yet. */
  | { kind: 'incomplete' }
  /** `bytes`: length of the head; frames may follow it. */
  | { kind: 'upgraded'; bytes: number }
  | { kind: 'refused'; status: number }
  | { kind: 'malformed'; problem: string };

/** Heads beyond this are not HTTP (Node's own limit, `--max-http-header-size`). */
const maxHeadBytes = 16 * 1_024;

export function readUpgradeAnswer(head: Buffer, key: string, subprotocols: readonly string[]): UpgradeAnswer {
  const start = interimBytes(head);
  const end = head.indexOf('\r\n\r\n', start);
  const text = head.toString('latin1', start, end === -1 ? Math.min(head.length, start + maxHeadBytes) : end);
  if (!'HTTP/1.'.startsWith(text.slice(0, 7))) return { kind: 'malformed', problem: 'not HTTP' };
  if (end === -1)
    return head.length > maxHeadBytes ? { kind: 'malformed', problem: 'header over 16 KiB' } : { kind: 'incomplete' };
  const [statusLine = '', ...lines] = text.split('\r\n');
  const status = Number(/^HTTP\/1\.[01] (\d{3})(?: |$)/.exec(statusLine)?.[1]);
  if (Number.isNaN(status)) return { kind: 'malformed', problem: 'status line' };
  if (status !== 101) return { kind: 'refused', status };
  const headers = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon > 0) headers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
  if (headers.get('upgrade')?.toLowerCase() !== 'websocket') return { kind: 'malformed', problem: 'Upgrade header' };
  if (!/(^|,)\s*upgrade\s*(,|$)/i.test(headers.get('connection') ?? ''))
    return { kind: 'malformed', problem: 'Connection header' };
  if (headers.get('sec-websocket-accept') !== acceptOf(key))
    return { kind: 'malformed', problem: 'Sec-WebSocket-Accept header' };
  if (headers.has('sec-websocket-extensions'))
    return { kind: 'malformed', problem: 'an extension that was not requested' };
  const protocol = headers.get('sec-websocket-protocol');
  if (protocol !== undefined && !subprotocols.includes(protocol))
    return { kind: 'malformed', problem: 'a subprotocol that was not requested' };
  // A browser does not open it either (WHATWG WebSockets, section 2.1), although RFC 6455 allows others to.
  if (protocol === undefined && subprotocols.length > 0)
    return { kind: 'malformed', problem: 'none of the requested subprotocols' };
  return { kind: 'upgraded', bytes: end + 4 };
}

/** Length of the interim responses (100, 103) that precede the answer: RFC 9110, 15.2. */
function interimBytes(head: Buffer): number {
  let start = 0;
  for (;;) {
    const status = /^HTTP\/1\.1 1(?!01)\d\d /.test(head.toString('latin1', start, start + 13));
    const end = status ? head.indexOf('\r\n\r\n', start) : -1;
    if (end === -1) return start;
    start = end + 4;
  }
}

/** The value with which a server proves that it has read the key. */
export function acceptOf(key: string): string {
  return createHash('sha1')
    .update(key + acceptSalt)
    .digest('base64');
}

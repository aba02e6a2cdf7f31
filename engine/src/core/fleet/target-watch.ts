import { shownUrl } from '../../concealment.ts';
import type { FleetPhase } from '../../records.ts';
import type { ServerClose } from '../connections/server-close.ts';
import { shownText } from '../measure/shown-text.ts';
import { microsPerSecond } from '../schedule/pacer.ts';

/** A fleet gives up when this many connects (in a smaller fleet: all) have failed and none has succeeded. */
const failedConnectsToGiveUp = 50;
/**
 * Ends without a close frame, and the codes of a server that goes away or restarts (RFC 6455, 7.4.1; IANA's registry, 2026-11). With any other
 * code the server is there and has decided: the load goes on to its end, and the report says what it decided.
 */
const goneCodes: readonly number[] = [1001, 1006, 1012];
/** With every connection lost, the fleet gives up after this long. */
const goneMicros = 3 * microsPerSecond;

export interface FleetSituation {
  phase: FleetPhase;
  /** Of the tabs that are to have one now. */
  plannedConnections: number;
  openConnections: number;
  /** Connects since the fleet began, by how they ended, and why the last one failed. */
  opened: number;
  failed: number;
  lastFailure: string;
  /** How the target closed the last connection that it closed; null: none. */
  lastClose: ServerClose | null;
  /** Lost connections are being opened again, or about to be. */
  isReconnecting: boolean;
}

/** How each of its reasons begins: by it, whoever reads them tells a target that cannot be loaded from a load generator that failed. */
export const reasonStarts = ['No connection to ', 'The target is gone'] as const;

/** Detects that there is no point in continuing, so that a run against a dead target ends early and with a reason. */
export class TargetWatch {
  readonly #webSocketUrl: string;
  #goneSinceMicros: number | null = null;

  constructor(webSocketUrl: string) {
    // A query may hold a token, and what is before the host a password.
    this.#webSocketUrl = shownUrl(webSocketUrl)
      .replace(/\?.*$/s, '')
      .replace(/\/\/[^/]*@/, '//');
  }

  /** The reason to give up as a sentence, or null. Called each second. */
  judge(situation: FleetSituation, nowMicros: number): string | null {
    const { phase, plannedConnections, openConnections, opened, failed, lastFailure, lastClose, isReconnecting } =
      situation;
    // All tabs poll, or webhooks come alone.
    if (plannedConnections === 0) return null;
    if (opened === 0 && !isReconnecting && failed >= Math.min(failedConnectsToGiveUp, plannedConnections))
      return `${reasonStarts[0]}${this.#webSocketUrl} could be opened: ${failed} of ${failed} failed, the last with ${failureInWords(lastFailure)}. ${adviceAfter(lastFailure)}`;
    const needsTarget = phase === 'connecting' || phase === 'steady';
    const isThere = lastClose !== null && !goneCodes.includes(lastClose.code);
    if (opened === 0 || openConnections > 0 || isReconnecting || isThere || !needsTarget) {
      this.#goneSinceMicros = null;
      return null;
    }
    this.#goneSinceMicros ??= nowMicros;
    if (nowMicros - this.#goneSinceMicros < goneMicros) return null;
    const how = lastClose === null ? '' : `, the last with ${closeInWords(lastClose)}`;
    return `${reasonStarts[1]}: all ${opened} connections to ${this.#webSocketUrl} were closed${how}. Check whether it crashed.`;
  }
}

/** What to do about each way in which the last connect failed: the first whose pattern fits. HTTP statuses come as their number, errors by Node's or OpenSSL's code. */
const advices: readonly [failure: RegExp, advice: string][] = [
  [
    /^40[13]$/,
    "The target does not accept the token or the credentials, or wants some: check that the token secret is the target's, that a token you supplied has not expired, and the headers that it needs (--header).",
  ],
  [/^407$/, 'A proxy between here and there wants credentials: load the target without the proxy.'],
  [/^429$/, 'The target throttles every connect: lower the connect rate.'],
  [/^3\d\d$/, 'It redirects, which a WebSocket client does not follow: give the URL that it leads to.'],
  [
    /^426$/,
    'It wants another protocol or version of it: check the path of the URL, and the subprotocol (--subprotocol).',
  ],
  [/^5\d\d$/, 'It fails before the upgrade, or what is behind it does: look into its log, or that of its proxy.'],
  [/^\d{3}$/, 'It answers HTTP {failure} instead of a WebSocket upgrade: check host and path of the URL.'],
  [
    /WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|UNKNOWN_PROTOCOL|HTTP_REQUEST|^EPROTO$/,
    'What listens there does not speak TLS: use ws:// in place of wss://, or the port that does (often 443).',
  ],
  [
    /SELF_SIGNED_CERT|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER/,
    'Its certificate is not signed by an authority that this machine trusts: name the authority with NODE_EXTRA_CA_CERTS=FILE.',
  ],
  [
    /CERT_HAS_EXPIRED|CERT_NOT_YET_VALID/,
    'Its certificate is not valid today: renew it, or set the clock of this machine.',
  ],
  [/ALTNAME_INVALID/, 'Its certificate is for another host name: use the name in the certificate.'],
  [/^ERR_SSL|^ERR_TLS|^CERT_/, 'The TLS handshake failed: check the port of the URL and the certificate.'],
  [
    /^(ENOTFOUND|EAI_AGAIN|EAI_NONAME)$/,
    'No address is known for that host: check its name, and the DNS of this machine.',
  ],
  [/^(EHOSTUNREACH|ENETUNREACH)$/, 'There is no way to that address: check the network, VPN or firewall.'],
  [
    /^(timed out|ETIMEDOUT)$/,
    'Nothing answers there: check host and port, and what may block them (firewall, security group).',
  ],
  [
    /^(upgrade answer|closed before|ECONNRESET|EPIPE)/,
    'What listens there does not speak WebSocket: check host and port of the URL, and whether it wants TLS (wss://).',
  ],
];

function adviceAfter(lastFailure: string): string {
  const found = advices.find(([failure]) => failure.test(lastFailure))?.[1];
  return (found ?? 'Check that the target is running and that the URL is correct.').replace('{failure}', lastFailure);
}

const failureInWords = (failure: string): string => (/^\d{3}$/.test(failure) ? `HTTP ${failure}` : failure);

const closeInWords = ({ code, reason }: ServerClose): string =>
  `${code}${code === 1006 ? ' (no close frame)' : ''}${reason === '' ? '' : ` “${shownText(reason)}”`}`;

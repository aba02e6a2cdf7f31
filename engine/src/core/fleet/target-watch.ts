import { shownUrl } from '../../concealment.ts';
import type { FleetPhase } from '../../records.ts';
import type { ServerClose } from '../connections/connections.ts';
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
    if (opened === 0 && !isReconnecting && failed >= Math.min(failedConnectsToGiveUp, plannedConnections))
      return `No connection to ${this.#webSocketUrl} could be opened: ${failed} of ${failed} failed, the last with ${lastFailure}. ${adviceAfter(lastFailure)}`;
    const needsTarget = phase === 'connecting' || phase === 'steady';
    const isThere = lastClose !== null && !goneCodes.includes(lastClose.code);
    if (opened === 0 || openConnections > 0 || isReconnecting || isThere || !needsTarget) {
      this.#goneSinceMicros = null;
      return null;
    }
    this.#goneSinceMicros ??= nowMicros;
    if (nowMicros - this.#goneSinceMicros < goneMicros) return null;
    const how = lastClose === null ? '' : `, the last with ${closeInWords(lastClose)}`;
    return `The target is gone: all ${opened} connections to ${this.#webSocketUrl} were closed${how}. Check whether it crashed.`;
  }
}

/** What to check, depending on how the last connect failed. */
function adviceAfter(lastFailure: string): string {
  if (lastFailure === '401' || lastFailure === '403')
    return "The target does not accept the token: check that the token secret is the target's, and that a token you supplied has not expired.";
  if (lastFailure === '429') return 'The target throttles every connect: lower the connect rate.';
  if (/^\d{3}$/.test(lastFailure))
    return `It answers HTTP ${lastFailure} instead of a WebSocket upgrade: check host and path of the URL.`;
  if (lastFailure.startsWith('upgrade answer') || lastFailure.startsWith('closed before'))
    return 'What listens there does not speak WebSocket: check host and port of the URL.';
  return 'Check that the target is running and that the URL is correct.';
}

const closeInWords = ({ code, reason }: ServerClose): string =>
  `${code}${code === 1006 ? ' (no close frame)' : ''}${reason === '' ? '' : ` “${shownText(reason)}”`}`;

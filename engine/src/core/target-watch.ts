import type { ClientRecord } from '../records.ts';
import { microsPerSecond } from './pacer.ts';

/** Connects that must all have failed before a fleet gives up (or all of them, in a smaller fleet). */
const hopelessConnects = 50;
/** With every connection lost, the target is given up after this long. */
const aloneMicros = 3 * microsPerSecond;

export interface FleetSituation {
  phase: ClientRecord['phase'];
  plannedConnections: number;
  openConnections: number;
  /** Connects since the fleet began, by how they ended, and why the last one failed. */
  opened: number;
  failed: number;
  lastFailure: string;
  /** Lost connections are being opened again, or about to be. */
  isComingBack: boolean;
}

/** Notices when going on makes no sense, so that a run against a dead target ends soon and with a reason. */
export class TargetWatch {
  readonly #webSocketUrl: string;
  #aloneSinceMicros: number | null = null;

  constructor(webSocketUrl: string) {
    this.#webSocketUrl = webSocketUrl;
  }

  /** The sentence to give up with, or null. Called each second. */
  judge(situation: FleetSituation, nowMicros: number): string | null {
    const { phase, plannedConnections, openConnections, opened, failed, lastFailure, isComingBack } = situation;
    if (opened === 0 && !isComingBack && failed >= Math.min(hopelessConnects, plannedConnections))
      return `No connection to ${this.#webSocketUrl} could be opened: ${failed} of ${failed} failed, the last with ${lastFailure}. Check that the target runs and that the URL and the token secret are its own.`;
    const needsTarget = phase === 'connecting' || phase === 'steady';
    if (opened === 0 || openConnections > 0 || isComingBack || !needsTarget) {
      this.#aloneSinceMicros = null;
      return null;
    }
    this.#aloneSinceMicros ??= nowMicros;
    if (nowMicros - this.#aloneSinceMicros < aloneMicros) return null;
    return `The target is gone: all ${opened} connections to ${this.#webSocketUrl} were closed, and none is left. Check whether it crashed.`;
  }
}

/** One event that is pushed to many tabs, through the account's throttle of the @connections API. */
import { MilestoneLog } from './milestones.ts';
import type { FanOutResult, FanOutStorm } from './spec.ts';
import type { World } from './world.ts';

export class FanOut {
  sent = 0;
  #world: World;
  #storm: FanOutStorm;
  #inTime = 0;
  #milestones: MilestoneLog;

  constructor(world: World, storm: FanOutStorm) {
    this.#world = world;
    this.#storm = storm;
    this.#milestones = new MilestoneLog(storm.tabs);
  }

  get done(): boolean {
    return this.sent === this.#storm.tabs;
  }

  /** The calls of this millisecond: as many as the senders make and the throttle lets through. A refused call is made again later. */
  tick(): void {
    if (this.done) return;
    const { nowMs } = this.#world;
    const { tabs, callMs, callsAtOnce, deadlineMs } = this.#storm;
    const started = callsAtOnce === null ? tabs : Math.floor(((nowMs + callMs) / callMs) * callsAtOnce);
    const sent = this.#world.admitPushes(Math.min(tabs, started) - this.sent);
    this.sent += sent;
    const atMs = nowMs + callMs;
    if (atMs <= deadlineMs) this.#inTime += sent;
    if (sent > 0) this.#milestones.reached(this.sent, atMs);
  }

  result(): FanOutResult {
    const { tabs, deadlineMs } = this.#storm;
    const { ratePerSecond, burst } = this.#world.spec.quotas.accountThrottle;
    return {
      tabs,
      sent: this.sent,
      late: tabs - this.#inTime,
      pushedAtSeconds: this.#milestones.result(),
      neededPerSecond: deadlineMs === 0 ? null : tabs / (deadlineMs / 1_000),
      throttleSeconds: tabs / ratePerSecond,
      floorSeconds: Math.max(0, (tabs - burst) / ratePerSecond),
    };
  }
}

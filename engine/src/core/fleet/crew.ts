import type { ClientRecord } from '../../records.ts';
import { populate } from '../connections/population.ts';
import { makeTokens } from '../connections/token.ts';
import { LoopDelayProbe } from '../measure/health.ts';
import { SecondReport } from '../measure/second-report.ts';
import { Tally } from '../measure/tally.ts';
import { loadHooks } from '../messages/hooks-module.ts';
import { SecondLabels } from '../schedule/clock.ts';
import { Loop } from '../schedule/loop.ts';
import { TaskGroups } from '../schedule/task-groups.ts';
import { FrameWriter } from '../wire/frame-writer.ts';
import { FleetRun } from './fleet-run.ts';
import type { FleetResult, FleetSpec } from './fleet-spec.ts';
import { type Platform, systemPlatform } from './platform.ts';

/**
 * Small fleets that come and go, one for each virtual user, on one event loop and reported in one line a second. Frames are written by one writer, and
 * the loop looks only at members with something due: its cost is that of their phase checks, 50 per second for each member.
 */
export class Crew {
  readonly #platform: Platform;
  readonly #tally = new Tally();
  readonly #labels: SecondLabels;
  readonly #loop: Loop;
  readonly #groups: TaskGroups;
  readonly #writer = new FrameWriter(1);
  readonly #report: SecondReport;
  readonly #members = new Map<number, FleetRun>();
  readonly #ended = new AbortController();

  constructor(options: {
    name: string;
    onRecord: (record: ClientRecord) => void;
    /** Default: the system's clock and sockets. */
    platform?: Platform;
  }) {
    this.#platform = options.platform ?? systemPlatform;
    const { clock, waiter, wallMs } = this.#platform;
    const labels = new SecondLabels({ wallMs: wallMs(), monotonicMicros: clock.nowMicros() });
    this.#labels = labels;
    this.#loop = new Loop(clock, waiter);
    this.#groups = new TaskGroups(clock);
    const report = { fleet: options.name, clock, labels, tally: this.#tally, onRecord: options.onRecord };
    this.#report = new SecondReport(report, this.#reported());
    this.#loop.add(new LoopDelayProbe(this.#tally, clock.nowMicros()));
    this.#loop.add(this.#report);
    this.#loop.add(this.#groups);
    this.#loop.start();
  }

  /** Runs a member from its first connect to its last close. */
  async join(id: number, spec: FleetSpec): Promise<FleetResult> {
    const hooks = await loadHooks(spec.hooksModule);
    const population = populate({ ...spec.load, prefix: `u-${spec.runTag}-${spec.fleet}` });
    const nowSeconds = this.#labels.labelOf(this.#platform.clock.nowMicros());
    const tokens = await makeTokens(population, spec, { nowSeconds, signal: this.#ended.signal });
    return await new Promise((resolve) => {
      const member = new FleetRun({
        ...{ spec, population, tokens, hooks },
        ...{ platform: this.#platform, tally: this.#tally, labels: this.#labels },
        ...{ loop: this.#groups.group(), writer: this.#writer },
        onEnd: (result) => {
          this.#members.delete(id);
          member.close();
          resolve(result);
        },
      });
      this.#members.set(id, member);
      member.start();
    });
  }

  /** Ends the members that are still running, and writes the last line. */
  finish(isComplete: boolean): void {
    this.#ended.abort();
    this.#loop.stop();
    for (const member of this.#members.values()) member.close();
    this.#report.finish(isComplete);
  }

  #reported() {
    const members = () => [...this.#members.values()];
    return {
      phase: 'steady' as const,
      get socketCount(): number {
        return members().reduce((sum, member) => sum + member.socketCount, 0);
      },
      sweep: (now: number) => {
        for (const member of members()) member.sweep(now);
      },
      judge: (now: number) => {
        for (const member of members()) member.judge(now);
      },
    };
  }
}

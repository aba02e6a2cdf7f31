/** A fleet's measurements and what its target says → the report, under a plan that allows everything: whatever is not OK is so because of the ledger. */
import type { ClientMeasurements } from '../../metrics/measurements.ts';
import type { Observation, TargetEvents } from '../../record/observation.ts';
import type { LocalModel } from '../../record/run.ts';
import { type SettledEvents, settleEvents } from '../../reports/analysis/events/outcomes.ts';
import { exampleObservation, noData, seriesOf } from '../../reports/example-observation.fixture.ts';
import { exampleRun } from '../../reports/example-run.fixture.ts';
import { buildReport, type Report } from '../../reports/report.ts';

export interface Told {
  events: TargetEvents;
  /** Messages of the queue and of the dead-letter queue. */
  messages: number;
  deadLetters: number;
  /** The stack's own count of offline events. */
  offline: number;
  /** How it differs from AWS, with its faults. Absent: nothing of it. */
  model?: LocalModel;
}

export interface Judged {
  report: Report;
  settled: SettledEvents;
  observation: Observation;
}

const { plan } = exampleRun();
const lenient = {
  plan: {
    ...plan,
    // What is calculated from a plan is none of the ledger's, and takes most of a report's time.
    horizonMonths: 1,
    rollout: [],
    slo: { ...plan.slo, errorShare: 1, connectP99Ms: 1e6, roundTripP99Ms: 1e6, deliveryP99Ms: 1e6 },
  },
};

export function judge({ clock, client }: ClientMeasurements, told: Told): Judged {
  const example = exampleObservation();
  const offlineKey = 'loadline.eventsOffline.sum';
  const offline = told.offline > 0 ? seriesOf(offlineKey, [[30, told.offline]]) : noData(offlineKey);
  const observation: Observation = {
    ...example,
    clock,
    client,
    server: {
      ...example.server,
      series: example.server.series.map((series) => (series.key === offlineKey ? offline : series)),
      queues: {
        ...{ visible: told.messages, notVisible: 0, delayed: 0, waitingBefore: 0 },
        ...{ deadLettered: told.deadLetters, deadLetteredBefore: 0 },
      },
      events: told.events,
    },
  };
  const run = exampleRun(lenient);
  const judged = told.model === undefined ? run : { ...run, target: { ...run.target, model: told.model } };
  return { report: buildReport(judged, observation), settled: settleEvents(observation), observation };
}

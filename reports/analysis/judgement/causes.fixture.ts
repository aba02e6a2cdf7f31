/** Runs of the example whose work fails, for what a report names as the cause. */
import { exampleObservation } from '../../example-observation.fixture.ts';
import { exampleRun } from '../../example-run.fixture.ts';
import { buildReport } from '../../report.ts';

export type Change = Parameters<typeof exampleObservation>[0];
export const target = (() => {
  const { target: plain } = exampleRun();
  const { graph } = plain;
  if (graph === undefined) throw new Error('graph');
  const nameOf = (id: string) => `Loadline-${id.charAt(0).toUpperCase()}${id.slice(1)}`;
  const functions = graph.functions.map((each) => ({ ...each, name: nameOf(each.id) }));
  return { ...plain, graph: { ...graph, functions } };
})();
export const reportOf = (change: Change, run: Parameters<typeof exampleRun>[0] = {}) =>
  buildReport(exampleRun({ target, ...run }), exampleObservation(change));
export const first = (report: ReturnType<typeof reportOf>) => report.verdict.reasons[0];

/** 481 messages, of which 381 were answered with an error frame. */
export const refusedTotals = {
  ...{ messagesIntended: 481, messagesSent: 481, messagesAnswered: 100, messagesErrorFrame: 381 },
};

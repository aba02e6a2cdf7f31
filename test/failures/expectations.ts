/** What must be true after a run in which something failed on purpose. */
import { expect } from 'vitest';
import type { JudgedRun } from './judged-run.ts';

/** What was accepted arrived, at least that many events; of none is it unknown what became of it. */
export function expectBalanced({ settled: { counts }, reasons, report }: JudgedRun, accepted: number): void {
  expect({ lost: counts.lost, missed: counts.missed, unknown: counts.unknown }).toEqual({
    lost: 0,
    missed: 0,
    unknown: 0,
  });
  expect(counts.deliveredToAll + counts.deliveredToSome + counts.ownerChanged).toBeGreaterThanOrEqual(accepted);
  expect(report.ledger?.events.notAsked ?? []).toEqual([]);
  expect(reasons.filter((code) => code.startsWith('events'))).toEqual([]);
}

/** In the warnings, and on the timeline. */
export function expectNamed({ report }: JudgedRun, ...faults: string[]): void {
  const warnings = report.warnings.map(({ sentence }) => sentence).join(' ');
  expect(warnings).toContain(`injected on purpose: ${faults.join(', ')}.`);
  const names = report.happenings.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(faults.map((fault) => `fault “${fault}”`)));
}

/** No connection was closed and no webhook refused; what was published and answered arrived as well. */
export function expectUndisturbed({ observation }: JudgedRun): void {
  const { closesByServer = {}, totals } = observation.client;
  const { connectsOpened, webhooksRejected, publishesAnswered, publishesMissed } = totals;
  expect({ closesByServer, connectsOpened, webhooksRejected, publishesMissed }).toEqual({
    ...{ closesByServer: {}, connectsOpened: 20, webhooksRejected: 0, publishesMissed: 0 },
  });
  expect(publishesAnswered).toBeGreaterThan(0);
}

/** All tabs came back after all of them were closed. */
export function expectStorm({ observation }: JudgedRun): void {
  expect(observation.client.totals.connectsOpened).toBe(40);
}

/** Connections were closed by the deployment alone, and came back. */
export function expectRestarts({ observation }: JudgedRun): void {
  const { closesByServer = {}, totals } = observation.client;
  expect(Object.keys(closesByServer)).toEqual(['1012 Service restart']);
  // A tab that was closed at the very end is not back yet.
  const cameBack = totals.connectsOpened - 20;
  expect(cameBack).toBeGreaterThan(0);
  expect(cameBack).toBeLessThanOrEqual(closesByServer['1012 Service restart'] ?? 0);
}

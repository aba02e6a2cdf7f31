import { describe, expect, test } from 'vitest';
import { exampleObservation, exampleTotals, noData, seriesOf } from '../example-observation.fixture.ts';
import { exampleRun } from '../example-run.fixture.ts';
import { buildReport } from '../report.ts';

type Change = Parameters<typeof exampleObservation>[0];
const reportOf = (change: Change = {}, run: Parameters<typeof exampleRun>[0] = {}) =>
  buildReport(exampleRun(run), exampleObservation(change));
const codes = (report: ReturnType<typeof reportOf>) => report.verdict.reasons.map(({ code }) => code);

test('events in the queues and new dead letters are accounted for, old dead letters are not', () => {
  const queues = { visible: 1, notVisible: 1, delayed: 1, deadLettered: 5, deadLetteredBefore: 3, waitingBefore: 0 };
  const report = reportOf({ totals: { eventsDelivered: 700 }, server: { queues } });
  expect(report.ledger?.events).toMatchObject({ inFlight: 3, deadLettered: 2, lost: 0 });
  expect(report.verdict.status).toBe('ok');
  expect(report.warnings.map(({ code }) => code)).toEqual(expect.arrayContaining(['deadLettered', 'inFlight']));
});

describe('what the stack counted as offline', () => {
  test('missing: the client’s count stands in, unconfirmed, with a warning', () => {
    const report = reportOf({ series: [noData('loadline.eventsOffline.sum')] });
    expect(report.ledger?.events).toMatchObject({ confirmed: false, offline: 45, offlineByServer: null, lost: 0 });
    expect(report.warnings.map(({ code }) => code)).toContain('offlineUnconfirmed');
    expect(report.verdict.status).toBe('ok');
  });

  test('posts that timed out may have been queued: that many events beyond the accepted are unattributed, one more is counted twice', () => {
    // Accepted 750 = 705 delivered + 45 offline; three more delivered, two posts timed out.
    const change = (eventsDelivered: number) =>
      reportOf({
        totals: {
          eventsDelivered,
          webhooksTimedOut: 2,
          webhooksPosted: exampleTotals().webhooksPosted + 2,
          webhooksIntended: exampleTotals().webhooksIntended + 2,
        },
      });
    expect(change(707).ledger?.events).toMatchObject({ unattributed: 2, lost: 0 });
    expect(change(708).ledger?.events).toMatchObject({ unattributed: 2, lost: -1 });
    expect(codes(change(708))).toContain('eventsCountedTwice');
    // A loss still counts as one.
    expect(change(704).ledger?.events).toMatchObject({ unattributed: 0, lost: 1 });
  });

  test('an event pushed whose receipt then failed may come again when its owner is gone: as many as failed are unattributed', () => {
    const change = (eventsDelivered: number) =>
      reportOf({ totals: { eventsDelivered }, series: [seriesOf('loadline.eventsFailed.sum', [[30, 2]])] });
    expect(change(707).ledger?.events).toMatchObject({ unattributed: 2, lost: 0 });
    expect(change(708).ledger?.events).toMatchObject({ unattributed: 2, lost: -1 });
    expect(change(704).ledger?.events).toMatchObject({ unattributed: 0, lost: 1 });
  });

  test('what an earlier load left in the queue may come out as well, and is warned of', () => {
    const queues = { visible: 0, notVisible: 0, delayed: 0, deadLettered: 3, deadLetteredBefore: 3, waitingBefore: 2 };
    const report = reportOf({ totals: { eventsDelivered: 707 }, server: { queues } });
    expect(report.ledger?.events).toMatchObject({ unattributed: 2, lost: 0 });
    expect(report.warnings.map(({ code }) => code)).toContain('queueNotEmpty');
  });

  test('three fewer than the client expected: they are lost', () => {
    const report = reportOf({ series: [seriesOf('loadline.eventsOffline.sum', [[30, 42]])] });
    expect(report.ledger?.events.lost).toBe(3);
    expect(codes(report)).toEqual(['eventsLost']);
    expect(report.warnings.map(({ code }) => code)).toContain('offlineDiffers');
  });

  test('duplicates, unexpected and unaccepted pushes are warned of and change nothing in the balance', () => {
    const report = reportOf({
      totals: { pushesDuplicate: 2, pushesUnexpected: 1, pushesOfUnaccepted: 1, pushesDelivered: 1_409 },
    });
    expect(report.verdict.status).toBe('ok');
    expect(report.ledger?.pushes.missing).toBe(1);
    expect(report.warnings.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['pushesMissing', 'pushesDuplicate', 'pushesUnexpected', 'pushesOfUnaccepted']),
    );
  });
});

import { describe, expect, test } from 'vitest';
import type { Observation } from '../../record/observation.ts';
import {
  exampleEvents,
  exampleObservation,
  finishedEvents,
  idsFrom,
  noData,
  seriesOf,
} from '../example-observation.fixture.ts';
import { exampleRun } from '../example-run.fixture.ts';
import { buildReport } from '../report.ts';

type Change = NonNullable<Parameters<typeof exampleObservation>[0]>;
type Target = Partial<Observation['server']['events']>;
type State = Observation['client']['events'][number]['state'];

/** The example's 750 events, of which these many more were not delivered to all: x-0 … of one state. */
function reportOf(many: number, state: State, target: Target = {}, change: Change = {}) {
  const ids = Array.from({ length: many }, (_, n) => `x-${n}`);
  const events = [...exampleEvents(), ...ids.map((id) => ({ id, state }))];
  const counter = {
    deliveredToSome: 'eventsDeliveredToSome',
    ownerOffline: 'eventsOwnerOffline',
    ownerChanged: 'eventsOwnerChanged',
    unreached: 'eventsUnreached',
  } as const;
  const none = { inQueue: [], deadLettered: [], finished: finishedEvents(idsFrom(0, 45)), reasons: [], clockStepMs: 0 };
  return buildReport(
    exampleRun(),
    exampleObservation({
      ...change,
      totals: {
        [counter[state]]: many + (state === 'ownerOffline' ? 45 : 0),
        eventsDelivered: state === 'deliveredToSome' ? 705 : 705 - many,
        ...change.totals,
      },
      client: { events, ...change.client },
      server: { ...change.server, events: { ...none, ...target } },
    }),
  );
}
const codes = (report: ReturnType<typeof reportOf>) => report.verdict.reasons.map(({ code }) => code);
const warnings = (report: ReturnType<typeof reportOf>) => report.warnings.map(({ code }) => code);
const finished = (...ids: string[]) => finishedEvents([...idsFrom(0, 45), ...ids]);
const depth = (messages: number, dead = 0) => ({
  queues: { visible: messages, notVisible: 0, delayed: 0, deadLettered: dead, deadLetteredBefore: 0, waitingBefore: 0 },
});

describe('an event that no push arrived of', () => {
  test('in the queue or a dead letter is that, and the run is OK with a warning', () => {
    const report = reportOf(
      3,
      'unreached',
      { inQueue: ['x-0', 'x-2'], deadLettered: ['x-1'] },
      { server: depth(4, 1) },
    );
    expect(report.ledger?.events.outcomes).toMatchObject({ inQueue: 2, deadLettered: 1, missed: 0, lost: 0 });
    expect(report.ledger?.events).toMatchObject({ inFlight: 4, deadLettered: 1 });
    expect(report.verdict.status).toBe('ok');
    expect(warnings(report)).toEqual(expect.arrayContaining(['deadLettered', 'inFlight']));
  });

  test('finished by the stack is missed, even if a copy of it is in the queue: the SLO is broken, whatever it allows', () => {
    const report = reportOf(3, 'unreached', { inQueue: ['x-1'], finished: finished('x-0', 'x-1', 'x-2') });
    expect(report.ledger?.events).toMatchObject({ missed: 3, lost: 0, ids: { missed: ['x-0', 'x-1', 'x-2'] } });
    expect(codes(report)).toEqual(['eventsMissed']);
    expect(report.verdict.status).toBe('sloBroken');
    expect(report.verdict.sentence).toContain(
      '3 events of 750 accepted never reached their owners, who had a connection open from before the post until the end of the drain (x-0, x-1, x-2).',
    );
    expect(report.slo.find(({ id }) => id === 'events.missed')).toMatchObject({
      kept: false,
      limit: 0,
      measured: 0.004,
    });
  });

  test.each<State>(['unreached', 'ownerChanged', 'ownerOffline'])(
    '%s, not finished and nowhere, is lost: the run is invalid',
    (state) => {
      const report = reportOf(12, state);
      expect(report.ledger?.events).toMatchObject({ lost: 12, missed: 0 });
      expect(codes(report)).toEqual(['eventsLost']);
      expect(report.verdict.status).toBe('invalid');
      expect(report.verdict.reasons[0]?.sentence).toContain('x-9 and 2 more (events.json)');
    },
  );

  test('whose owner came or went and that the stack has finished is a warning', () => {
    const report = reportOf(2, 'ownerChanged', { finished: finished('x-0', 'x-1') });
    expect(report.ledger?.events.outcomes).toMatchObject({ ownerChanged: 2, missed: 0, lost: 0 });
    expect(report.verdict.status).toBe('ok');
    expect(warnings(report)).toContain('ownerChanged');
  });

  test('delivered to some is a warning that names it', () => {
    const report = reportOf(2, 'deliveredToSome');
    expect(report.ledger?.events.outcomes).toMatchObject({ deliveredToAll: 703, deliveredToSome: 2 });
    expect(report.verdict.status).toBe('ok');
    expect(report.warnings.find(({ code }) => code === 'deliveredToSome')?.sentence).toContain('(x-0, x-1)');
  });
});

describe('where the main queue cannot be read', () => {
  const hidden = { inQueue: null, reasons: ['the queue: SQS does not show it'] };
  test('as many as it holds are unknown, the others lost, and nobody knows which', () => {
    const report = reportOf(5, 'unreached', hidden, { server: depth(2) });
    expect(report.ledger?.events.outcomes).toMatchObject({ lost: 3, unknown: 2, missed: 0 });
    expect(report.ledger?.events).toMatchObject({ lostAmongUnknown: 3, ids: { lost: [], unknown: idsOf(5) } });
    expect(codes(report)).toEqual(['eventsLost', 'eventsUnknown']);
    expect(report.verdict.reasons[0]?.sentence).toMatch(/^At least 3 events/);
  });
  test('with as many messages as events none is said to be lost, and the run is invalid all the same', () => {
    const report = reportOf(5, 'unreached', hidden, { server: depth(5) });
    expect(report.ledger?.events.outcomes).toMatchObject({ lost: 0, unknown: 5 });
    expect(codes(report)).toEqual(['eventsUnknown']);
  });
  test('and empty, each is lost by id', () => {
    expect(reportOf(5, 'unreached', hidden, { server: depth(0) }).ledger?.events.ids.lost).toEqual(idsOf(5));
  });
  test('and not even its depth is known: all are unknown', () => {
    const report = reportOf(5, 'unreached', hidden, { server: { queues: null } });
    expect(report.ledger?.events.outcomes).toMatchObject({ lost: 0, unknown: 5 });
  });
});

describe('where the stack does not say what it has finished', () => {
  const mute = { finished: null };
  test('owners who were away stay offline by the client’s word, with a warning', () => {
    const report = reportOf(0, 'unreached', mute);
    expect(report.ledger?.events).toMatchObject({ confirmed: false, unconfirmed: 45, lost: null });
    expect(report.verdict.status).toBe('ok');
    expect(warnings(report)).toContain('offlineUnconfirmed');
  });
  test('an owner who was there has missed it; of one who came or went nothing is known', () => {
    expect(reportOf(2, 'unreached', mute).ledger?.events).toMatchObject({ missed: 2, lost: null });
    expect(reportOf(2, 'ownerChanged', mute).ledger?.events.outcomes).toMatchObject({ unknown: 2, missed: 0 });
  });
});

test('events beyond the listed ids are unknown, and never zero', () => {
  const report = reportOf(
    2,
    'unreached',
    { inQueue: ['x-0', 'x-1'] },
    { totals: { eventsDelivered: 700, eventsUnreached: 5 } },
  );
  expect(report.ledger?.events).toMatchObject({ notListed: 3, outcomes: { inQueue: 2, unknown: 3 } });
  expect(codes(report)).toEqual(['eventsUnknown']);
  expect(warnings(report)).toContain('eventsNotListed');
});

describe('the stack’s own count of offline events', () => {
  const withCount = (value: number) =>
    reportOf(0, 'unreached', {}, { series: [seriesOf('loadline.eventsOffline.sum', [[30, value]])] });
  test('is compared, and never subtracted: it counts copies, and the window of its metric may miss some', () => {
    for (const value of [42, 45, 110]) expect(withCount(value).verdict.status).toBe('ok');
    expect(warnings(withCount(45))).not.toContain('offlineDiffers');
    expect(withCount(110).warnings.find(({ code }) => code === 'offlineDiffers')?.sentence).toBe(
      'The stack counted 110 events as offline, and 45 by id can have been: it counts every copy that it handles.',
    );
  });
  test('may be missing', () => {
    const report = reportOf(0, 'unreached', {}, { series: [noData('loadline.eventsOffline.sum')] });
    expect(report.ledger?.events).toMatchObject({ offlineByServer: null, confirmed: true });
    expect(report.verdict.status).toBe('ok');
  });
});

test('messages of an earlier load in the queue are warned of', () => {
  const { queues } = depth(0);
  expect(warnings(reportOf(0, 'unreached', {}, { server: { queues: { ...queues, waitingBefore: 2 } } }))).toContain(
    'queueNotEmpty',
  );
});

test('duplicates, unexpected and unaccepted pushes are warned of and change no outcome', () => {
  const totals = { pushesDuplicate: 2, pushesUnexpected: 1, pushesOfUnaccepted: 1, pushesDelivered: 1_409 };
  const report = reportOf(0, 'unreached', {}, { totals });
  expect(report.verdict.status).toBe('ok');
  expect(report.ledger?.pushes.missing).toBe(1);
  expect(warnings(report)).toEqual(
    expect.arrayContaining(['pushesMissing', 'pushesDuplicate', 'pushesUnexpected', 'pushesOfUnaccepted']),
  );
});

const idsOf = (many: number) => Array.from({ length: many }, (_, n) => `x-${n}`);

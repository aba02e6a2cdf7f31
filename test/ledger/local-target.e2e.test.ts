/**
 * Small runs on the local target, with its own faults and a thief. An outsider watches the fleet's sockets and posts, and reads queues and table itself:
 * the report's outcome of every event must be the outsider's.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { DeleteItemCommand, DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { runFleet } from '../../engine/src/core/fleet/fleet.ts';
import type { FleetLoad } from '../../engine/src/core/fleet/fleet-spec.ts';
import { systemPlatform } from '../../engine/src/core/fleet/platform.ts';
import { fleetSpec } from '../../engine/test/totals.ts';
import { queueMessagesPath } from '../../local/model.ts';
import { faultsPath } from '../../local/start.ts';
import { MeasurementMerge, undeliveredIds } from '../../metrics/measurements.ts';
import { readTargetEvents } from '../../metrics/target-events.ts';
import type { EventOutcome } from '../../reports/analysis/events/outcomes.ts';
import { type LocalTarget, startLocalTarget } from '../../run/target/local-target.ts';
import { parseSettings } from '../../stack/settings/settings.ts';
import { type Judged, judge } from './judge.ts';
import { Observer, type OpenStack } from './observer.ts';

let local: LocalTarget;
let sqs: SQSClient;
let dynamodb: DynamoDBClient;
let runs = 0;

beforeAll(async () => {
  local = await startLocalTarget({ settings: parseSettings(), seed: 5 });
  const { endpoints } = local.target;
  const common = { region: 'us-east-1', credentials: { accessKeyId: 'any', secretAccessKey: 'thing' } };
  sqs = new SQSClient({ ...common, endpoint: endpoints?.sqs ?? '', useQueueUrlAsEndpoint: false });
  dynamodb = new DynamoDBClient({ ...common, endpoint: endpoints?.dynamodb ?? '' });
  // Cold starts are over: on a busy machine they take longer than a drain.
  await run({ steadySeconds: 1 }, []);
});
afterEach(() => setFaults([]));
afterAll(async () => {
  sqs?.destroy();
  dynamodb?.destroy();
  await local?.stop();
});

async function setFaults(faults: readonly object[]): Promise<void> {
  const url = `${local.target.endpoints?.cloudwatch}${faultsPath}`;
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'PUT', headers, body: JSON.stringify(faults) });
  expect(response.status, await response.text()).toBe(200);
}

const eventIdIn = (body: string): string => /e-[\w.~-]+/.exec(body)?.[0] ?? '';

/** Takes messages from the queue until it has this many, or is told that no more will come. */
async function steal(most: number, signal: AbortSignal): Promise<string[]> {
  const { queueUrl: QueueUrl } = local.target.resources;
  const stolen: string[] = [];
  while (stolen.length < most && !signal.aborted) {
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 1 }));
    for (const { ReceiptHandle, Body = '' } of Messages) {
      await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      stolen.push(eventIdIn(Body));
    }
  }
  return stolen;
}

/** Takes the rows of connections from the table until it has this many: the tabs are open, and the stack no longer knows them. */
async function deafen(most: number, prefix: string): Promise<void> {
  const { tableName: TableName } = local.target.resources;
  for (let taken = 0; taken < most; )
    for await (const { Items = [] } of paginateScan({ client: dynamodb }, { TableName, ConsistentRead: true }))
      for (const { pk, sk } of Items)
        if (pk?.S?.startsWith(prefix) && sk !== undefined) {
          await dynamodb.send(new DeleteItemCommand({ TableName, Key: { pk, sk } }));
          taken++;
        }
}

/** The stack, read by the outsider: its rows by a scan, its messages from the list. */
async function openStack(): Promise<OpenStack> {
  const { tableName, queueName, deadLetterQueueName } = local.target.resources;
  const messagesOf = async (name: string) => {
    const text = await (await fetch(`${local.target.endpoints?.sqs}${queueMessagesPath(name)}`)).text();
    const lines = text.split('\n').filter((line) => line !== '');
    return lines.map((line) => ({ eventId: eventIdIn(JSON.parse(line).body) }));
  };
  const [messages, deadLetters] = [await messagesOf(queueName), await messagesOf(deadLetterQueueName)];
  const table = new Map<string, { done: boolean; doneAtMs: number }>();
  for await (const page of paginateScan({ client: dynamodb }, { TableName: tableName, ConsistentRead: true }))
    for (const { pk, phase, doneAt } of page.Items ?? [])
      if (pk?.S?.startsWith('E#'))
        table.set(pk.S.slice(2), {
          done: phase?.S === 'done',
          doneAtMs: Number(doneAt?.N ?? 0) - performance.timeOrigin,
        });
  return { messages, deadLetters, table };
}

/** Waits until the stack has come to rest: two looks a second and a half apart see the same. */
async function restingStack(): Promise<OpenStack> {
  const textOf = ({ messages, deadLetters, table }: OpenStack) => JSON.stringify([messages, deadLetters, [...table]]);
  for (let before = ''; ; ) {
    const stack = await openStack();
    const now = textOf(stack);
    if (now === before) return stack;
    before = now;
    await sleep(1_500);
  }
}

interface Outcome extends Judged {
  observed: Map<string, EventOutcome>;
  stolen: string[];
  missedPublishes: Map<string, number>;
}

async function run(
  load: Partial<FleetLoad>,
  faults: readonly object[],
  { toSteal = 0, isPatient = false, toDeafen = 0, deaf = 'U#u' } = {},
): Promise<Outcome> {
  await setFaults(faults);
  const { target } = local;
  const observer = new Observer(systemPlatform, () => performance.now());
  const merge = new MeasurementMerge();
  const spec = fleetSpec(target, {
    ...{ connections: 20, tabsPerUser: 1, connectRatePerSecond: 100, steadySeconds: 3, drainSeconds: 12 },
    ...{ webhookRatePerSecond: 20, offlineShare: 0.1, timeoutSeconds: 20, pushTimeoutSeconds: 30, seed: 3 },
    ...load,
  });
  const ended = new AbortController();
  const stealing = steal(toSteal, ended.signal);
  const runTag = `ledger${runs++}`;
  const deafening = deafen(toDeafen, `${deaf}-${runTag}-`);
  const result = await runFleet(
    { ...spec, runTag, tokenSecret: target.tokenSecret, webhookSecret: target.webhookSecret },
    { onRecord: (record) => merge.add(record), signal: new AbortController().signal, platform: observer.platform },
  );
  expect(result).toEqual({ kind: 'completed' });
  if (!isPatient) ended.abort();
  await deafening;
  const stolen = await stealing;
  const stack = await restingStack();
  const measured = merge.finish(0);
  if (measured === undefined) throw new Error('Nothing was measured.');
  const events = await readTargetEvents(target, undeliveredIds(measured.client), new AbortController().signal);
  const { messages, deadLetters } = stack;
  const judged = judge(measured, { events, messages: messages.length, deadLetters: deadLetters.length, offline: 0 });
  const missedPublishes = observer.missedPublishes();
  return { ...judged, observed: observer.outcomes(stack), stolen, missedPublishes };
}

function expectAsObserved({ observed, settled }: Outcome): void {
  for (const [outcome, ids] of Object.entries(settled.ids)) {
    const seen = [...observed].flatMap(([id, each]) => (each === outcome ? [id] : []));
    expect([...ids].sort(), outcome).toEqual(seen.sort());
  }
  expect(Object.values(settled.counts).reduce((sum, each) => sum + each, 0)).toBe(observed.size);
}
/** Of the ledger: a busy machine may give the generator reasons of its own. */
const codesOf = ({ report }: Outcome) =>
  report.verdict.reasons.map(({ code }) => code).filter((code) => code.startsWith('events'));
const gone = {
  kind: 'error',
  service: 'connectionsApi',
  operation: 'PostToConnection',
  error: 'GoneException',
  status: 410,
};

test('five messages taken from the queue among duplicates: lost, whatever else is in flight', async () => {
  const outcome = await run({}, [{ kind: 'duplicateDelivery', share: 0.7 }], { toSteal: 5 });
  expectAsObserved(outcome);
  for (const id of outcome.settled.ids.lost) expect(outcome.stolen).toContain(id);
  expect(codesOf(outcome)).toEqual(outcome.settled.counts.lost > 0 ? ['eventsLost'] : []);
});

test('messages taken from a queue that nobody else reads: each is lost by id', async () => {
  const throttled = { kind: 'throttle', service: 'lambda', operation: '*deliver*' };
  const outcome = await run({ drainSeconds: 1 }, [throttled], { toSteal: 3, isPatient: true });
  expectAsObserved(outcome);
  expect([...outcome.settled.ids.lost].sort()).toEqual([...new Set(outcome.stolen)].sort());
  expect(outcome.settled.counts.inQueue).toBeGreaterThan(10);
  expect(codesOf(outcome)).toEqual(['eventsLost']);
});

test('tabs that the stack has forgotten, one a user: the owners are there, and the events are missed', async () => {
  const outcome = await run({}, [], { toDeafen: 20 });
  expectAsObserved(outcome);
  expect(outcome.settled.counts.missed).toBeGreaterThan(0);
  expect(outcome.settled.counts.lost).toBe(0);
  expect(codesOf(outcome)).toEqual(['eventsMissed']);
});

test('subscriptions that the stack has forgotten: confirmed publishes are missed, by id', async () => {
  const load = { channels: [{ count: 1, subscribers: 5 }], publishRatePerSecond: 10, webhookRatePerSecond: 0 };
  const outcome = await run(load, [], { toDeafen: 2, deaf: 'CH#c' });
  const { missedPublishes = [] } = outcome.observation.client;
  expect(new Map(missedPublishes.map(({ id, subscribers }) => [id, subscribers]))).toEqual(outcome.missedPublishes);
  expect(missedPublishes.length).toBeGreaterThan(0);
  expect(outcome.report.verdict.reasons.map(({ code }) => code)).toContain('publishesMissed');
});

test('410s for every push: events that the stack keeps in the queue are not lost', async () => {
  const outcome = await run({ drainSeconds: 2 }, [{ ...gone, share: 1 }]);
  expectAsObserved(outcome);
  expect(outcome.settled.counts.lost).toBe(0);
});

test('the table fails over in a burst of ten times the webhooks, and every connection is lost: nothing else is', async () => {
  const load = {
    ...{
      burstStartSeconds: 0.5,
      burstSeconds: 1,
      burstRatePerSecond: 200,
      reconnectAttempts: 30,
      reconnectBaseSeconds: 0.2,
    },
    ...{ reconnectCapSeconds: 1, webhookAttempts: 5, offlineShare: 0, drainSeconds: 6 },
  };
  const outcome = await run(load, [
    { kind: 'failover', service: 'dynamodb', startSeconds: 1, durationSeconds: 1 },
    { kind: 'disconnect', startSeconds: 2.2 },
  ]);
  expectAsObserved(outcome);
  expect(outcome.settled.counts).toMatchObject({ lost: 0, missed: 0, unknown: 0, deadLettered: 0 });
  expect(outcome.observed.size).toBeGreaterThan(200);
  expect(codesOf(outcome)).toEqual([]);
});

test.each<[string, Partial<FleetLoad>, object[]]>([
  ['410s at 5%', {}, [{ ...gone, share: 0.05 }]],
  [
    'replays, most of them delayed beyond the end',
    { replayShare: 0.6 },
    [{ kind: 'delayedDelivery', share: 0.6, delaySeconds: 900 }],
  ],
  [
    'throttled pushes and duplicates',
    { tabsPerUser: 2, duplicateShare: 0.3 },
    [
      { kind: 'throttle', service: 'connectionsApi', share: 0.2 },
      { kind: 'duplicateDelivery', share: 0.5 },
    ],
  ],
  [
    'functions that die',
    {},
    [{ kind: 'crash', service: 'lambda', operation: '*deliver*', when: 'during', share: 0.2 }],
  ],
  ['connections that come and go', { churnRatePerSecond: 4, reconnectAttempts: 5 }, [{ ...gone, share: 0.05 }]],
])('%s', async (_name, load, faults) => {
  const outcome = await run(load, faults);
  expectAsObserved(outcome);
  const { missed, lost } = outcome.settled.counts;
  expect(codesOf(outcome)).toEqual([...(lost > 0 ? ['eventsLost'] : []), ...(missed > 0 ? ['eventsMissed'] : [])]);
});

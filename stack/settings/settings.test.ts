import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { parseSettings, type StackSettingsInput } from './settings.ts';

/** The path and message of each issue of settings that must be refused. */
function issuesOf(input: unknown): string[] {
  try {
    parseSettings(input as StackSettingsInput);
  } catch (error) {
    if (error instanceof z.ZodError) return error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  }
  return [];
}

describe('parseSettings', () => {
  it('has a default for everything, and the defaults satisfy its own rules', () => {
    const settings = parseSettings();
    expect(settings.stackName).toBe('Loadline');
    expect(settings.ingest).toBe('lambda');
    expect(settings.queue).toEqual({
      visibilityTimeoutSeconds: 181,
      maxReceiveCount: 5,
      retentionSeconds: 345_600,
      batchSize: 10,
      batchWindowSeconds: 0,
      maximumConcurrency: null,
      provisionedPollers: null,
    });
    expect(settings.functions.deliver).toEqual({ memoryMb: 512, timeoutSeconds: 30, reservedConcurrency: null });
  });

  it('fills in defaults around the given settings', () => {
    const settings = parseSettings({ functions: { message: { memoryMb: 1_024 } }, queue: { batchSize: 5 } });
    expect(settings.functions.message).toEqual({ memoryMb: 1_024, timeoutSeconds: 15, reservedConcurrency: null });
    expect(settings.queue.batchSize).toBe(5);
    expect(settings.queue.maxReceiveCount).toBe(5);
  });

  it('gives the queue of a service the times of its tasks', () => {
    const { queue, server } = parseSettings({ compute: 'server', server: { deliverTimeoutSeconds: 20 } });
    expect(queue).toMatchObject({ visibilityTimeoutSeconds: 40, maxReceiveCount: 30 });
    expect(server.tasks).toEqual({ count: 2, least: null, most: 10 });
    expect(issuesOf({ compute: 'server', queue: { visibilityTimeoutSeconds: 12 } })).toEqual([
      "queue.visibilityTimeoutSeconds: must be at least 13: the server's deliverTimeoutSeconds (10 s) + 3 s",
    ]);
    expect(issuesOf({ compute: 'server', ingest: 'direct' })).toEqual([
      'ingest: is of functions: with compute server, its tasks take the webhooks. Leave it out',
    ]);
  });

  it('refuses tasks that Fargate does not have, and a number of tasks outside of its bounds', () => {
    expect(issuesOf({ server: { cpuUnits: 300 } })).toEqual([
      'server.cpuUnits: must be one of 256, 512, 1024, 2048, 4096 on Fargate',
    ]);
    expect(issuesOf({ server: { cpuUnits: 256, memoryMb: 4_096 } })).toEqual([
      'server.memoryMb: must be one of 512, 1024, 2048 with 256 CPU units on Fargate',
    ]);
    expect(issuesOf({ server: { capacity: 'ec2', cpuUnits: 300, memoryMb: 700 } })).toEqual([]);
    expect(issuesOf({ server: { tasks: { count: 20 } } })).toEqual([
      'server.tasks: need least (20) ≤ count (20) ≤ most (10)',
    ]);
    // 125% of four tasks are five, and of three three: none could be replaced.
    const slow = (count: number) => ({ tasks: { count }, deployment: { maximumPercent: 125 } });
    expect(issuesOf({ server: slow(3) })).toEqual([
      'server.deployment: cannot replace a task of 3: 125% of them, rounded down, must be more than 100%, rounded up. Raise maximumPercent or lower minimumHealthyPercent',
    ]);
    expect(issuesOf({ server: slow(4) })).toEqual([]);
  });

  it('requires a visibility timeout of 6 × the deliver timeout plus the window', () => {
    const queue = { batchWindowSeconds: 5, visibilityTimeoutSeconds: 124 };
    const functions = { deliver: { timeoutSeconds: 20 } };
    expect(issuesOf({ queue, functions })).toEqual([
      'queue.visibilityTimeoutSeconds: must be at least 125: 6 × the deliver timeout (20 s) + the batch window',
    ]);
    expect(issuesOf({ queue: { ...queue, visibilityTimeoutSeconds: 125 }, functions })).toEqual([]);
  });

  it('requires a window for batches over 10', () => {
    expect(issuesOf({ queue: { batchSize: 11 } })).toEqual([
      'queue.batchWindowSeconds: must be at least 1 when batchSize is over 10',
    ]);
    expect(issuesOf({ queue: { batchSize: 11, batchWindowSeconds: 1 } })).toEqual([]);
  });

  it('requires the poller to be bounded by the reserved concurrency of its function', () => {
    const functions = { deliver: { reservedConcurrency: 20 } };
    for (const maximumConcurrency of [null, 21]) {
      expect(issuesOf({ functions, queue: { maximumConcurrency } })).toEqual([
        expect.stringMatching(/^queue\.maximumConcurrency: must be set and at most .* \(20\)/),
      ]);
    }
    expect(issuesOf({ functions, queue: { maximumConcurrency: 20 } })).toEqual([]);
  });

  it('takes provisioned pollers in place of a maximum concurrency, within what is reserved', () => {
    const provisionedPollers = { minimum: 2, maximum: 20 };
    expect(issuesOf({ queue: { provisionedPollers } })).toEqual([]);
    expect(issuesOf({ queue: { provisionedPollers, maximumConcurrency: 9 } })).toEqual([
      expect.stringMatching(/^queue\.maximumConcurrency: must be null beside provisionedPollers/),
    ]);
    expect(issuesOf({ queue: { provisionedPollers: { minimum: 21, maximum: 20 } } })).toEqual([
      'queue.provisionedPollers.minimum: must be at most the maximum (20)',
    ]);
    expect(issuesOf({ queue: { provisionedPollers }, functions: { deliver: { reservedConcurrency: 199 } } })).toEqual([
      expect.stringMatching(/^queue\.provisionedPollers: invoke up to 200 executions/),
    ]);
    expect(
      parseSettings({ accountConcurrency: 1_000, queue: { provisionedPollers } }).queue.maximumConcurrency,
    ).toBeNull();
  });

  describe('with the account’s concurrency stated, keeps some of it from webhooks', () => {
    const sharesOf = (input: StackSettingsInput) => {
      const { functions, queue } = parseSettings(input);
      return [functions.ingest.reservedConcurrency, queue.maximumConcurrency];
    };

    it('not without it: a new account may have 10', () => {
      expect(sharesOf({})).toEqual([null, null]);
    });

    it.each([
      // 40% of the 900 that may be reserved; 20% of the account.
      [1_000, 360, 200],
      [10_000, 3_960, 1_000],
      // 40% of 12 would be less than 5.
      [112, null, 22],
      [50, 16, 10],
      // Nothing may be reserved, and 2 is AWS's smallest maximum.
      [10, null, 2],
      [1, null, 2],
    ])('of %i: %s for ingest, and at most %i for deliver', (accountConcurrency, ingest, deliver) => {
      expect(sharesOf({ accountConcurrency })).toEqual([ingest, deliver]);
    });

    it('what is set stays, and counts', () => {
      const ingest = { functions: { ingest: { reservedConcurrency: 7 } }, queue: { maximumConcurrency: 9 } };
      expect(sharesOf({ accountConcurrency: 1_000, ...ingest })).toEqual([7, 9]);
      // 900 − 700 are left.
      const message = { functions: { message: { reservedConcurrency: 700 } } };
      expect(sharesOf({ accountConcurrency: 1_000, ...message })).toEqual([200, 200]);
      // The queue never exceeds its function's reservation.
      const deliver = { functions: { deliver: { reservedConcurrency: 50 } } };
      expect(sharesOf({ accountConcurrency: 1_000, ...deliver })).toEqual([360, 50]);
      expect(sharesOf({ accountConcurrency: 1_000, ingest: 'direct' })).toEqual([null, 200]);
    });

    it('refuses reservations that Lambda would refuse', () => {
      const connect = (reservedConcurrency: number) => ({ functions: { connect: { reservedConcurrency } } });
      expect(issuesOf({ accountConcurrency: 1_000, ...connect(900) })).toEqual([]);
      expect(issuesOf({ accountConcurrency: 1_000, ...connect(901) })).toEqual([
        "functions: reserve 901 of the account's 1000 concurrent executions: Lambda keeps at least 100 unreserved. Lower a reservedConcurrency",
      ]);
      expect(issuesOf({ accountConcurrency: 10, ...connect(1) })).toHaveLength(1);
      expect(issuesOf(connect(5_000))).toEqual([]);
    });
  });

  it('requires a replay to be known or too old', () => {
    expect(issuesOf({ replayWindowSeconds: 86_401 })).toEqual([
      'replayWindowSeconds: must be at most eventTtlSeconds (86400): otherwise an event is forgotten while it can still be replayed',
    ]);
    expect(issuesOf({ replayWindowSeconds: 86_400 })).toEqual([]);
  });

  it('requires an event to be remembered for longer than its message may be hidden', () => {
    const queue = { visibilityTimeoutSeconds: 1_200 };
    expect(issuesOf({ queue, eventTtlSeconds: 1_200 })).toHaveLength(1);
    expect(issuesOf({ queue, eventTtlSeconds: 1_201 })).toEqual([]);
  });

  it.each([
    ['an unknown key', { regoin: 'eu-west-1' }],
    ['an unknown nested key', { queue: { batchsize: 5 } }],
    ['a number as text', { queue: { batchSize: '5' } }],
    ['a name that CloudFormation does not accept', { stackName: '1st' }],
    ['an invalid region', { region: 'Frankfurt' }],
    ['fewer than 5 receives', { queue: { maxReceiveCount: 4 } }],
    ['a function timeout beyond API Gateway’s', { functions: { message: { timeoutSeconds: 30 } } }],
    ['a connection TTL under the 2 h limit of a connection', { connectionTtlSeconds: 7_199 }],
    ['a webhook larger than a queue message', { maxWebhookBytes: 1_048_577 }],
    ['a retention that CloudWatch Logs does not offer', { logRetentionDays: 15 }],
    ['a topic that is not one', { alarms: { topicArn: 'arn:aws:sqs:us-east-1:123456789012:alarms' } }],
    ['a mail address that is not one', { alarms: { emails: ['ops'] } }],
    ['an unknown account role', { accessLogs: { accountRole: 'auto' } }],
    ['a token life of a month', { token: { maxLifetimeSeconds: 2_592_000 } }],
    ['a throttle of 0', { webhookThrottle: { ratePerSecond: 0 } }],
    ['not an object', 'text'],
  ])('refuses %s', (_name, input) => {
    expect(issuesOf(input)).toHaveLength(1);
  });
});

import { describe, expect, it } from 'vitest';
import { type Workload, workloadSchema } from '../../record/workload.ts';
import { UsageError } from '../errors.ts';
import { checkDistributedLoad, connectionsOfWorker, type DistributedLoad } from './runners.ts';

const workload = workloadSchema.parse({
  connections: 30_000,
  connectRatePerSecond: 500,
  steadySeconds: 60,
  drainSeconds: 10,
  messageRatePerSecond: 100,
  messageBytes: 100,
  webhookRatePerSecond: 10,
  webhookBytes: 100,
});
const asked = (some: Partial<DistributedLoad> = {}, load: Partial<Workload> = {}): DistributedLoad => ({
  runner: 'fargate',
  workers: 2,
  workload: { ...workload, ...load },
  lastsSeconds: 200,
  urls: ['wss://abc.execute-api.eu-west-1.amazonaws.com/prod', 'https://hooks.example'],
  ...some,
});
const problemOf = (load: DistributedLoad): string => {
  try {
    checkDistributedLoad(load);
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  return 'ok';
};

describe('checkDistributedLoad', () => {
  it('accepts what workers can carry', () => {
    expect(problemOf(asked())).toBe('ok');
    expect(connectionsOfWorker('fargate')).toBe(19_000);
    expect(connectionsOfWorker('lambda')).toBe(768);
    expect(problemOf(asked({ runner: 'lambda' }, { connections: 1_536 }))).toBe('ok');
  });

  it('refuses a target on this machine', () => {
    for (const url of ['ws://127.0.0.1:3001/prod', 'ws://localhost:1', 'http://[::1]:80/x'])
      expect(problemOf(asked({ urls: ['wss://a.example', url] }))).toBe(
        `--on fargate: workers on AWS cannot reach ${url}, which is on this machine: give --target aws.`,
      );
  });

  it('refuses connections that do not divide', () => {
    expect(problemOf(asked({ workers: 7 }))).toBe(
      '--on fargate: 30000 connections cannot be divided equally among 7 workers: give --connections 29995 or 30002.',
    );
  });

  it('refuses more connections per worker than its ports and descriptors', () => {
    expect(problemOf(asked({}, { connections: 38_002 }))).toBe(
      '--on fargate: 19001 connections per worker are more than the 19000 that one can hold: give --count 3 or more.',
    );
    expect(problemOf(asked({ runner: 'lambda' }, { connections: 1_538 }))).toBe(
      '--on lambda: 769 connections per worker are more than the 768 that one can hold: give --count 3 or more.',
    );
  });

  it('refuses a steady state without a whole window', () => {
    expect(problemOf(asked({}, { steadySeconds: 29 }))).toMatch('29 s of steady state is too short');
  });

  it('refuses a load that outlives a Lambda function, and not one on Fargate', () => {
    const some = { lastsSeconds: 660.2 };
    expect(problemOf(asked({ ...some, runner: 'lambda' }, { connections: 100 }))).toBe(
      '--on lambda: the load can take 661 s and a worker needs up to 240 s to start, but it lives for only 900 s: use --on fargate, or a shorter load.',
    );
    expect(problemOf(asked({ lastsSeconds: 660, runner: 'lambda' }, { connections: 100 }))).toBe('ok');
    expect(problemOf(asked(some))).toBe('ok');
  });
});

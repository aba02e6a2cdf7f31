import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { workloadSchema } from '../../record/workload.ts';
import { packageRoot } from '../package-root.ts';
import type { TargetChoice } from '../target/running-target.ts';
import { type DistributionOptions, prepareDistribution } from './distribution.ts';

const workload = workloadSchema.parse({
  connections: 1_000,
  connectRatePerSecond: 100,
  steadySeconds: 60,
  drainSeconds: 10,
  messageRatePerSecond: 100,
  messageBytes: 100,
  webhookRatePerSecond: 10,
  webhookBytes: 100,
});
const endpoint = (some: { headers?: Record<string, string>; webSocketUrl?: string } = {}): TargetChoice => ({
  kind: 'endpoint',
  description: {
    kind: 'endpoint',
    inside: null,
    webSocketUrl: some.webSocketUrl ?? 'wss://socket.example/prod',
    webhookUrl: null,
    tokenSecret: 'a secret',
    webhookSecret: null,
    step: { headers: some.headers ?? {} },
    shown: { webSocketUrl: some.webSocketUrl ?? 'wss://socket.example/prod', webhookUrl: null },
    secrets: [],
    secretOptions: some.headers ? ['--header'] : [],
  },
});
const prepare = (options: DistributionOptions, target = endpoint(), scenario = 'sync.yml') =>
  prepareDistribution(options, {
    scenarioFile: join(packageRoot, 'scenarios', scenario),
    target,
    workload,
    region: 'eu-west-1',
  });

describe('prepareDistribution', () => {
  it('is null without --on', () => {
    expect(prepare({})).toBeNull();
    expect(() => prepare({ count: 2 })).toThrow('--count is for workers on AWS: give --on fargate or --on lambda.');
    expect(() => prepare({ runnerOption: ['cpu=4'] })).toThrow('--runner-option is for workers on AWS');
  });

  it('accepts two platforms, and requires a number of workers', () => {
    expect(() => prepare({ on: 'azure', count: 2 })).toThrow('--on azure: expected fargate or lambda.');
    expect(() => prepare({ on: 'fargate' })).toThrow(
      '--on fargate: give --count, the number of workers that share the load.',
    );
  });

  it('refuses a target on this machine, started here or not', () => {
    const local = { kind: 'local' } as TargetChoice;
    expect(() => prepare({ on: 'lambda', count: 2 }, local)).toThrow(
      '--on lambda: workers on AWS cannot reach a target on this machine: give --target aws, or --url.',
    );
    expect(() => prepare({ on: 'lambda', count: 2 }, endpoint({ webSocketUrl: 'ws://127.0.0.1:1/x' }))).toThrow(
      'workers on AWS cannot reach ws://127.0.0.1:1/x',
    );
  });

  it('refuses an option that the runner does not have, and headers that could be read', () => {
    expect(() => prepare({ on: 'fargate', count: 2, runnerOption: ['output=x'] })).toThrow('--runner-option output:');
    const withHeader = endpoint({ headers: { Authorization: 'Bearer x' } });
    expect(() => prepare({ on: 'fargate', count: 2 }, withHeader)).toThrow('a --header may be a secret');
    expect(prepare({ on: 'lambda', count: 2 }, withHeader)).not.toBeNull();
  });

  it('accepts options of the runner', () => {
    const distribution = prepare({ on: 'fargate', count: 4, runnerOption: ['cpu=8'] });
    if (!distribution) throw new Error('none');
    expect(distribution).toMatchObject({
      runner: 'fargate',
      workers: 4,
      region: 'eu-west-1',
      runnerOptions: ['cpu=8'],
    });
  });
});

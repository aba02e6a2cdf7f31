/** `loadline storm` as a user meets it. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseHTML } from 'linkedom';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commandLine } from '../command-line.fixture.ts';
import { writeRunFolder } from '../run-folder.fixture.ts';

/** Without a last run. */
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'loadline-storm-command-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const storm = (...args: string[]) => commandLine(['storm', ...args], { folder });

describe('loadline storm', () => {
  test('--json: simulated, its notes, and for each policy the specification and the result second by second', async () => {
    const { code, stdout } = await storm('--clients', '2000', '--jitter', 'full,none', '--json', '--seed', '7');
    expect(code).toBe(0);
    const answer = JSON.parse(stdout);
    expect(Object.keys(answer)).toEqual(['kind', 'notes', 'cases']);
    expect(answer.kind).toBe('simulated');
    expect(answer.cases).toHaveLength(2);
    for (const { spec, result } of answer.cases) {
      expect(spec.seed).toBe(7);
      expect(result.clients.reconnected).toBe(2_000);
      // (2,000 − 500) / 500 new connections/s
      expect(result.clients.floorSeconds).toBe(3);
      expect(result.clients.recoveredAtSeconds.all).toBeGreaterThanOrEqual(3);
      expect(Object.keys(result.seconds[0])).toEqual([
        'second',
        'connected',
        'attempts',
        'refusals',
        'queued',
        'pollers',
        'pushed',
        'concurrency',
      ]);
      const attempts = result.seconds.map((each: { attempts: number }) => each.attempts);
      expect(attempts.reduce((a: number, b: number) => a + b)).toBe(result.clients.attempts);
    }
  });

  test('--report: the same as a page, Markdown and JSON, with who is still away under each policy', async () => {
    const args = ['--clients', '2000', '--jitter', 'full,none', '--report', 'pages'];
    const { code, stdout } = await storm(...args, '--json');
    expect(code).toBe(0);
    const read = (name: string) => readFileSync(join(folder, 'pages', name), 'utf8');
    expect(JSON.parse(read('storm.json'))).toEqual(JSON.parse(stdout));
    const { document } = parseHTML(read('storm.html'));
    expect(document.querySelectorAll('.tile')).toHaveLength(5);
    const away = document.querySelector('#chart-away');
    expect([...(away?.querySelectorAll('.legend .line') ?? [])].map((line) => line.textContent)).toEqual([
      'full jitter',
      'no jitter',
    ]);
    expect(away?.querySelectorAll('tbody tr').length).toBeGreaterThan(3);
    expect(read('storm.md')).toMatch(
      /^\*\*SIMULATED: all 2,000 clients are back after .* with full jitter, after .* with no jitter\./,
    );
    expect(await storm(...args.slice(0, -1), '/proc/nowhere')).toMatchObject({ code: 2, stdout: '' });
  });

  test('the same seed gives the same storm, to the byte', async () => {
    const args = ['--clients', '500', '--webhooks', '500', '--jitter', 'full', '--json'];
    const first = await storm(...args);
    const again = await storm(...args);
    const other = await storm(...args, '--seed', '2');
    expect(first.stdout).toBe(again.stdout);
    expect(first.stdout).not.toBe(other.stdout);
  });

  const queueOf = ['--clients', '0', '--webhooks', '122', '--webhooks-over', '0', '--batch-size', '1'];

  test('retry amplification: 122 messages become 6,832 invocations without one success', async () => {
    const args = [...queueOf, '--downstream', '0', '--visibility-timeout', '30', '--max-receive-count', '56'];
    const { code, stdout } = await storm(...args);
    expect(code).toBe(0);
    expect(stdout).toContain(
      '122 messages became 6,832 receives (56 each) and 6,832 invocations, without one success.',
    );
    expect(stdout).toContain('122 messages went to the dead-letter queue after 56 receives.');
    const { cases } = JSON.parse((await storm(...args, '--json')).stdout);
    expect(cases).toHaveLength(1);
    expect(cases[0].result.functions.deliver.invocations).toBe(6_832);
    expect(cases[0].spec).toMatchObject({
      downstream: { ratePerSecond: 0, burst: 0, refusedCallsCount: false },
      queue: { visibilityTimeoutMs: 30_000, maxReceiveCount: 56, partialBatches: true, maximumConcurrency: null },
    });
  });

  test('dead-lettering without a run: a deliver function without executions', async () => {
    const { stdout } = await storm(
      ...queueOf,
      '--consumer-concurrency',
      '0',
      '--max-receive-count',
      '1',
      '--visibility-timeout',
      '10',
    );
    expect(stdout).toContain('122 webhooks: 0 delivered, 0 lost, 122 dead-lettered, 0 pending');
    expect(stdout).toContain('122 of them without a single run');
  });

  test('durations are those of the newest valid run, and newer ones that are not used are named; of a named one its verdict is said', async () => {
    const runs = join(folder, 'runs');
    try {
      writeRunFolder(runs, '20261101T000000Z-0001', 'ok');
      writeRunFolder(runs, '20261102T000000Z-0002', 'invalid');
      const notes = async (...args: string[]) =>
        (JSON.parse((await storm('--clients', '10', '--json', ...args)).stdout) as { notes: string[] }).notes.join(' ');
      expect(await notes()).toMatch(/run 20261101T000000Z-0001.*not used: 20261102T000000Z-0002 is invalid\./);
      expect(await notes('--run', 'runs/20261102T000000Z-0002')).toContain('That run is invalid');
      expect(await notes('--run', 'none')).toContain('Durations are assumed');
    } finally {
      rmSync(runs, { recursive: true, force: true });
    }
  });

  test('fan-out: one event to 100,000 tabs within 5 s is twice the account’s throttle', async () => {
    const { code, stdout } = await storm('--clients', '0', '--fan-out', '100000', '--push-time', '1');
    expect(code).toBe(0);
    expect(stdout).toContain('One event to 100,000 tabs within 5 s');
    expect(stdout).toContain('20,000 @connections calls a second, 200% of the account’s throttle');
    expect(stdout).toContain('45,010 tabs (45%) had it too late, or never.');
  });

  test.each([
    [[], 'retried twice, at a random time 200 to 400 s and 10 to 20 min after its first attempt'],
    [['--provider', 'none'], 'the provider does not retry'],
    [['--provider-retries', '60,300-600'], 'a refused webhook is retried 60, 300-600 s after its first attempt'],
  ])('the provider %j: the notes say when it retries', async (options, sentence) => {
    const { stdout } = await storm(...queueOf, ...options);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(sentence);
  });

  test.each([
    [['--clients', '0'], 'There is nothing to simulate: give --clients, --webhooks or --fan-out.'],
    [['--clients', '5000001'], '--clients 5000001 is more than 5000000'],
    [['--clients', '10', '--base', '10', '--cap', '1'], '--cap 1 is below --base 10'],
    [['--fan-out', '2e9'], '--fan-out 2000000000 is more than 1000000000'],
    [['--clients', '10', '--horizon', '3e6'], '--horizon 3000000 is more than 2000000 s'],
    [['--clients', '10', '--downstream', '5'], '--downstream needs --webhooks: without webhooks it changes nothing.'],
    [
      ['--webhooks', '10', '--downstream-strict'],
      '--downstream-strict needs --downstream, the limit that it belongs to.',
    ],
    [['--webhooks', '9', '--provider', 'svix', '--provider-retries', '5'], 'give one of them'],
    [
      ['--webhooks', '9', '--provider-retries', '9-5'],
      'Expected times such as 200-400,600-1200, in seconds, got "9-5".',
    ],
    [['--webhooks', '9', '--provider', 'acme'], 'Allowed choices are nylas, svix, none.'],
    [['--webhooks', '9', '--max-receive-count', '0'], 'Expected a whole number above 0, or none, got "0".'],
    [['--clients', '10', '--deadline', '5'], '--deadline needs --fan-out: without tabs it changes nothing.'],
    [
      ['--clients', '10', '--no-partial-batches'],
      '--no-partial-batches needs --webhooks: without webhooks it changes nothing.',
    ],
    [['--clients', '10', '--quota', 'L-0=1'], '--quota L-0: no quota has that code or id.'],
  ])('%j: exit code 2 and a sentence', async (args, sentence) => {
    const { code, stdout, stderr } = await storm(...args);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(sentence);
  });
});

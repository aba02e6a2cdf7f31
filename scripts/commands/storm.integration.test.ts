/** `loadline storm` as a user meets it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commandLine } from '../command-line.fixture.ts';

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
        'concurrency',
      ]);
      const attempts = result.seconds.map((each: { attempts: number }) => each.attempts);
      expect(attempts.reduce((a: number, b: number) => a + b)).toBe(result.clients.attempts);
    }
  });

  test('the same seed gives the same storm, to the byte', async () => {
    const args = ['--clients', '500', '--webhooks', '500', '--jitter', 'full', '--json'];
    const first = await storm(...args);
    const again = await storm(...args);
    const other = await storm(...args, '--seed', '2');
    expect(first.stdout).toBe(again.stdout);
    expect(first.stdout).not.toBe(other.stdout);
  });

  test.each([
    [['--clients', '0'], 'There is nothing to simulate: give --clients or --webhooks.'],
    [['--clients', '5000001'], '--clients 5000001 is more than 5000000'],
    [['--clients', '10', '--base', '10', '--cap', '1'], '--cap 1 is below --base 10'],
    [['--clients', '10', '--quota', 'L-0=1'], '--quota L-0: no quota has that code or id.'],
  ])('%j: exit code 2 and a sentence', async (args, sentence) => {
    const { code, stdout, stderr } = await storm(...args);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(sentence);
  });
});

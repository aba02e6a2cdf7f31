import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseScenario } from './scenario.ts';

const text = readFileSync(new URL('../sync.yml', import.meta.url), 'utf8');
const lineOf = (part: string): number => text.slice(0, text.indexOf(part)).split('\n').length;

function problemsOf(from: string | RegExp, to: string): string[] {
  expect(text).toMatch(from);
  const parsed = parseScenario(text.replace(from, to), 'my.yml');
  return parsed.kind === 'invalid' ? parsed.problems : [];
}

test('the scenario of the catalogue is valid', () => {
  expect(parseScenario(text, 'sync.yml')).toMatchObject({ kind: 'ok', scenario: { fleets: [{ seed: '{{ seed }}' }] } });
});

describe('a problem says file, line, column and sentence', () => {
  test('an unknown key in a fleet step, with the key that was meant', () => {
    expect(problemsOf('messageRatePerSecond: "{{', 'messageRatePerSec: "{{')).toEqual([
      `my.yml:${lineOf('messageRatePerSecond: "')}:11: unknown key "messageRatePerSec". Did you mean "messageRatePerSecond"?`,
    ]);
  });
  test('a variable of the wrong type, where it is declared', () => {
    expect(problemsOf('connections: 1000', 'connections: many')).toEqual([
      `my.yml:${lineOf('connections: 1000')}:18: connections: expected a whole number of at least 0, found "many".`,
    ]);
  });
  test('a value of the wrong type, where it stands', () => {
    expect(problemsOf('steadySeconds: "{{ steadySeconds }}"', 'steadySeconds: [true]')).toEqual([
      `my.yml:${lineOf('steadySeconds: "')}:26: steadySeconds: expected a number above 0 and at most 604800, found true.`,
    ]);
  });
  test('a variable that is not set', () => {
    expect(problemsOf('{{ seed }}', '{{ sed }}')).toEqual([
      `my.yml:${lineOf('seed: "')}:17: the variable "sed" is not set: add it to config.variables.`,
    ]);
  });
  test('a list, a choice and a number within a list, by the engine’s own rules', () => {
    expect(problemsOf('seed: "{{ seed }}"', 'channels: [{ count: 2, subscriber: 5 }]')).toEqual([
      expect.stringContaining(
        `my.yml:${lineOf('seed: "')}:22: scenarios.0.flow.0.fleet.channels.0.subscribers is missing`,
      ),
      expect.stringContaining('unknown key "subscriber". Did you mean "subscribers"?'),
    ]);
    expect(problemsOf('seed: "{{ seed }}"', 'reconnectJitter: half')).toEqual([
      expect.stringMatching(/^my\.yml:\d+:28: .*reconnectJitter: .*"none"\|"full"\|"equal".*found "half"/),
    ]);
    expect(problemsOf('seed: "{{ seed }}"', 'webhookSizes: [{ bytes: 0, weight: 1 }]')).toEqual([
      expect.stringContaining('bytes: expected a number above 0, found 0.'),
    ]);
  });
  test('a step other than fleet', () => {
    expect(problemsOf('- fleet:', '- connect:')).toEqual([
      `my.yml:${lineOf('- fleet:')}:9: unknown key "connect". Known keys here: fleet.`,
    ]);
  });
  test('a script that does not load the engine', () => {
    expect(problemsOf('loadline: {}', 'other: {}')).toEqual([
      expect.stringMatching(/^my\.yml:\d+:\d+: config\.engines\.loadline is missing/),
    ]);
  });
  test('what Artillery is installed without', () => {
    const plugins =
      'engines:\n    loadline: {}\n  plugins:\n    publish-metrics: [{ type: statsd }, { type: datadog }]';
    expect(problemsOf('engines:\n    loadline: {}', plugins)).toEqual([
      expect.stringMatching(/^my\.yml:\d+:\d+: Loadline installs Artillery without its client of Datadog: /),
    ]);
    expect(problemsOf('scenarios:', 'scenarios:\n  - { engine: playwright, flow: [] }')).toEqual([
      expect.stringMatching(
        /^my\.yml:\d+:\d+: Loadline installs Artillery without its browser: leave out "engine: playwright"/,
      ),
    ]);
  });
  test('a script without a scenario for the engine', () => {
    expect(problemsOf('engine: loadline', 'engine: ws')).toEqual([expect.stringContaining('nothing to run')]);
  });
});

test('variables that loadline sets need no declaration', () => {
  const scenario =
    'config:\n  engines:\n    loadline: {}\nscenarios:\n  - engine: loadline\n    flow:\n      - fleet:\n          connections: "{{ connections }}"\n';
  expect(parseScenario(scenario, 'my.yml').kind).toBe('ok');
});

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { packageRoot } from '../package-root.ts';
import { workerScenario } from './worker-scenario.ts';

const scenarios = join(packageRoot, 'scenarios');
const sync = readFileSync(join(scenarios, 'sync.yml'), 'utf8');
const script = (fleet: string, config = '', phases = '[{ duration: 1, arrivalCount: 1 }]') => `
config:
  engines: { loadline: { other: 1 } }
  phases: ${phases}
  ${config}
scenarios:
  - engine: loadline
    flow:
      - fleet: ${fleet}
      - fleet: { connections: 4 }
`;
const problemOf = (text: string) => {
  try {
    workerScenario(text, 2, 'engine');
    return 'ok';
  } catch (error) {
    return (error as Error).message;
  }
};

describe('workerScenario', () => {
  it('gives the engine the number of workers that share the load, and names what its templates read from the environment', () => {
    const { text, steps, environment } = workerScenario(sync, 3, 'engine');
    const before = parse(sync);
    expect(parse(text)).toEqual({
      ...before,
      config: { ...before.config, engines: { loadline: { workers: 3 } }, includeFiles: ['./engine'] },
    });
    expect(steps).toBe(1);
    expect(environment).toEqual(['LOADLINE_TOKEN_SECRET', 'LOADLINE_WEBHOOK_SECRET']);
  });

  it.each(readdirSync(scenarios).filter((name) => name.endsWith('.yml') && name !== 'plan.yml'))(
    '%s of the catalogue can be shared by workers',
    (name) => {
      expect(problemOf(readFileSync(join(scenarios, name), 'utf8'))).toBe('ok');
    },
  );

  it('includes feeds and hooks', () => {
    const made = workerScenario(script('{ connections: 2, feed: feeds/users.csv, hooks: ../own.ts }'), 2, 'engine');
    expect(made.feeds).toEqual(new Map([['feeds/users.csv', 'feed-0-users.csv']]));
    expect(made.hooks).toEqual(new Map([['../own.ts', 'hooks-0-own.mjs']]));
    expect(made.steps).toBe(2);
    const { config, scenarios } = parse(made.text);
    expect(config.includeFiles).toEqual(['./engine', './feed-0-users.csv', './hooks-0-own.mjs']);
    expect(config.engines).toEqual({ loadline: { other: 1, workers: 2 } });
    expect(scenarios[0].flow[0].fleet).toEqual({ connections: 2, feed: 'feed-0-users.csv', hooks: 'hooks-0-own.mjs' });
  });

  it('refuses a load that Artillery would multiply', () => {
    const sentence =
      '--on: every worker runs the whole script, so its load must be in fleets: give one scenario and one phase with arrivalCount: 1.';
    expect(problemOf(script('{}', '', '[{ duration: 9, arrivalRate: 5 }]'))).toBe(sentence);
    expect(problemOf(script('{}', '', '[{ duration: 1, arrivalCount: 2 }]'))).toBe(sentence);
    expect(problemOf(`${script('{}')}  - engine: loadline\n    flow: []\n`)).toBe(sentence);
    expect(problemOf(script('{}'))).toBe('ok');
  });

  it('refuses files that are not sent to workers', () => {
    expect(problemOf(script('{}', 'payload: { path: users.csv }'))).toBe(
      '--on: config.payload is not sent to workers; use feed and hooks of a fleet step instead.',
    );
    expect(problemOf(script('{ feed: "{{ name }}.csv" }'))).toBe(
      '--on: fleet.feed must be a path, not a template, to be sent to workers.',
    );
  });
});

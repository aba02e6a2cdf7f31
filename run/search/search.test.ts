import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { flatObjectives } from '../../capacity/demand/route-objectives.ts';
import { examplePlan } from '../../capacity/example-stack.fixture.ts';
import { quietEvidence as quiet } from '../../capacity/search/trial-evidence.fixture.ts';
import { exampleRun } from '../../reports/example-run.fixture.ts';
import { parseSettings } from '../../stack/settings/settings.ts';
import { type Kept, runSearch, type SearchRequest } from './search.ts';
import { newSearch, readSearch, type SearchRecord, writeSearch } from './search-folder.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'loadline-search-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A target that carries 500 messages/s, and refuses by its route throttle beyond. */
function carries500(load: number): { passed: boolean } & Kept {
  const passed = load <= 500;
  const refusals = passed ? [] : [{ quota: 'webSocketApiThrottle', scope: 'ping', refusals: load - 500 }];
  // Its bucket lends a hundredth.
  const sustained: Kept['sustained'] =
    load <= 495
      ? { kind: 'same' }
      : { kind: 'less', load: 495, quota: 'webSocketApiThrottle', demandPerSecond: load, ratePerSecond: 495 };
  return {
    ...{ passed, folder: `trials/${load}`, sentence: passed ? 'ok' : 'too many' },
    ...{ evidence: { ...quiet, refusals }, sustained: passed ? sustained : null },
  };
}

function searchOf(change: Partial<SearchRequest> = {}): { request: SearchRequest; loads: number[]; said: string[] } {
  const plan = examplePlan;
  const { workload } = exampleRun();
  const loads: number[] = [];
  const said: string[] = [];
  const search: SearchRecord = {
    ...newSearch,
    searchId: 'a',
    loadlineVersion: '0.1.0',
    target: { kind: 'local', region: 'us-east-1' },
    scenario: 'sync.yml',
    options: { plan: 'plan.yml', vary: 'messages' },
    variable: 'messages',
    settings: { start: 100, max: 6_400, width: 0.05 },
    workload,
    fixedConnectRate: false,
    slo: flatObjectives(plan.slo),
    startedAt: '2026-11-21T18:00:00.000Z',
    bottleneck: null,
    trials: [],
  };
  const request: SearchRequest = {
    folder,
    search,
    request: {
      scenarioFile: 'sync.yml',
      plan,
      settings: parseSettings(),
      workload,
      target: { kind: 'local' } as never,
    },
    planFile: 'plan.yml',
    fleets: 1,
    signal: new AbortController().signal,
    say: (line) => said.push(line),
    benchmark: async (_, load) => {
      loads.push(load);
      return carries500(load);
    },
    ...change,
  };
  return { request, loads, said };
}

describe('a search', () => {
  test('finds the bracket, names the quota beyond it, and keeps every trial with its evidence', async () => {
    const { request, loads, said } = searchOf();
    const found = await runSearch(request);
    expect(found).toMatchObject({
      kind: 'found',
      bottleneck: { kind: 'quota', quota: 'webSocketApiThrottle', scope: 'ping' },
    });
    expect(found.lower).toBeLessThanOrEqual(500);
    expect(found.upper).toBeGreaterThan(500);
    expect((found.upper ?? 0) / found.lower).toBeLessThanOrEqual(1.05 + 1e-9);
    const kept = await readSearch(folder);
    expect(kept).toMatchObject({ outcome: 'found', lower: found.lower, upper: found.upper });
    expect(kept.sustained).toEqual(carries500(found.lower).sustained);
    expect(kept.trials.map(({ load }) => load)).toEqual(loads);
    expect(kept.trials.every(({ evidence }) => evidence.machineWaitShare === null)).toBe(true);
    // One line per trial, the ramp first, with the current bracket.
    expect(said).toHaveLength(loads.length);
    expect(said[0]).toBe('ramp         100 messages/s: carried  [100, ?)');
  });

  test('stopped after any trial it loses none: it resumes where it was, with the same result', async () => {
    const whole = searchOf();
    const undisturbed = await runSearch(whole.request);
    for (const after of [0, 1, 4, whole.loads.length - 1]) {
      const stopped = new AbortController();
      let made = 0;
      const first = searchOf({
        signal: stopped.signal,
        benchmark: async (_, load) => {
          made += 1;
          if (made > after) {
            stopped.abort('SIGINT');
            throw new Error('stopped');
          }
          return carries500(load);
        },
      });
      const interrupted = await runSearch(first.request);
      expect(interrupted.kind).toBe('interrupted');
      const kept = await readSearch(folder);
      expect(kept.outcome).toBe('interrupted');
      expect(kept.trials).toHaveLength(after);
      const second = searchOf();
      const resumed = await runSearch({ ...second.request, search: kept });
      expect(second.loads).toEqual(whole.loads.slice(after));
      expect(resumed).toMatchObject({ kind: 'found', lower: undisturbed.lower, upper: undisturbed.upper });
      expect((await readSearch(folder)).trials).toHaveLength(whole.loads.length);
    }
  });

  test('while it runs it has no outcome yet, even when resumed after an interruption', async () => {
    const { request } = searchOf();
    const outcomes: unknown[] = [];
    const benchmark: SearchRequest['benchmark'] = async (_, load) => {
      // Written before the first trial, and not the interruption that is over.
      await expect
        .poll(() => readFileSync(join(folder, 'search.json'), 'utf8'), { timeout: 20_000 })
        .toContain('"outcome": null');
      outcomes.push(load);
      return carries500(load);
    };
    await runSearch({ ...request, search: { ...request.search, outcome: 'interrupted' }, benchmark });
    expect(outcomes.length).toBeGreaterThan(3);
  });

  test('does not begin another trial once it is interrupted', async () => {
    const { request, loads } = searchOf({ signal: AbortSignal.abort('SIGINT') });
    expect(await runSearch(request)).toMatchObject({ kind: 'interrupted', trials: [] });
    expect(loads).toEqual([]);
  });

  test('a generator that could not keep up gets a second try, and is inconclusive about the target', async () => {
    const limited = 'Sends were 80 ms late.';
    const { request, said } = searchOf({
      benchmark: async (_, load) => ({
        ...carries500(0),
        passed: load <= 200,
        evidence: { ...quiet, generatorLimited: load <= 200 ? null : limited },
      }),
    });
    const found = await runSearch(request);
    expect(found).toMatchObject({ kind: 'found', bottleneck: { kind: 'generator', reason: limited } });
    expect(said).toContain(`The generator was the limit (${limited}): trying again.`);
  });

  test('a benchmark that is made again has a progress of its own', async () => {
    const shown: unknown[] = [];
    let made = 0;
    const { request } = searchOf({
      progress: () => ({ id: made++ }) as never,
      benchmark: async (_, load, sink) => {
        shown.push(sink);
        return { ...carries500(load), evidence: { ...quiet, generatorLimited: 'Sends were 80 ms late.' } };
      },
    });
    await runSearch(request);
    expect(shown.length).toBeGreaterThan(2);
    expect(shown).toEqual(shown.map((_, id) => ({ id })));
  });

  test('nothing is carried: the lower end is 0', async () => {
    const { request } = searchOf({ benchmark: async () => ({ ...carries500(501), passed: false }) });
    expect(await runSearch(request)).toMatchObject({ kind: 'found', lower: 0 });
  });

  test('a log that belongs to other settings is refused, and stays as it is', async () => {
    const { request } = searchOf();
    const [trial] = [{ load: 333, purpose: 'ramp' as const, ...carries500(333) }];
    const other = { ...request.search, trials: [trial] };
    await writeSearch(folder, other);
    const refused = await runSearch({ ...request, search: other });
    expect(refused).toMatchObject({ kind: 'refused', reason: expect.stringContaining('another search') });
    expect((await readSearch(folder)).trials).toEqual([trial]);
  });
});

test('a search folder with obsolete options is refused in one sentence', async () => {
  const { request } = searchOf();
  await writeSearch(folder, { ...request.search, options: { plan: 3 } as never });
  await expect(readSearch(folder)).rejects.toThrow(/search\.json does not have the layout.*options\.plan/);
});

/** Search folders that were damaged since: neither reported nor resumed. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { quietEvidence } from '../../capacity/search/trial-evidence.fixture.ts';
import { seededRandom } from '../../engine/src/core/schedule/random.ts';
import { exampleRun } from '../../reports/example-run.fixture.ts';
import { writeExampleFolder } from '../../run/example-folder.fixture.ts';
import { newSearch, writeSearch } from '../../run/search/search-folder.ts';
import { commandLine } from '../command-line.fixture.ts';
import { mutate, mutations } from './damage.fixture.ts';

const trialFolder = join('trials', exampleRun().runId);
let root: string;
let copies = 0;
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'loadline-search-damage-'));
  const folder = join(root, 'whole');
  mkdirSync(join(folder, trialFolder), { recursive: true });
  await writeExampleFolder(join(folder, trialFolder));
  const run = exampleRun();
  await writeSearch(folder, {
    ...{ ...newSearch, searchId: '20261121T180000Z-0001', loadlineVersion: '0.1.0', scenario: 'messaging.yml' },
    target: { kind: 'local', region: 'us-east-1' },
    options: { plan: 'plan.yml' },
    ...{ variable: 'messages', settings: { start: 100, max: 6_400, width: 0.05 }, workload: run.workload },
    ...{ fixedConnectRate: false, slo: {}, startedAt: run.startedAt, lower: 100, bottleneck: null },
    ...{ outcome: 'interrupted', endedAt: run.endedAt },
    trials: [
      {
        ...{ load: 100, purpose: 'ramp', passed: true, folder: trialFolder, sentence: 'OK.' },
        evidence: { ...quietEvidence, refusals: [] },
        sustained: null,
      },
    ],
  });
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** A copy that is damaged, reported and resumed. */
async function after(damage: (folder: string) => void) {
  const name = `copy-${copies++}`;
  const folder = join(root, name);
  cpSync(join(root, 'whole'), folder, { recursive: true });
  damage(folder);
  const reported = await commandLine(['report', name], { folder: root });
  const resumed = reported.code === 0 ? null : await commandLine(['search', '--resume', name], { folder: root });
  return { reported, resumed };
}
const edited = (file: string, edit: (text: string) => string) => (folder: string) =>
  writeFileSync(join(folder, file), edit(readFileSync(join(folder, file), 'utf8')));

test('one that is whole is reported, in pages as well', async () => {
  const { reported } = await after(() => {});
  const page = /(\S+report\.html)\n?$/.exec(reported.stdout)?.[1] ?? '';
  expect(readFileSync(join(root, page), 'utf8')).toContain('100 messages/s');
  const numbers = JSON.parse(readFileSync(join(root, page, '../report.json'), 'utf8'));
  expect(numbers).toMatchObject({ schemaVersion: 1, kind: 'interrupted', lower: 100, unit: 'messages/s' });
  expect(reported).toMatchObject({ code: 0, stderr: '' });
  expect(reported.stdout).toContain('Interrupted: so far the bracket is 100 to unknown messages/s');
});

test('where no page can be written, what was found is printed all the same', async () => {
  const { reported } = await after((folder) => mkdirSync(join(folder, 'report.html')));
  expect(reported.code).toBe(0);
  expect(reported.stdout).toContain('Interrupted: so far the bracket is 100 to unknown messages/s');
  expect(reported.stderr).toMatch(/^\S*report\.html could not be written: .*\.\n$/);
});

test.each<[string, (folder: string) => void, string]>([
  [
    'a trial that passed, in search.json',
    edited('search.json', (text) => text.replace('"lower": 100', '"lower": 900')),
    /search\.json, line \d+ is not as the search wrote it: it was changed or cut off/.source,
  ],
  [
    'the seal of search.json',
    edited('search.json', (text) => text.replace(/"sha256":"./, '"sha256":"x')),
    'search\\.json.* is not as the search wrote it',
  ],
  [
    'a line of a trial',
    edited(join(trialFolder, 'client.ndjson'), (text) => text.replace('"messagesSent":4', '"messagesSent":9')),
    `${trialFolder}/client.ndjson is not as the run wrote it`,
  ],
  [
    'a file of a trial gone',
    (folder) => rmSync(join(folder, trialFolder, 'observation.json')),
    'observation.json is missing',
  ],
  [
    'a trial gone',
    (folder) => rmSync(join(folder, trialFolder), { recursive: true }),
    `${trialFolder}/digests.json is missing`,
  ],
])('%s: exit code 3, and the place', async (_what, damage, sentence) => {
  const { reported, resumed } = await after(damage);
  for (const result of [reported, resumed]) {
    expect(result).toMatchObject({ code: 3, stdout: '' });
    expect(result?.stderr).toMatch(new RegExp(sentence));
  }
  expect(resumed?.stderr).toContain('It cannot be resumed');
});

test('search.json in whatever way: the same result, or a sentence', async () => {
  for (const [name, mutation] of Object.entries(mutations))
    for (const seed of [1, 2, 3]) {
      let changed = false;
      const { reported } = await after((folder) => {
        changed = mutate(join(folder, 'search.json'), mutation, seededRandom(seed));
      });
      // Another version's has the code of wrong input.
      expect([changed ? 3 : 0, 2], `${name}, seed ${seed}`).toContain(reported.code);
      if (reported.code !== 0) expect(reported.stderr, `${name}, seed ${seed}`).toMatch(/^\S.*\.\n$/);
    }
});

/** `loadline report` on run folders that were damaged since. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seededRandom } from '../../engine/src/core/schedule/random.ts';
import { isSealed, sealLine } from '../../engine/src/sealed-line.ts';
import {
  expectSameOrRefused,
  makeRunFolders,
  mutate,
  mutations,
  type RunFolders,
  type RunName,
  reportOf,
} from './damage.fixture.ts';

let folders: RunFolders;
let runs: RunFolders['runs'];
beforeAll(async () => {
  folders = await makeRunFolders();
  runs = folders.runs;
});
afterAll(() => folders.remove());

/** Edits a file of a fresh copy and reports it. */
async function damaged(name: RunName, file: string, edit: (text: string) => string) {
  const folder = folders.copyOf(name);
  const path = join(folder, file);
  writeFileSync(path, edit(readFileSync(path, 'utf8')));
  const result = await folders.report(folder);
  return { ...result, report: reportOf(folder) };
}
const lines = (edit: (lines: string[]) => string[]) => (text: string) =>
  `${edit(text.trimEnd().split('\n')).join('\n')}\n`;

describe('a folder that is whole', () => {
  test('completed: the same report', async () => {
    const before = reportOf(runs.completed);
    expect(before.verdict.status).toBe('ok');
    expect(await folders.report(runs.completed)).toMatchObject({ code: 0, stderr: '' });
    expect(reportOf(runs.completed)).toEqual(before);
  });

  test('interrupted, and killed: partial, with the numbers of 41 seconds', async () => {
    for (const name of ['interrupted', 'killed'] as const) {
      expect(await folders.report(runs[name])).toMatchObject({ code: 0, stderr: '' });
      const { verdict, ledger } = reportOf(runs[name]);
      expect(verdict.status).toBe('partial');
      expect(ledger?.messages.outcomes.answered).toBe(Math.floor((600 * 82) / 140));
    }
  });
});

describe('client.ndjson of a completed run: exit code 3, and the place', () => {
  test.each<[string, (text: string) => string, string]>([
    [
      'one digit of line 57',
      (text) => lines((all) => all.with(56, all[56]?.replace('"messagesSent":4', '"messagesSent":9') ?? ''))(text),
      'client.ndjson, line 57 is not as the run wrote it: it was changed or cut off.',
    ],
    [
      'half of a line’s histograms gone',
      (text) => lines((all) => all.with(30, all[30]?.replace(/"roundTripMicros":\{[^}]*\},/, '') ?? ''))(text),
      'client.ndjson, line 31 is not as the run wrote it',
    ],
    [
      'line 80 missing',
      lines((all) => all.toSpliced(79, 1)),
      'client.ndjson: 1 line of fleet w0-v0-f1 is missing before line 81.',
    ],
    [
      'ten lines of each fleet missing',
      lines((all) => all.toSpliced(60, 20)),
      'client.ndjson: 10 lines of fleet w0-v0-f0 are missing before line 61 (and 1 more place).',
    ],
    [
      'line 12 there twice',
      lines((all) => all.toSpliced(40, 0, all[11] ?? '')),
      'client.ndjson, line 41 is there twice (fleet w0-v0-f1).',
    ],
    [
      'lines 3 and 5 swapped',
      lines((all) => all.with(2, all[4] ?? '').with(4, all[2] ?? '')),
      'client.ndjson: 1 line of fleet w0-v0-f0 is missing before line 3 (and 1 more place).',
    ],
    [
      'cut in the middle of its last line',
      (text) => text.slice(0, -30),
      'client.ndjson, line 140, its last, is cut off.',
    ],
    ['cut in the middle', (text) => text.slice(0, text.length / 2), 'its last, is cut off.'],
    [
      'one fleet gone, with all of its lines',
      lines((all) => all.filter((line) => !line.includes('w0-v0-f1'))),
      'client.ndjson is not as the run wrote it',
    ],
    ['empty', () => '', 'client.ndjson is not as the run wrote it'],
  ])('%s', async (_what, edit, sentence) => {
    const { code, stdout, stderr, report } = await damaged('completed', 'client.ndjson', edit);
    expect({ code, stderr }).toEqual({ code: 3, stderr: '' });
    expect(stdout).toMatch(/^Invalid: /);
    expect(report.verdict.status).toBe('invalid');
    expect(report.verdict.reasons[0]?.sentence).toContain(sentence);
    expect(report.ledger).toBeNull();
  });

  test('totals that the lines do not add up to, though each line is whole', async () => {
    const { report } = await damaged(
      'completed',
      'client.ndjson',
      lines((all) => {
        const { crc: _crc, run, seq, ...record } = JSON.parse(all[40] ?? '');
        record.counters.messagesAnswered += 1;
        const forged = sealLine(record, { run, seq });
        expect(isSealed(forged)).toBe(true);
        return all.with(40, forged);
      }),
    );
    expect(report.verdict.reasons[0]?.sentence).toBe(
      'client.ndjson, line 139 has totals that the lines of fleet w0-v0-f0 do not add up to.',
    );
  });
});

test('a last line that is cut is no damage to a run that was interrupted or killed', async () => {
  for (const name of ['interrupted', 'killed'] as const) {
    const { code, report } = await damaged(name, 'client.ndjson', (text) => text.slice(0, -30));
    expect(code).toBe(0);
    expect(report.verdict.status).toBe('partial');
    expect(report.verdict.reasons.map(({ code: reason }) => reason)).toContain('damaged.client.ndjson');
  }
});

test('lines of another run in a run that was killed are damage', async () => {
  const other = readFileSync(join(runs.other, 'client.ndjson'), 'utf8');
  const { code, report } = await damaged('killed', 'client.ndjson', () => other);
  expect(code).toBe(3);
  expect(report.verdict.reasons[0]?.sentence).toContain(
    'client.ndjson, line 1 is of another run (20261122T090000Z-0001)',
  );
});

test.each([
  ['observation.json', '"messagesAnswered": 600,', '"messagesAnswered": 601,'],
  ['cloudwatch.json', '758', '757'],
  ['run.json', '"connections": 100,', '"connections": 1000,'],
  ['artillery.json', '"loadline.messagesSent": 600', '"loadline.messagesSent": 601'],
])('%s with another number: exit code 3, the file and the line', async (file, number, another) => {
  const text = readFileSync(join(runs.completed, file), 'utf8');
  const line = text.slice(0, text.indexOf(number)).split('\n').length;
  const { code, report } = await damaged('completed', file, () => text.replace(number, another));
  expect(code).toBe(3);
  expect(report.verdict.reasons[0]?.sentence).toBe(
    `${file}, line ${line} is not as the run wrote it: it was changed or cut off.`,
  );
});

test('any mutation of client.ndjson: the same report, or one that says what is wrong', {
  timeout: 300_000,
}, async () => {
  const random = seededRandom(20_261_126);
  for (const [kind, mutation] of Object.entries(mutations)) {
    const damage = (folder: string) => {
      mutate(join(folder, 'client.ndjson'), mutation, random);
    };
    await expectSameOrRefused(folders, { name: 'completed', what: kind, damage });
  }
});

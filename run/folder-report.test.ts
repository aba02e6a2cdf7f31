/** The end of a run, whatever is in its folder. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { RunRecord } from '../record/run.ts';
import { exampleRun } from '../reports/example-run.fixture.ts';
import type { Report } from '../reports/report.ts';
import { writeExampleFolder } from './example-folder.fixture.ts';
import { concludeRun, reportAgain } from './folder-report.ts';
import { readLastRun } from './last-run.ts';

let folder: string;
let said: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'loadline-folder-'));
  said = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const interrupted: RunRecord['outcome'] = { kind: 'interrupted', signal: 'SIGINT' };
const conclude = (outcome: RunRecord['outcome'], observation = null) =>
  concludeRun(folder, { run: exampleRun({ outcome }), observation, say: (line) => said.push(line) });
const written = (): Report => JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8'));

describe('a report is written', () => {
  test.each<[string, () => void]>([
    ['without client.ndjson', () => {}],
    ['with an empty client.ndjson', () => writeFileSync(join(folder, 'client.ndjson'), '')],
    ['with a client.ndjson of half a line', () => writeFileSync(join(folder, 'client.ndjson'), '{"version":2,"sec')],
    ['with a folder in place of client.ndjson', () => mkdirSync(join(folder, 'client.ndjson'))],
    [
      'with a cloudwatch.json that is cut off',
      () => writeFileSync(join(folder, 'cloudwatch.json'), '{"schemaVersion"'),
    ],
  ])('%s: a run that was interrupted is partial, and that comes first', async (_what, put) => {
    put();
    const { report, run } = await conclude(interrupted);
    expect(run.outcome).toEqual(interrupted);
    expect(report.verdict.status).toBe('partial');
    expect(report.verdict.reasons.slice(0, 2).map(({ code }) => code)).toEqual(['interrupted', 'noObservation']);
    expect(written()).toEqual(report);
    const again = await reportAgain(folder);
    expect(again.report.verdict.status).toBe(again.isDamaged ? 'invalid' : 'partial');
  });

  test('in memory, where the folder cannot be written: the run is that, and says so', async () => {
    mkdirSync(join(folder, 'report.html'));
    const { report, run } = await conclude({ kind: 'completed' });
    expect(run.outcome).toMatchObject({ kind: 'crashed', part: 'folder' });
    expect(report.verdict.reasons[0]?.sentence).toMatch(
      /^The run could not be recorded: .*report\.html could not be written: /,
    );
    expect(said).toEqual([expect.stringContaining('report.html could not be written')]);
    // What fits is there, and says the same.
    expect(written().verdict).toEqual(report.verdict);
  });

  test('and one of before that cannot be replaced is none', async () => {
    writeFileSync(join(folder, 'report.html'), 'OK');
    // Where it would be written first.
    mkdirSync(join(folder, `report.html.${process.pid}.tmp`));
    const { report } = await conclude({ kind: 'completed' });
    expect(report.verdict.reasons[0]).toMatchObject({
      code: 'crashed.folder',
      next: 'Make room there, or name another place, and run it again.',
    });
    expect(readdirSync(folder).filter((name) => /^(?:report|junit|timeline)\..*[^p]$/.test(name))).toEqual([
      'junit.xml',
      'report.json',
      'report.md',
      'timeline.csv',
    ]);
    expect(readFileSync(join(folder, 'report.md'), 'utf8')).toContain('could not be recorded');
  });

  test('in memory, where nothing can be written; an interruption stays one', async () => {
    rmSync(folder, { recursive: true });
    expect((await conclude(interrupted)).run.outcome).toEqual(interrupted);
    expect((await conclude({ kind: 'completed' })).report.verdict.reasons[0]?.code).toBe('crashed.folder');
  });
});

test('a count that Artillery has not makes a completed run invalid, then and again', async () => {
  await writeExampleFolder(folder);
  const path = join(folder, 'artillery.json');
  writeFileSync(
    path,
    readFileSync(path, 'utf8').replace('"loadline.messagesSent": 600', '"loadline.messagesSent": 599'),
  );
  const { report } = await conclude({ kind: 'completed' });
  expect(report.verdict).toMatchObject({
    status: 'invalid',
    reasons: [
      {
        sentence:
          'client.ndjson holds 600 messagesSent, but Artillery counted 599: records were lost on one of the two paths.',
      },
    ],
  });
  expect(await reportAgain(folder)).toEqual({ report, isDamaged: false });
});

test('nothing is calculated from the report of a folder that was damaged', async () => {
  await writeExampleFolder(folder);
  expect(await readLastRun(folder)).toMatchObject({ doubt: null });
  const path = join(folder, 'report.json');
  const text = readFileSync(path, 'utf8');
  writeFileSync(path, text.replace(/"value": (\d)/, '"value": 9$1'));
  await expect(readLastRun(folder)).rejects.toThrow(
    /^report\.json, line \d+ is not as the run wrote it: .*`loadline report /,
  );
  await reportAgain(folder);
  expect(readFileSync(path, 'utf8')).toBe(text);
  expect(await readLastRun(folder)).toMatchObject({ doubt: null });
  expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
});

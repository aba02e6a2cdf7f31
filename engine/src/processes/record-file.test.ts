import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ClientRecord } from '../records.ts';
import { isSealed } from '../sealed-line.ts';
import { RecordFile } from './record-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'loadline-record-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const record = (over: Partial<ClientRecord> = {}): ClientRecord => ({
  ...{ version: 2, second: 1, fleet: 'f', phase: 'steady', openConnections: 1 },
  counters: { messagesSent: 2, messagesAnswered: 1 },
  histograms: { roundTripMicros: { 7: 3 } },
  ...over,
});

test('numbers and seals its lines; the last has the totals', () => {
  const path = join(folder, 'client.ndjson');
  const file = new RecordFile({ path, run: 'r-1' });
  file.append(record());
  file.append(record({ last: true }));
  file.close();
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  expect(lines.map(isSealed)).toEqual([true, true]);
  expect(lines.map((line) => JSON.parse(line)).map(({ run, seq, end }) => ({ run, seq, end }))).toEqual([
    { run: 'r-1', seq: 0, end: undefined },
    { run: 'r-1', seq: 1, end: { lines: 2, counted: 6, values: 6 } },
  ]);
});

test.each([
  ['a digit', (line: string) => line.replace('"messagesSent":2', '"messagesSent":3')],
  ['its number', (line: string) => line.replace('"seq":0', '"seq":1')],
  [
    'its seal',
    (line: string) => line.replace(/"crc":"./, (text) => `${text.slice(0, -1)}${text.endsWith('0') ? '1' : '0'}`),
  ],
  ['white space', (line: string) => line.replace(',', ', ')],
])('a line is not sealed any more with another value of %s', (_what, change) => {
  const path = join(folder, 'client.ndjson');
  const file = new RecordFile({ path, run: '' });
  file.append(record());
  file.close();
  const line = readFileSync(path, 'utf8').trimEnd();
  expect(change(line)).not.toBe(line);
  expect(isSealed(change(line))).toBe(false);
});

test.skipIf(!existsSync('/dev/full'))('a full disk is one sentence that names the file', () => {
  const file = new RecordFile({ path: '/dev/full', run: '' });
  expect(() => file.append(record())).toThrow('/dev/full could not be written: the disk is full.');
  file.close();
});

test('so is a folder that is not there', () => {
  const path = join(folder, 'nowhere', 'client.ndjson');
  expect(() => new RecordFile({ path, run: '' })).toThrow(`${path} could not be written: `);
});

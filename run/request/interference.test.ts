import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { packageRoot } from '../package-root.ts';
import { readInterference } from './interference.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'loadline-interference-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function fileOf(text: string): string {
  const path = join(folder, 'given.yml');
  writeFileSync(path, text);
  return path;
}

/** The YAML blocks of the documentation. */
const examples = [
  ...readFileSync(join(packageRoot, 'docs', 'faults.md'), 'utf8').matchAll(/```yaml\n([\s\S]*?)```/g),
].map(([, text = '']) => text);

test('without the options nothing is set', () => {
  expect(readInterference({})).toEqual({});
});

test('a profile by its name', () => {
  expect(readInterference({ latency: 'none' }).latency).toEqual({ name: 'none', latencies: {} });
  expect(readInterference({ latency: 'typical' }).latency?.latencies.dynamodb?.GetItem?.confidence).toBe('assumed');
});

test('the examples of docs/faults.md', () => {
  expect(examples).toHaveLength(2);
  const { latency } = readInterference({ latency: fileOf(examples[0] ?? '') });
  expect(latency?.latencies.dynamodb?.['*']).toEqual({ delay: 6, source: 'given by the user', confidence: 'assumed' });
  const { faults } = readInterference({ faults: fileOf(examples[1] ?? '') });
  expect(faults?.seed).toBe(7);
  expect(faults?.faults.map(({ name, kind, service }) => [name, kind, service])).toEqual([
    ['slow table', 'latency', 'dynamodb'],
    ['table away', 'partition', 'dynamodb'],
    ['twice', 'duplicateDelivery', 'sqs'],
    ['storm', 'disconnect', 'webSocketApi'],
  ]);
});

test('mistakes of a faults file: a line each, with the place and the nearest key of that kind of fault', () => {
  const file = fileOf(`faults:
  - { kind: disconnect, codee: 1001 }
  - kind: latncy
  - { kind: partition, service: lambda }
  - { kind: error, service: sqs, code: 500 }
`);
  const problems = (() => {
    try {
      readInterference({ faults: file });
    } catch (error) {
      return (error as Error).message.replaceAll(file, 'faults.yml').split('\n');
    }
    return [];
  })();
  expect(problems).toHaveLength(4);
  expect(problems[0]).toBe('faults.yml:2:25: unknown key "codee". Did you mean "code"?');
  expect(problems[1]).toMatch(/^faults\.yml:3:11: faults\.1\.kind: expected one of latency, .*, found "latncy"\.$/);
  expect(problems[2]).toMatch(/^faults\.yml:4:33: faults\.2\.service: Invalid option: .*, found "lambda"\.$/);
  // `code` is a key of `disconnect` and not of `error`: no suggestion, but the list of this kind.
  expect(problems[3]).toMatch(/^faults\.yml:5:34: unknown key "code"\. Known keys here: kind, service, name, /);
});

test('a profile that is neither a name nor a file, and one with a wrong service', () => {
  expect(() => readInterference({ latency: 'typicl' })).toThrow(
    '--latency typicl: there is no such profile or file. Did you mean "typical"?',
  );
  expect(() => readInterference({ latency: 'slow.yml' })).toThrow(
    'The latency profile (none, typical, or a file) slow.yml does not exist: name another file.',
  );
  const file = fileOf('name: x\nlatencies:\n  dynamo: {}\n');
  expect(() => readInterference({ latency: file })).toThrow(/:3:3: unknown key "dynamo". Did you mean "dynamodb"\?$/);
});

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { exitCodeOfRun, exitCodes, exitCodesHelp } from './exit-code.ts';

test.each([
  ['ok', 'completed', 0],
  ['sloBroken', 'completed', 1],
  ['invalid', 'completed', 3],
  ['partial', 'interrupted', 130],
  ['partial', 'crashed', 4],
  // Whatever a report makes of it.
  ['partial', 'completed', 4],
  ['ok', 'interrupted', 130],
  ['invalid', 'interrupted', 130],
  ['sloBroken', 'crashed', 4],
] as const)('a run that is %s and %s: exit code %i', (status, kind, code) => {
  expect(exitCodeOfRun(status, { kind })).toBe(code);
});

const cells = (line: string) =>
  line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
const rowsOf = (text: string) =>
  text
    .split('\n')
    .filter((line) => /^\| *\d+ *\|/.test(line))
    .map(cells);
const tableOf = (command: string) => Object.entries(exitCodes[command] ?? {});

test('docs/reference/exit-codes.md says what --help says, for every command', () => {
  const page = readFileSync(new URL('../docs/reference/exit-codes.md', import.meta.url), 'utf8');
  const sections = new Map(
    page
      .split('\n## ')
      .slice(1)
      .map((section) => [section.split('\n', 1)[0]?.replaceAll('`', '') ?? '', section]),
  );
  const described = Object.keys(exitCodes).map((command) => [`loadline ${command}`, tableOf(command)]);
  expect(new Map([...sections].map(([name, section]) => [name, rowsOf(section)]))).toEqual(
    new Map(described as [string, string[][]][]),
  );
});

test('the table in the README is that of a run', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const section = readme.split('### Exit codes')[1]?.split('\n#')[0] ?? '';
  expect(rowsOf(section)).toEqual(tableOf('run'));
});

test('help lists them one a line', () => {
  expect(exitCodesHelp('plan').split('\n')).toContain('    0  calculated and printed');
});

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { readCatalogue, scenarioFileOf } from './catalogue.ts';
import { variablesUsed } from './offered-load.ts';
import { parseScenario } from './scenario.ts';

const folder = fileURLToPath(new URL('../', import.meta.url));
const catalogue = readCatalogue(folder);
const fileOf = (scenario: string) => scenarioFileOf(scenario, folder);

test('the catalogue answers nine questions', () => {
  expect(catalogue.map(({ name }) => name)).toEqual([
    'churn',
    'connections',
    'fallback',
    'fanout',
    'messaging',
    'reconnect-storm',
    'soak',
    'sync',
    'webhook-burst',
  ]);
});

test.each(catalogue)('$name: valid, a header of five lines with its question, and no unused variable', (entry) => {
  const text = readFileSync(entry.file, 'utf8');
  const parsed = parseScenario(text, entry.name);
  if (parsed.kind === 'invalid') throw new Error(parsed.problems.join('\n'));
  const lines = text.split('\n');
  expect(lines[0]).toMatch(new RegExp(`^# ${entry.name}: .+\\.$`));
  expect(lines.slice(0, 5).every((line) => line.startsWith('# '))).toBe(true);
  expect(lines[5]).toBe('# yaml-language-server: $schema=loadline.schema.json');
  expect(entry.question).toMatch(/\?$/);
  expect(entry.example).toMatch(new RegExp(`^loadline run ${entry.name} --`));
  const used = variablesUsed(parsed.scenario);
  const unused = Object.keys(parsed.scenario.variables).filter((name) => !used.has(name));
  expect(unused).toEqual(entry.name === 'soak' ? ['localTimeScale'] : []);
});

test('a bare name is looked up, a path is left alone, a typo is answered with the nearest name', () => {
  expect(fileOf('fanout')).toEqual({ kind: 'ok', file: catalogue.find(({ name }) => name === 'fanout')?.file });
  expect(fileOf('./fanout.yml')).toEqual({ kind: 'ok', file: './fanout.yml' });
  expect(fileOf('fan-out')).toEqual({
    kind: 'invalid',
    problems: ['There is no scenario "fan-out". Did you mean "fanout"?'],
  });
  expect(fileOf('everything')).toMatchObject({
    problems: [expect.stringContaining('The catalogue has churn, connections, fallback, fanout')],
  });
});

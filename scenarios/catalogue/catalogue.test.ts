import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readCatalogue, scenarioFileOf } from './catalogue.ts';
import { variablesUsed } from './offered-load.ts';
import { parseScenario } from './scenario.ts';

const catalogue = readCatalogue();

test('the catalogue answers eight questions', () => {
  expect(catalogue.map(({ name }) => name)).toEqual([
    'churn',
    'connections',
    'fanout',
    'messaging',
    'reconnect-storm',
    'soak',
    'sync',
    'webhook-burst',
  ]);
});

test.each(catalogue)(
  '$name: valid, a header of five lines with its question, and no variable without a use',
  (entry) => {
    const text = readFileSync(entry.file, 'utf8');
    const parsed = parseScenario(text, entry.name);
    if (parsed.kind === 'invalid') throw new Error(parsed.problems.join('\n'));
    const lines = text.split('\n');
    expect(lines[0]).toMatch(new RegExp(`^# ${entry.name}: .+\\.$`));
    expect(lines.slice(0, 5).every((line) => line.startsWith('# '))).toBe(true);
    expect(lines[5]).toBe('# yaml-language-server: $schema=loadline.schema.json');
    expect(entry.question).toMatch(/\?$/);
    const used = variablesUsed(parsed.scenario);
    const unused = Object.keys(parsed.scenario.variables).filter((name) => !used.has(name));
    expect(unused).toEqual(entry.name === 'soak' ? ['localTimeScale'] : []);
  },
);

test('a bare name is looked up, a path is left alone, a typing error is answered with the nearest name', () => {
  expect(scenarioFileOf('fanout')).toBe(catalogue.find(({ name }) => name === 'fanout')?.file);
  expect(scenarioFileOf('./fanout.yml')).toBe('./fanout.yml');
  expect(() => scenarioFileOf('fan-out')).toThrow('There is no scenario "fan-out". Did you mean "fanout"?');
  expect(() => scenarioFileOf('everything')).toThrow('The catalogue has churn, connections, fanout');
});

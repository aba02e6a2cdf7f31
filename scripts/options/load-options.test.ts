import { Command } from 'commander';
import { expect, test } from 'vitest';
import { loadOptionNames } from '../../engine/src/step/load-fields.ts';
import { addLoadOptions } from './load-options.ts';

const command = () =>
  addLoadOptions(new Command())
    .exitOverride()
    .configureOutput({ writeErr: () => {} });
const read = (...args: string[]) => command().parse(args, { from: 'user' }).opts();

test('an option is read by the name of its field', () => {
  expect(read('--connect-rate', '50', '--steady', '2.5', '--burst-start', '1', '--offline-share', '0.1')).toEqual({
    connectRatePerSecond: 50,
    steadySeconds: 2.5,
    burstStartSeconds: 1,
    offlineShare: 0.1,
  });
});

test('an option that is not given is absent', () => {
  expect(read()).toEqual({});
});

test.each([
  [['--connections', '1.5'], 'Expected a whole number of at least 0, got "1.5".'],
  [['--connect-rate', '0'], 'Expected a number above 0 and at most 1000000, got "0".'],
  [['--replay-share', '2'], 'Expected a number from 0 to 1, got "2".'],
  [['--drain', ''], 'Expected a number from 0 to 604800, got "".'],
  [['--seed', 'x'], 'Expected a whole number, got "x".'],
])('%j is refused with its rule', (args, sentence) => {
  expect(() => read(...args)).toThrow(sentence);
});

test('help has a line for each, with its unit', () => {
  const help = command().helpInformation();
  expect(help.replaceAll(/\s+/g, ' ')).toContain(
    '--drain <seconds> maximum wait at the end for answers and pushes in flight, in seconds',
  );
  expect(help.match(/^ {2}--/gm)).toHaveLength(loadOptionNames.length);
});

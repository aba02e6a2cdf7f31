import { expect, test } from 'vitest';
import { assumedCoefficients } from './assumed-coefficients.ts';
import { tableUnits } from './deployment.ts';

test('what is assumed of the table is what its author says of the code: reads are consistent, a unit each', () => {
  const { table } = assumedCoefficients().tables;
  const units = (of: object = {}) =>
    Object.fromEntries(Object.entries(of).map(([kind, coefficient]) => [kind, coefficient.value]));
  const assumed = { writeUnits: units(table?.writeUnits), readUnits: units(table?.readUnits) };
  expect(assumed).toEqual(tableUnits.table);
  expect(assumed.readUnits).toEqual({ connect: 0, disconnect: 1, webhook: 1 });
});

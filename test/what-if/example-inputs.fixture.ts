/** Inputs of every shape that a page may have, and of the default plan. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { parse } from 'yaml';
import { usEast1Prices } from '../../aws/prices.ts';
import { planSchema } from '../../capacity/demand/plan.ts';
import { inputsOf, type WhatIfBase } from '../../reports/what-if/answer.ts';
import { planRules } from '../../reports/what-if/bounds.ts';
import { type Control, type Inputs, withValue } from '../../reports/what-if/control.ts';
import { controlsOf } from '../../reports/what-if/controls.ts';
import { problemsOf } from '../../reports/what-if/problems.ts';
import { lastPosition, valueAt } from '../../reports/what-if/slider.ts';
import { assumedCoefficients } from '../../scenarios/reference/assumed-coefficients.ts';
import { referenceDeployment } from '../../scenarios/reference/deployment.ts';
import { parseSettings } from '../../stack/settings/settings.ts';

const { benchmark: _benchmark, ...usage } = parse(
  readFileSync(new URL('../../scenarios/plan.yml', import.meta.url), 'utf8'),
);
const rules = planRules();

export const exampleBase: WhatIfBase = {
  plan: planSchema.parse(usage),
  coefficients: assumedCoefficients(),
  deployment: referenceDeployment(parseSettings(), 'us-east-1'),
  prices: usEast1Prices,
  loadlineVersion: '1.2.3',
  basis: [],
};
export const exampleInputs = inputsOf(exampleBase);
const controlsFrom = (base: WhatIfBase) => (inputs: Inputs) => controlsOf(inputs, base, rules);
export const exampleControls = controlsFrom(exampleBase);

/** What a reader may do, one after another: a control by its place among them, and where its slider goes. */
const moves = fc.array(fc.tuple(fc.nat(), fc.nat(lastPosition)), { minLength: 1, maxLength: 12 });

/** Inputs that a reader can come to from those of a page, and that can be calculated. */
export const inputsFrom = (base: WhatIfBase): fc.Arbitrary<Inputs> =>
  reachableFrom(inputsOf(base), controlsFrom(base), problemsOf);

export function reachableFrom(
  own: Inputs,
  controlsAt: (inputs: Inputs) => readonly Control[],
  problemsAt: (inputs: Inputs, controls: readonly Control[]) => readonly string[],
): fc.Arbitrary<Inputs> {
  return moves.map((all) =>
    all.reduce((inputs, [n, position]) => {
      const controls = controlsAt(inputs);
      const control = controls[n % controls.length];
      const next = control === undefined ? inputs : moved(inputs, control, position);
      return problemsAt(next, controlsAt(next)).length === 0 ? next : inputs;
    }, own),
  );
}
export const reachableInputs = inputsFrom(exampleBase);

function moved(inputs: Inputs, control: Control, position: number): Inputs {
  const { input } = control;
  const half = position < lastPosition / 2;
  switch (input.kind) {
    case 'number':
      if (input.absent && position % 7 === 0) return withValue(inputs, control, input.absent.value);
      return withValue(inputs, control, valueAt(position, input.slider, input.bounds));
    case 'switch':
      return withValue(inputs, control, half ? input.on : input.off);
    case 'choice':
      return withValue(inputs, control, input.options[position % input.options.length]?.[0]);
    case 'text':
      return withValue(inputs, control, ['half, at last', '<script>', 'ל&=#%+ 😀', 'a\u2028b: "c"'][position % 4]);
    case 'date':
      return withValue(inputs, control, `2027-0${1 + (position % 9)}-15`);
  }
}

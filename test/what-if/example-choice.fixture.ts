/** A comparison of the default plan, as a page has it, and what a reader can make of it. */
import { usEast1Prices } from '../../aws/prices.ts';
import { loadOfPlan } from '../../capacity/demand/load.ts';
import { assumedServiceCosts } from '../../capacity/servers/service-costs.ts';
import { planRules } from '../../reports/what-if/bounds.ts';
import { type ChoiceBase, choiceInputsOf } from '../../reports/what-if/choose/choice.ts';
import { choiceControls } from '../../reports/what-if/choose/choice-controls.ts';
import { choiceProblems } from '../../reports/what-if/choose/choice-problems.ts';
import type { Control, Inputs } from '../../reports/what-if/control.ts';
import { sizeOf } from '../../run/variants/service-size.ts';
import { comparedVariants } from '../../run/variants/variants.ts';
import { nameOfWay } from '../../scenarios/reference/variants.ts';
import { parseSettings } from '../../stack/settings/settings.ts';
import { exampleBase, reachableFrom } from './example-inputs.fixture.ts';

export const exampleSettings = parseSettings();
const functions = { coefficients: exampleBase.coefficients, deployment: exampleBase.deployment };
const size = sizeOf(exampleSettings);
const name = nameOfWay(exampleSettings);

export const exampleChoice: ChoiceBase = {
  ...{ plan: exampleBase.plan, functions, shared: functions, prices: usEast1Prices, size },
  ...{ costs: assumedServiceCosts, durationFactor: 2, compared: name },
  variants: comparedVariants({
    ...{ settings: exampleSettings, size, runs: [], profiles: [], newTable: undefined },
    base: { name, basis: { kind: 'assumed' }, functions },
  }),
};
export const exampleOwn = choiceInputsOf(exampleChoice);
const offered = { rules: planRules(), sizes: ['256/512', '512/1024', '1024/2048', '1024/4096', '4096/8192'] };
export const exampleChoiceControls = (inputs: Inputs): Control[] => choiceControls(inputs, exampleChoice, offered);
export const exampleChoiceProblems = (
  inputs: Inputs,
  controls: readonly Control[] = exampleChoiceControls(inputs),
): string[] => choiceProblems(inputs, controls, { base: exampleChoice, ...offered });
export const reachableChoices = reachableFrom(exampleOwn, exampleChoiceControls, exampleChoiceProblems);

export const loadToday = loadOfPlan(exampleChoice.plan);

/** All that a reader may change, in their order. Pure. */
import type { WhatIfBase } from './answer.ts';
import type { FieldRules } from './bounds.ts';
import type { Control, Inputs } from './control.ts';
import { planControls } from './plan-controls.ts';
import { quotaControls } from './quota-controls.ts';
import { settingControls } from './setting-controls.ts';

/** Which there are follows from the inputs: a stage, a kind of channels has its own. `base`: what the report was made from. */
export const controlsOf = (inputs: Inputs, base: WhatIfBase, rules: FieldRules): Control[] => [
  ...planControls(inputs.plan, base.plan, rules).filter(
    ({ group }) => group !== 'webhooks' || inputs.deployment.webhook !== null,
  ),
  ...quotaControls(base),
  ...settingControls(inputs, base),
];

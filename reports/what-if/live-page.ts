/** The live what-if of a page, from what its report was made from. */
import { usEast1Prices } from '../../aws/prices.ts';
import { withFallback } from '../../capacity/fallback/fallback-costs.ts';
import type { RunRecord } from '../../record/run.ts';
import type { PlanInput } from '../plan-report.ts';
import type { Report } from '../report.ts';
import { planRules } from './bounds.ts';
import type { ChoiceBase } from './choose/choice.ts';
import type { ChoiceCommand } from './choose/choice-data.ts';
import { choicePageSettings } from './choose/choice-settings.ts';
import { dataJson, type PlanCommand } from './page-data.ts';
import { pageSettings } from './page-settings.ts';
import { whatIfScript } from './script.ts';
import { type WhatIfPage, whatIfPage } from './section.ts';

/** Of a plan. */
export const livePlan = async (base: PlanInput, { settings, ...command }: PlanCommand): Promise<WhatIfPage> =>
  whatIfPage(dataJson({ base, rules: planRules(), ...command, settings: settings && pageSettings(settings) }), {
    ...{ code: await whatIfScript('plan'), command: 'plan', behind: 'projection' },
  });

/** Of a comparison. What was measured of its variants is in the page's tables alone. */
export const liveChoice = async (base: ChoiceBase, { settings, ...command }: ChoiceCommand): Promise<WhatIfPage> =>
  whatIfPage(
    dataJson({
      base: { ...base, variants: base.variants.map((variant) => ({ ...variant, measured: null })) },
      ...{ rules: planRules(), ...command, settings: settings && choicePageSettings(settings) },
    }),
    { code: await whatIfScript('choose'), command: 'choose', behind: 'variants' },
  );

/** Of a run's plan; null: nothing is known of the stack, or the run measured nothing to calculate from or to rely on. */
export async function liveRun(
  run: RunRecord,
  { coefficients, projection, verdict: { status } }: Report,
): Promise<WhatIfPage | null> {
  const { deployment } = run;
  if (deployment === undefined || coefficients === null || projection === null) return null;
  if (status === 'invalid' || status === 'partial') return null;
  const base: PlanInput = withFallback({
    plan: run.plan,
    coefficients,
    deployment,
    prices: usEast1Prices,
    loadlineVersion: run.loadlineVersion,
    basis: [],
  });
  const settings = deployment.code === undefined ? null : run.settings;
  return await livePlan(base, { asked: ` --run runs/${run.runId}`, notCopied: [], settings });
}

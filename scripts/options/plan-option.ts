/** The usage plan that holds when none is given. */
import { join } from 'node:path';
import { Option } from 'commander';
import { packageRoot } from '../../run/package-root.ts';

export const defaultPlan = join(packageRoot, 'scenarios', 'plan.yml');
/** As help shows it, wherever the package lies. */
export const defaultPlanName = "Loadline's scenarios/plan.yml";

export const planOption = (description: string): Option =>
  new Option('--plan <file>', description).default(defaultPlan, defaultPlanName);

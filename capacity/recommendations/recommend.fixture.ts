/** Recommendations for the example plan. */
import { exampleCoefficients, exampleDeployment, examplePlan } from '../example-stack.fixture.ts';
import { type Recommendation, recommend } from './recommendation.ts';

export const recommendFor = (change: Partial<typeof examplePlan> = {}, coefficients = exampleCoefficients) =>
  recommend({ plan: { ...examplePlan, ...change }, coefficients, deployment: exampleDeployment });

/** @throws Error with the ids that there are. */
export const find = (all: readonly Recommendation[], id: string) => {
  const found = all.find((each) => each.id === id);
  if (!found) throw new Error(`${id} is not recommended: ${all.map((each) => each.id).join(', ')}`);
  return found;
};

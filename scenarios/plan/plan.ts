/** The file of a usage plan: the plan itself, and how it is benchmarked. */
import { z } from 'zod';
import { planSchema, type UsagePlan } from '../../capacity/demand/plan.ts';
import { formerNames } from '../../engine/src/step/load-fields.ts';
import { keysAt } from '../yaml/schema-keys.ts';
import { describeIssues, readYaml } from '../yaml/yaml-source.ts';
import { type Benchmark, benchmarkSchema } from './benchmark.ts';

const fileSchema = z
  .strictObject({ ...planSchema.shape, benchmark: benchmarkSchema })
  .superRefine(({ rollout, asOf, webhookBurstSeconds, benchmark }, context) => {
    const problem = (path: (string | number)[], message: string) => context.addIssue({ code: 'custom', path, message });
    const [first, second] = rollout;
    if (first && first.date > asOf)
      problem(['rollout', 0, 'date'], `expected the first stage to be in force at asOf (${asOf}), so on or before it`);
    if (first?.share === 0)
      problem(['rollout', 0, 'share'], 'expected a share above 0, because users are counted under it');
    if (second && second.date <= asOf)
      problem(['rollout', 1, 'date'], `expected a date after asOf (${asOf}), because the first stage is in force then`);
    for (const [n, { date }] of rollout.entries()) {
      const before = rollout[n - 1]?.date;
      if (before !== undefined && date <= before)
        problem(['rollout', n, 'date'], `expected a date after that of the stage before (${before})`);
    }
    if (benchmark.burstStartSeconds + webhookBurstSeconds > benchmark.steadySeconds)
      problem(
        ['benchmark', 'burstStartSeconds'],
        `expected the burst (${webhookBurstSeconds} s) to end within the ${benchmark.steadySeconds} s of steadySeconds`,
      );
  });

export type PlanParse =
  | { kind: 'ok'; plan: UsagePlan; benchmark: Benchmark }
  /** Each problem is `file:line:column: sentence`. */
  | { kind: 'invalid'; problems: string[] };

/** Parses a plan file. `fileName` is only for the messages. */
export function parsePlan(text: string, fileName: string): PlanParse {
  const yaml = readYaml(text, fileName);
  if (yaml.kind === 'invalid') return yaml;
  const parsed = fileSchema.safeParse(yaml.source.value);
  if (!parsed.success) {
    return {
      kind: 'invalid',
      problems: describeIssues(yaml.source, parsed.error.issues, (path) => keysAt(fileSchema, path), formerNames),
    };
  }
  const { benchmark, ...plan } = parsed.data;
  return { kind: 'ok', plan, benchmark };
}

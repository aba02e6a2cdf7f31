/** The file of a usage plan: the plan itself, and how it is benchmarked. */
import { z } from 'zod';
import { planSchema, type UsagePlan } from '../../capacity/demand/plan.ts';
import { usageProblems } from '../../capacity/demand/usage-rules.ts';
import { formerNames } from '../../engine/src/step/load-fields.ts';
import { keysAt } from '../yaml/schema-keys.ts';
import { aboutKey, describeIssues, readYaml } from '../yaml/yaml-source.ts';
import { type Benchmark, benchmarkSchema } from './benchmark.ts';
import { isKnownQuota, unknownQuota } from './known-quotas.ts';

/** The keys of a plan's file, in one schema: the parser's, and the editors' (plan-json-schema.ts). */
export const planFileShape = { ...planSchema.shape, benchmark: benchmarkSchema };

type Problem = (path: (string | number)[], message: string, params?: Record<string, unknown>) => void;

const fileSchema = z.strictObject(planFileShape).superRefine(({ benchmark, ...plan }, context) => {
  const problem = problemIn(context);
  checkUsage(plan, problem);
  if (benchmark.burstStartSeconds + plan.webhookBurstSeconds > benchmark.steadySeconds)
    problem(
      ['benchmark', 'burstStartSeconds'],
      `expected the burst (${plan.webhookBurstSeconds} s) to end within the ${benchmark.steadySeconds} s of steadySeconds`,
    );
});

/** What applies no load does not ask how a load is applied. */
const usageSchema = z
  .strictObject({ ...planSchema.shape, benchmark: z.unknown().optional() })
  .superRefine((plan, context) => {
    checkUsage(plan, problemIn(context));
  });

function problemIn(context: z.RefinementCtx): Problem {
  return (path, message, params = {}) => context.addIssue({ code: 'custom', path, message, params });
}

function checkUsage(plan: UsagePlan, problem: Problem): void {
  for (const { path, message } of usageProblems(plan)) problem(path, message);
  for (const key of Object.keys(plan.quotas).filter((each) => !isKnownQuota(each)))
    problem(['quotas', key], `quotas.${key}: ${unknownQuota(key)}`, { [aboutKey]: true });
}

export type PlanParse =
  | { kind: 'ok'; plan: UsagePlan; benchmark: Benchmark }
  /** Each problem is `file:line:column: sentence`. */
  | { kind: 'invalid'; problems: string[] };

/** Parses a plan file. `fileName` is only for the messages. */
export function parsePlan(text: string, fileName: string): PlanParse {
  const parsed = parseBy(fileSchema, text, fileName);
  if (parsed.kind === 'invalid') return parsed;
  const { benchmark, ...plan } = parsed.file;
  return { kind: 'ok', plan, benchmark };
}

export type UsageParse = { kind: 'ok'; plan: UsagePlan } | { kind: 'invalid'; problems: string[] };

/** Parses a plan file for its usage alone: its section `benchmark` may say anything. */
export function parseUsagePlan(text: string, fileName: string): UsageParse {
  const parsed = parseBy(usageSchema, text, fileName);
  if (parsed.kind === 'invalid') return parsed;
  const { benchmark: _benchmark, ...plan } = parsed.file;
  return { kind: 'ok', plan };
}

function parseBy<File>(
  schema: z.ZodType<File>,
  text: string,
  fileName: string,
): { kind: 'ok'; file: File } | { kind: 'invalid'; problems: string[] } {
  const yaml = readYaml(text, fileName);
  if (yaml.kind === 'invalid') return yaml;
  const parsed = schema.safeParse(yaml.source.value);
  if (parsed.success) return { kind: 'ok', file: parsed.data };
  const problems = describeIssues(yaml.source, parsed.error.issues, (path) => keysAt(schema, path), formerNames);
  return { kind: 'invalid', problems };
}

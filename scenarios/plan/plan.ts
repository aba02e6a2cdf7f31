/** The file of a usage plan: the plan itself, and how it is benchmarked. */
import { z } from 'zod';
import { mostMonths, mostUsers, planSchema, type UsagePlan } from '../../capacity/demand/plan.ts';
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
  checkRollout(plan, problem);
  checkDay(plan, problem);
  checkGrowth(plan, problem);
  if (plan.loginShare !== undefined && plan.loginWindowSeconds === undefined)
    problem(['loginShare'], 'expected loginWindowSeconds beside it');
  for (const key of Object.keys(plan.quotas).filter((each) => !isKnownQuota(each)))
    problem(['quotas', key], `quotas.${key}: ${unknownQuota(key)}`, { [aboutKey]: true });
}

function checkRollout({ rollout, asOf }: UsagePlan, problem: Problem): void {
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
}

/** Compound growth over years is more than anybody means. */
function checkGrowth(
  { users, growthPerMonth, growthHistory, horizonMonths, rollout }: UsagePlan,
  problem: Problem,
): void {
  // Each of these is a problem of its own.
  if (users > mostUsers || horizonMonths > mostMonths) return;
  const shares = rollout.map(({ share }) => share);
  const grown = users * (1 + growthPerMonth) ** horizonMonths * (Math.max(...shares) / (shares[0] || 1));
  if (growthHistory === undefined && growthPerMonth > 0 && grown > mostUsers)
    problem(
      ['growthPerMonth'],
      `expected less growth, or a shorter horizonMonths: ${growthPerMonth} a month for ${horizonMonths} months gives ${grown.toExponential(1)} users, more than there are people`,
    );
}

/** A day is described once. */
function checkDay(plan: UsagePlan, problem: Problem): void {
  const { hourlyLoad, peakHours, meanToPeak } = plan;
  if (peakHours && peakHours.from % 24 === peakHours.to % 24)
    problem(['peakHours', 'to'], 'expected another hour than from');
  const given = Object.entries({ hourlyLoad, peakHours, meanToPeak }).filter(([, value]) => value !== undefined);
  for (const [name] of given.slice(1))
    problem([name], `expected one of hourlyLoad, peakHours and meanToPeak, and ${given[0]?.[0]} is given`);
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

/** The usage plan's file: parsed and checked here, a plain value everywhere else. */
import { z } from 'zod';
import { defaultMeanToPeak, defaultQuotaLeadDays, type UsagePlan } from '../../capacity/demand/plan.ts';
import { formerNames } from '../../engine/src/step/load-fields.ts';
import { describeIssues, readYaml } from '../yaml/yaml-source.ts';
import { type Benchmark, benchmarkSchema } from './benchmark.ts';

const share = z.number().min(0).max(1);
const isoDate = z.string().refine(isCalendarDate, 'expected a date written YYYY-MM-DD');

const planShape = {
  name: z.string().min(1),
  asOf: isoDate,
  users: z.int().positive(),
  peakConcurrency: share.positive(),
  tabsPerUser: z.number().positive(),
  messagesPerUserPerMinute: z.number().nonnegative(),
  webhooksPerUserPerDay: z.number().nonnegative(),
  webhookBurstFactor: z.number().min(1),
  webhookBurstSeconds: z.number().positive(),
  messageBytes: z.int().nonnegative(),
  webhookBytes: z.int().nonnegative(),
  growthPerMonth: z.number().gt(-1),
  /** Users at the end of each past month, oldest first, the last at asOf. Growth is then fitted to them and `growthPerMonth` is not used. */
  growthHistory: z.array(z.number().positive()).min(4).optional(),
  /** Mean over the day of connections and messages, as a share of their peak. */
  meanToPeak: share.positive().default(defaultMeanToPeak),
  /** Days from asking AWS for a higher quota to having it. */
  quotaLeadDays: z.number().nonnegative().default(defaultQuotaLeadDays),
  rollout: z.array(z.strictObject({ stage: z.string().min(1), share, date: isoDate })).min(1),
  horizonMonths: z.int().positive(),
  slo: z.strictObject({
    connectP99Ms: z.number().positive(),
    roundTripP99Ms: z.number().positive(),
    deliveryP99Ms: z.number().positive(),
    errorShare: share,
  }),
  quotas: z.record(z.string(), z.number().nonnegative()).default({}),
};

const fileSchema = z
  .strictObject({ ...planShape, benchmark: benchmarkSchema })
  .superRefine(({ rollout, asOf, webhookBurstSeconds, benchmark }, context) => {
    const problem = (path: (string | number)[], message: string) => context.addIssue({ code: 'custom', path, message });
    const [first, second] = rollout;
    if (first && first.date > asOf)
      problem(['rollout', 0, 'date'], `expected the first stage to be in force at asOf (${asOf}), so on or before it`);
    if (first?.share === 0)
      problem(['rollout', 0, 'share'], 'expected a share over 0, because users are counted under it');
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
    return { kind: 'invalid', problems: describeIssues(yaml.source, parsed.error.issues, knownKeysAt, formerNames) };
  }
  const { benchmark, ...plan } = parsed.data;
  return { kind: 'ok', plan, benchmark };
}

function knownKeysAt(path: readonly PropertyKey[]): readonly string[] {
  switch (path[0]) {
    case 'benchmark':
      return Object.keys(benchmarkSchema.unwrap().shape);
    case 'slo':
      return Object.keys(planShape.slo.shape);
    case 'rollout':
      return Object.keys(planShape.rollout.element.shape);
    default:
      return [...Object.keys(planShape), 'benchmark'];
  }
}

/** 2026-02-30 has the form of a date, and the calendar does not have it. */
function isCalendarDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

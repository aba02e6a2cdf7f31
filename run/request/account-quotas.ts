/** An account's own quotas, as the AWS command line prints them. */
import { z } from 'zod';
import { quotaFact, quotaIds } from '../../aws/quotas/table.ts';
import { UsageError } from '../errors.ts';
import { firstProblem, readInputFile } from '../input-file.ts';

const listSchema = z.object({
  Quotas: z.array(
    z.object({
      QuotaCode: z.string(),
      Value: z.number().nonnegative(),
      Unit: z.string().optional(),
      Period: z.object({ PeriodValue: z.number().positive(), PeriodUnit: z.string() }).optional(),
    }),
  ),
});

/**
 * Values by quota code, in the units of aws/quotas; codes that are not there are left out. Throws a UsageError. Source of the layout: Service Quotas
 * API, ListServiceQuotas, read 2026-11.
 */
export function readAccountQuotas(path: string): Record<string, number> {
  const text = readInputFile(path, 'list of quotas');
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new UsageError(
      `The list of quotas ${path} is not JSON: make it with \`aws service-quotas list-service-quotas --service-code apigateway --output json\`.`,
      { cause },
    );
  }
  const parsed = listSchema.safeParse(json);
  if (!parsed.success) {
    throw new UsageError(
      `The list of quotas ${path} is not valid: ${firstProblem(parsed.error)}. Make it with \`aws service-quotas list-service-quotas --output json\`.`,
    );
  }
  const values: Record<string, number> = {};
  for (const { QuotaCode: code, Value: value, Unit = 'None', Period: period } of parsed.data.Quotas) {
    const ours = unitOfCode.get(code);
    if (ours === undefined) continue;
    const factor = factorOf(Unit, ours);
    const periods = period === undefined ? 1 : periodsOf(period, ours);
    if (factor === null || periods === null) {
      const unit = period === undefined ? Unit : `${Unit} per ${period.PeriodValue} ${period.PeriodUnit}`;
      throw new UsageError(
        `The list of quotas ${path}: ${code} has the unit "${unit}", which cannot be converted to ${ours}. Take it out of the file, and give its value in ${ours} with --quota ${code}=….`,
      );
    }
    values[code] = value * factor * periods;
  }
  return values;
}

/** Unit of each quota by its code, and of its burst by that one's: a rate's burst is a count. */
const unitOfCode: ReadonlyMap<string, string> = new Map(
  quotaIds.flatMap((id) => {
    const { code, burstCode, unit } = quotaFact(id);
    return [
      ...(code === null ? [] : [[code, unit] satisfies [string, string]]),
      ...(burstCode === null ? [] : [[burstCode, unit.replace(/\/s$/, '')] satisfies [string, string]]),
    ];
  }),
);

const kib = 1_024;
/** Service Quotas' units of sizes and times (those of CloudWatch, and minutes to days), in bytes and seconds. */
const bytesIn: ReadonlyMap<string, number> = new Map([
  ['bytes', 1],
  ['kilobytes', kib],
  ['megabytes', kib ** 2],
  ['gigabytes', kib ** 3],
  ['terabytes', kib ** 4],
  ['bits', 1 / 8],
  ['kilobits', kib / 8],
  ['megabits', kib ** 2 / 8],
  ['gigabits', kib ** 3 / 8],
  ['terabits', kib ** 4 / 8],
]);
const secondsIn: ReadonlyMap<string, number> = new Map([
  ['microseconds', 1e-6],
  ['milliseconds', 1e-3],
  ['seconds', 1],
  ['minutes', 60],
  ['hours', 3_600],
  ['days', 86_400],
]);
/** A plain number: of a count, or of a rate, which has its time in its name. */
const plain: ReadonlySet<string> = new Set(['none', 'count', '']);
const rates: ReadonlyMap<string, number> = new Map([
  ['count/second', 1],
  ['count/minute', 1 / 60],
]);

const periodSeconds: ReadonlyMap<string, number> = new Map([
  ['MICROSECOND', 1e-6],
  ['MILLISECOND', 1e-3],
  ['SECOND', 1],
  ['MINUTE', 60],
  ['HOUR', 3_600],
  ['DAY', 86_400],
  ['WEEK', 604_800],
]);

/** What a value for a period is multiplied by; null where there is no such period. Of what is not a rate in this table, a period says nothing. */
function periodsOf(
  { PeriodValue, PeriodUnit }: { PeriodValue: number; PeriodUnit: string },
  ours: string,
): number | null {
  const seconds = (periodSeconds.get(PeriodUnit.toUpperCase()) ?? Number.NaN) * PeriodValue;
  if (Number.isNaN(seconds)) return null;
  if (ours.endsWith('/min')) return 60 / seconds;
  return ours.endsWith('/s') ? 1 / seconds : 1;
}

/** What a value in Service Quotas' unit is multiplied by; null where it has none that fits. */
function factorOf(unit: string, ours: string): number | null {
  const theirs = unit.toLowerCase();
  switch (ours) {
    case 'bytes':
      return bytesIn.get(theirs) ?? null;
    case 'MB':
      return (bytesIn.get(theirs) ?? Number.NaN) / kib ** 2 || null;
    case 's':
      return secondsIn.get(theirs) ?? null;
    default:
      if (plain.has(theirs)) return 1;
      return ours.endsWith('/s') ? (rates.get(theirs) ?? null) : null;
  }
}

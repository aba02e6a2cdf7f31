/** The table's capacity mode and warm throughput. */
import { provisionedWriteUnitHourUsd, usEast1Prices } from '../../aws/prices.ts';
import { hoursPerMonth } from '../cost/quantity.ts';
import { atBusiest, meanMoment, tableUnitRate } from '../demand/rates.ts';
import {
  type Context,
  type Draft,
  leastSavingUsd,
  notKnown,
  targetUtilisation,
  twoFigures,
  urgency,
} from './recommendation-terms.ts';

const writeUnitUsd = usEast1Prices.dynamodbWriteUnit.tiers[0].usd;
/** Provisioned hourly cost over on-demand: a WRU at $0.625/M and a WCU-hour at $0.00065 break even at 29% of use. */
const onDemandBreakEven = provisionedWriteUnitHourUsd / (writeUnitUsd * 3_600);

/** Of each table on demand. */
export const tableThroughput = (context: Context): Draft[] =>
  context.deployment.tables.flatMap(({ id, provisioned }) => (provisioned === null ? throughputOf(context, id) : []));

function throughputOf(context: Context, table: string): Draft[] {
  const { load, limits, projection, date, plan, deployment } = context;
  // As the rows of its quotas.
  const suffix = deployment.tables.length > 1 ? `.${table}` : '';
  const kinds = [
    { id: 'writes', units: 'writeUnits', unit: 'WRU/s', quotaId: `dynamodbOnDemandWrite${suffix}` },
    { id: 'reads', units: 'readUnits', unit: 'RRU/s', quotaId: `dynamodbOnDemandRead${suffix}` },
  ] as const;
  const warm = kinds.map(({ id, units, unit, quotaId }): Draft => {
    const present = limits.find((quota) => quota.id === quotaId)?.limit ?? null;
    const base = {
      ...urgency(projection, [quotaId]),
      setting: `warm throughput of ${table}`,
      id: `dynamodb.warmThroughput.${id}${suffix}`,
      subject: `warm throughput of ${table}, ${id}`,
      unit,
      present,
    };
    const peak = atBusiest(load, (moment) => tableUnitRate({ id: table, units }, moment, context));
    if (peak.kind === 'unknown') return { ...base, ...notKnown(peak.reason) };
    const exhausted = projection.exhaustions.find((each) => each.quotaId === quotaId);
    const needed = exhausted?.kind === 'at';
    const value = needed ? twoFigures(peak.value / targetUtilisation) : present;
    return {
      ...base,
      value,
      change: { quotas: { [quotaId]: value ?? 0 } },
      by: exhausted?.kind === 'at' ? exhausted.date : null,
      kind: needed ? 'set' : 'keep',
      facts: {
        of: 'warmThroughput',
        table,
        kind: id,
        unitsPerSecond: peak.value,
        present: present ?? 0,
        ...{ date, needed },
        utilisation: targetUtilisation,
      },
    };
  });
  const mean = tableUnitRate({ id: table, units: 'writeUnits' }, meanMoment(load), context);
  const peak = atBusiest(load, (moment) => tableUnitRate({ id: table, units: 'writeUnits' }, moment, context));
  const mode = {
    id: `dynamodb.mode${suffix}`,
    subject: `capacity mode of ${table}`,
    unit: 'mode',
    setting: `capacity mode of ${table}`,
    quotaIds: [],
    present: 'on-demand',
  };
  if (mean.kind === 'unknown' || peak.kind === 'unknown')
    return [{ ...mode, ...notKnown(mean.kind === 'unknown' ? mean.reason : 'The burst is not known.') }, ...warm];
  const meanUnits = (load.meanToPeak ?? 1) * mean.value;
  // A unit is the least that can be provisioned.
  const provisionedUnits = Math.max(1, peak.value);
  const use = meanUnits / provisionedUnits;
  const savingUsdPerMonth =
    hoursPerMonth * (meanUnits * 3_600 * writeUnitUsd - provisionedUnits * provisionedWriteUnitHourUsd);
  const onDemand = savingUsdPerMonth < leastSavingUsd;
  return [
    {
      ...mode,
      value: onDemand ? 'on-demand' : 'provisioned with auto scaling',
      kind: onDemand ? 'keep' : 'set',
      facts: {
        of: 'tableMode',
        table,
        plan: plan.name,
        meanUnitsPerSecond: meanUnits,
        burstUnitsPerSecond: peak.value,
        use,
        breakEven: onDemandBreakEven,
        ...{ savingUsdPerMonth, leastSavingUsd },
        onDemandUsdPerMillion: writeUnitUsd * 1e6,
        provisionedUsdPerHour: provisionedWriteUnitHourUsd,
      },
    },
    ...warm,
  ];
}

/** The table's capacity mode and warm throughput. */
import { provisionedWriteUnitHourUsd, usEast1Prices } from '../../aws/prices.ts';
import { atBusiest, meanMoment, tableUnitRate } from '../demand/rates.ts';
import {
  type Context,
  type Draft,
  figure,
  percent,
  targetUtilisation,
  twoFigures,
  urgency,
} from './recommendation-terms.ts';

const writeUnitUsd = usEast1Prices.dynamodbWriteUnit.tiers[0].usd;
/** Provisioned hourly cost over on-demand: a WRU at $0.625/M and a WCU-hour at $0.00065 break even at 29% of use. */
const onDemandBreakEven = provisionedWriteUnitHourUsd / (writeUnitUsd * 3_600);

export function tableThroughput(context: Context): Draft[] {
  const { load, coefficients, limits, projection, date, plan } = context;
  const kinds = [
    { id: 'writes', units: 'writeUnits', unit: 'WRU/s', quotaId: 'dynamodbOnDemandWrite' },
    { id: 'reads', units: 'readUnits', unit: 'RRU/s', quotaId: 'dynamodbOnDemandRead' },
  ] as const;
  const warm = kinds.map(({ id, units, unit, quotaId }): Draft => {
    const present = limits.find((quota) => quota.id === quotaId)?.limit ?? null;
    const base = {
      ...urgency(projection, [quotaId]),
      setting: 'warm throughput of the table',
      id: `dynamodb.warmThroughput.${id}`,
      subject: `warm throughput of the table, ${id}`,
      unit,
      present,
    };
    const peak = atBusiest(load, (moment) => tableUnitRate(moment, coefficients, units));
    if (peak.kind === 'unknown') return { ...base, value: null, kind: 'unknown', calculation: peak.reason };
    const exhausted = projection.exhaustions.find((each) => each.quotaId === quotaId);
    const needed = exhausted?.kind === 'at';
    const value = needed ? twoFigures(peak.value / targetUtilisation) : present;
    return {
      ...base,
      value,
      change: { quotas: { [quotaId]: value ?? 0 } },
      by: exhausted?.kind === 'at' ? exhausted.date : null,
      kind: needed ? 'set' : 'keep',
      ...(!needed && { action: `The table does not need pre-warming for its ${id}.` }),
      calculation: `${figure(peak.value)} ${unit} in the burst on ${date}; an on-demand table takes ${figure(present ?? 0)} immediately, or twice its previous peak. ${needed ? `The load outgrows that: pre-warm to the burst / ${targetUtilisation}.` : 'It grows with the load: no need to pre-warm.'}`,
    };
  });
  const mean = tableUnitRate(meanMoment(load), coefficients, 'writeUnits');
  const peak = atBusiest(load, (moment) => tableUnitRate(moment, coefficients, 'writeUnits'));
  const mode: Draft = {
    id: 'dynamodb.mode',
    subject: 'capacity mode of the table',
    unit: 'mode',
    setting: 'capacity mode of the table',
    quotaIds: [],
    present: 'on-demand',
    value: null,
    kind: 'unknown',
    calculation: '',
  };
  if (mean.kind === 'unknown' || peak.kind === 'unknown')
    return [{ ...mode, calculation: mean.kind === 'unknown' ? mean.reason : 'The burst is not known.' }, ...warm];
  const use = peak.value > 0 ? ((load.meanToPeak ?? 1) * mean.value) / peak.value : 0;
  const onDemand = use < onDemandBreakEven;
  return [
    {
      ...mode,
      value: onDemand ? 'on-demand' : 'provisioned with auto scaling',
      kind: onDemand ? 'keep' : 'set',
      action: onDemand ? 'Keep the table on-demand.' : 'Give the table provisioned capacity with auto scaling.',
      calculation: `Mean / burst: ${figure((load.meanToPeak ?? 1) * mean.value)} / ${figure(peak.value)} WRU/s = ${percent(use)} of the capacity to provision for “${plan.name}”; provisioned is cheaper above ${percent(onDemandBreakEven)} ($${writeUnitUsd * 1e6} per million WRU against $${provisionedWriteUnitHourUsd} per WCU-hour, the latter unconfirmed).`,
    },
    ...warm,
  ];
}

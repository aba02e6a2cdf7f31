/** What invokes functions of the stack by itself: custom resources as it is made, and schedules. Pure. */
import { propertiesOf } from '../../template/properties.ts';
import { isObject } from '../../template/template-error.ts';
import type { CustomResourceModel, ScheduleModel } from './model.ts';
import type { TemplateResource } from './resources.ts';

/** @throws {TemplateError} for one whose function is not the stack's. */
export function customResourceOf(
  resource: TemplateResource,
  functionNames: ReadonlyMap<string, string>,
): CustomResourceModel {
  const { logicalId, type, properties } = resource;
  const read = propertiesOf(resource);
  const functionName = functionNames.get(read.neededText('ServiceToken'));
  if (functionName === undefined)
    throw read.error('ServiceToken', 'is no function of the stack: the local target does not support this resource');
  return { logicalId, type, functionName, properties };
}

const unitMs: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/** None for a rule that is disabled. @throws {TemplateError} for a rule of events, a cron expression, and targets other than functions. */
export function scheduleOf(
  resource: TemplateResource,
  arn: string,
  functionNames: ReadonlyMap<string, string>,
): ScheduleModel[] {
  const read = propertiesOf(resource);
  if (read.text('State') === 'DISABLED') return [];
  if (read.json('EventPattern') !== undefined)
    throw read.error('EventPattern', 'the local target does not support this property of AWS::Events::Rule');
  const expression = read.neededText('ScheduleExpression');
  const [, count = '', unit = ''] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  const everyMs = Number(count) * (unitMs[unit] ?? Number.NaN);
  if (!(everyMs > 0)) throw read.error('ScheduleExpression', `${expression} is not supported: rates only`);
  const targets = read.json('Targets');
  const given = (Array.isArray(targets) ? targets : []).filter(isObject);
  const functionNamesOf = given.map(({ Arn }) => {
    const name = functionNames.get(String(Arn));
    if (name === undefined) throw read.error('Targets', `${String(Arn)} is not supported: functions of the stack only`);
    return name;
  });
  const [input] = given.map(({ Input }) => Input);
  return [
    {
      ...{ logicalId: resource.logicalId, arn, everyMs, functionNames: functionNamesOf },
      input: typeof input === 'string' ? input : null,
    },
  ];
}

/** What invokes functions of the stack by itself: custom resources as it is made, and schedules. Pure. */
import { propertiesOf } from '../../template/properties.ts';
import { isObject, type Json } from '../../template/template-error.ts';
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

/** None for a rule that is disabled. @throws {TemplateError} for a rule of events, a cron expression, targets other than functions, and inputs that are made of the event. */
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
  return [{ logicalId: resource.logicalId, arn, everyMs, targets: given.map(targetOf) }];

  function targetOf({ Arn, Input, ...rest }: Readonly<Record<string, Json>>) {
    const functionName = functionNames.get(String(Arn));
    if (functionName === undefined)
      throw read.error('Targets', `${String(Arn)} is not supported: functions of the stack only`);
    for (const name of ['InputPath', 'InputTransformer'])
      if (rest[name] !== undefined)
        throw read.error(`Targets.${name}`, 'is not supported: use Input, or read the event in the function');
    return { functionName, input: typeof Input === 'string' ? Input : null };
  }
}

/** What invokes functions of the stack as it is made: custom resources. Pure. */
import { propertiesOf } from '../../template/properties.ts';
import type { CustomResourceModel } from './model.ts';
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

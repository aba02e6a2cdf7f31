/** API keys of a REST API: those that a usage plan lets through to its stage. Source: API Gateway developer guide, "Usage plans and API keys", read November 2026. */
import { uuidOf } from '../../../template/identities.ts';
import { type PropertyReader, propertiesOf } from '../../../template/properties.ts';
import { isObject } from '../../../template/template-error.ts';
import type { TemplateResource } from '../resources.ts';

/** Values that the header `x-api-key` may have. */
export function apiKeysOf(
  resources: readonly TemplateResource[],
  { apiId, stage }: { apiId: string; stage: string },
): string[] {
  const of = (kind: TemplateResource['kind']): PropertyReader[] =>
    resources.filter((resource) => resource.kind === kind).map(propertiesOf);
  const plans = of('usagePlan').filter((plan) => {
    const stages = plan.json('ApiStages');
    return (Array.isArray(stages) ? stages : []).some(
      (one) => isObject(one) && one.ApiId === apiId && one.Stage === stage,
    );
  });
  const planIds = new Set(plans.map(({ logicalId }) => logicalId));
  const keyIds = new Set(
    of('usagePlanKey')
      .filter((link) => planIds.has(link.neededText('UsagePlanId')))
      .map((link) => link.neededText('KeyId')),
  );
  return of('apiKey')
    .filter((key) => keyIds.has(key.logicalId) && key.flag('Enabled') !== false)
    .map(keyValue);
}

/** AWS makes one of its own where the template has none: the same template makes the same one here. */
const keyValue = (key: PropertyReader): string => key.text('Value') ?? uuidOf(key.logicalId).replaceAll('-', '');

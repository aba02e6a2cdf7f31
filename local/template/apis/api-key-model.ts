/**
 * API keys of a REST API: those that a usage plan lets through to its stage, with what the plan gives each of them.
 * Source: API Gateway developer guide, "Usage plans and API keys", read November 2026.
 */
import { uuidOf } from '../../../template/identities.ts';
import { type PropertyReader, propertiesOf } from '../../../template/properties.ts';
import { isObject, type Json } from '../../../template/template-error.ts';
import type { TemplateResource } from '../resources.ts';
import type { ApiKeyModel, KeyQuotaModel, ThrottleModel, UsagePlanModel } from './api-models.ts';

interface OfStage {
  apiId: string;
  stage: string;
}

/** The plans of a stage. @throws {TemplateError} for a throttle or a quota that API Gateway would refuse. */
export function usagePlansOf(resources: readonly TemplateResource[], of: OfStage): UsagePlanModel[] {
  return readsOf(resources, 'usagePlan').flatMap((plan) => {
    const stage = stageOf(plan, of);
    if (stage === undefined) return [];
    const perMethod = isObject(stage.Throttle) ? stage.Throttle : {};
    const routes = Object.entries(perMethod).flatMap(([key, throttle]) => {
      const found = throttleOf(plan, `ApiStages.Throttle.${key}`, throttle);
      return found === null ? [] : [[routeKeyOf(key), found] as const];
    });
    return [
      {
        logicalId: plan.logicalId,
        throttle: throttleOf(plan, 'Throttle', plan.json('Throttle')),
        quota: quotaOf(plan),
        routes: Object.fromEntries(routes),
      },
    ];
  });
}

/** Those that the header `x-api-key` may have. */
export function apiKeysOf(resources: readonly TemplateResource[], plans: readonly UsagePlanModel[]): ApiKeyModel[] {
  const links = readsOf(resources, 'usagePlanKey').map((link) => ({
    plan: link.neededText('UsagePlanId'),
    key: link.neededText('KeyId'),
  }));
  return readsOf(resources, 'apiKey')
    .filter((key) => key.flag('Enabled') !== false)
    .flatMap((key) => {
      const link = links.find(
        ({ plan, key: id }) => id === key.logicalId && plans.some(({ logicalId }) => logicalId === plan),
      );
      return link === undefined ? [] : [{ id: key.logicalId, value: keyValue(key), plan: link.plan }];
    });
}

const readsOf = (resources: readonly TemplateResource[], of: TemplateResource['kind']): PropertyReader[] =>
  resources.filter(({ kind }) => kind === of).map(propertiesOf);

function stageOf(plan: PropertyReader, { apiId, stage }: OfStage): { [key: string]: Json } | undefined {
  const stages = plan.json('ApiStages');
  return (Array.isArray(stages) ? stages : [])
    .filter(isObject)
    .find((one) => one.ApiId === apiId && one.Stage === stage);
}

/** `/orders/{id}/GET` → `GET /orders/{id}`. */
function routeKeyOf(key: string): string {
  const at = key.lastIndexOf('/');
  const method = key.slice(at + 1);
  return `${method === '*' ? 'ANY' : method} ${key.slice(0, at).replace(/^\/\//, '/') || '/'}`;
}

function throttleOf(plan: PropertyReader, property: string, given: Json | undefined): ThrottleModel | null {
  const { RateLimit: rate, BurstLimit: burst } = isObject(given) ? given : {};
  if (rate === undefined && burst === undefined) return null;
  if (rate === undefined || burst === undefined)
    throw plan.error(property, 'the local target needs RateLimit and BurstLimit together');
  return { ratePerSecond: Number(rate), burst: Number(burst) };
}

const lastOffset = { DAY: 0, WEEK: 6, MONTH: 27 } as const;
const isPeriod = (text: string): text is KeyQuotaModel['period'] => Object.hasOwn(lastOffset, text);

function quotaOf(plan: PropertyReader): KeyQuotaModel | null {
  const given = plan.json('Quota');
  if (!isObject(given) || given.Limit === undefined) return null;
  const period = String(given.Period);
  if (!isPeriod(period)) throw plan.error('Quota.Period', `expected DAY, WEEK or MONTH, found ${period}`);
  const offset = Number(given.Offset ?? 0);
  if (!(offset >= 0 && offset <= lastOffset[period]))
    throw plan.error('Quota.Offset', `expected 0 to ${lastOffset[period]} where the period is ${period}`);
  return { limit: Number(given.Limit), period, offset };
}

/** AWS makes one of its own where the template has none: the same template makes the same one here. */
const keyValue = (key: PropertyReader): string => key.text('Value') ?? uuidOf(key.logicalId).replaceAll('-', '');

/** What requests must be before API Gateway passes them on: models, and request validators of REST APIs. */
import type { PropertyReader } from '../../../template/properties.ts';
import type { MessageRulesModel, RequestRulesModel } from './api-models.ts';
import { BodyChecks, type BodyModels, builtInModels } from './body-models.ts';

/** @param reads those of one API. */
export const modelsOf = (reads: readonly PropertyReader[]): BodyModels =>
  Object.fromEntries(reads.map((read) => [read.text('Name') ?? read.logicalId, read.json('Schema') ?? {}]));

export const restModelsOf = (reads: readonly PropertyReader[]): BodyModels => ({
  ...builtInModels,
  ...modelsOf(reads),
});

/** Of a method of a REST API; null where nothing is validated. @throws {TemplateError} for what it names and is not there. */
export function requestRulesOf(
  method: PropertyReader,
  { apiId, validators, models }: { apiId: string; validators: readonly PropertyReader[]; models: BodyModels },
): RequestRulesModel | null {
  const id = method.text('RequestValidatorId');
  if (id === undefined) return null;
  const validator = validators.find(({ logicalId }) => logicalId === id);
  if (validator === undefined) throw method.error('RequestValidatorId', `the API has no request validator ${id}`);
  const needed = Object.entries(method.textMap('RequestParameters')).filter(([, isNeeded]) => isNeeded === 'true');
  return {
    parameters: validator.flag('ValidateRequestParameters') ? needed.map(([name]) => name) : [],
    bodies: validator.flag('ValidateRequestBody') ? bodiesOf(method, new BodyChecks(apiId, models)) : {},
  };
}

/** Of a route of a WebSocket API; null where nothing is validated. @throws {TemplateError} as those of a method. */
export function messageRulesOf(
  route: PropertyReader,
  { apiId, models }: { apiId: string; models: BodyModels },
): MessageRulesModel | null {
  const selection = route.text('ModelSelectionExpression');
  return selection === undefined ? null : { selection, bodies: bodiesOf(route, new BodyChecks(apiId, models)) };
}

function bodiesOf(read: PropertyReader, checks: BodyChecks): Readonly<Record<string, string>> {
  const bodies = read.textMap('RequestModels');
  for (const [key, name] of Object.entries(bodies)) {
    try {
      checks.checkOf(name);
    } catch (error) {
      throw read.error(`RequestModels.${key}`, error instanceof Error ? error.message : String(error));
    }
  }
  return bodies;
}

// biome-ignore-all lint/suspicious/noTemplateCurlyInString: stage variables of API Gateway
/** Stage variables in the URIs of integrations (`${stageVariables.function}`): each API has one stage here, so they are known. Source: API Gateway developer guide, "Use stage variables", read November 2026. Pure. */
import { isObject, type Json } from '../../../template/template-error.ts';
import type { TemplateResource } from '../resources.ts';

type Resource = Pick<TemplateResource, 'kind' | 'properties'>;

/** The resources with every variable in its place. One that the stage does not have stays as it is written. */
export function withStageVariables<Each extends Resource>(resources: readonly Each[]): Each[] {
  return resources.map((resource) => {
    const { kind, properties } = resource;
    if (kind === 'integration') {
      const variables = variablesOf(resources, 'stage', { id: properties.ApiId, of: 'ApiId', in: 'StageVariables' });
      return { ...resource, properties: { ...properties, ...placed(properties, 'IntegrationUri', variables) } };
    }
    if (kind === 'restMethod' && isObject(properties.Integration)) {
      const variables = variablesOf(resources, 'restStage', {
        id: properties.RestApiId,
        of: 'RestApiId',
        in: 'Variables',
      });
      const Integration = { ...properties.Integration, ...placed(properties.Integration, 'Uri', variables) };
      return { ...resource, properties: { ...properties, Integration } };
    }
    return resource;
  });
}

function variablesOf(
  resources: readonly Resource[],
  kind: Resource['kind'],
  api: { id: Json | undefined; of: string; in: string },
): Readonly<Record<string, Json>> {
  const stage = resources.find((each) => each.kind === kind && each.properties[api.of] === api.id);
  const variables = stage?.properties[api.in];
  return isObject(variables) ? variables : {};
}

function placed(
  properties: Readonly<Record<string, Json>>,
  name: string,
  variables: Readonly<Record<string, Json>>,
): Record<string, Json> {
  const uri = properties[name];
  if (typeof uri !== 'string' || !uri.includes('${stageVariables.')) return {};
  const text = uri.replaceAll(/\$\{stageVariables\.([A-Za-z0-9_]+)\}/g, (whole, variable: string) =>
    Object.hasOwn(variables, variable) ? String(variables[variable]) : whole,
  );
  return { [name]: text };
}

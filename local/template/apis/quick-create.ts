/** HTTP APIs that name their target themselves: API Gateway makes the stage, the route and the integration. Source: API reference, CreateApi, read November 2026. Pure. */
import type { TemplateResource } from '../resources.ts';

/** The resources with those that such an API stands for. */
export function withQuickCreated(
  resources: readonly TemplateResource[],
  apiIdOf: (logicalId: string) => string,
): TemplateResource[] {
  return resources.flatMap((api): TemplateResource[] => {
    const { Target: target, RouteKey = '$default', CredentialsArn } = api.properties;
    if (api.kind !== 'api' || typeof target !== 'string') return [api];
    const { logicalId, metadata } = api;
    const ApiId = apiIdOf(logicalId);
    const made = (kind: TemplateResource['kind'], type: string, properties: TemplateResource['properties']) => ({
      ...{ logicalId: `${logicalId}/${kind}`, kind, type: `AWS::ApiGatewayV2::${type}`, metadata },
      properties: { ApiId, ...properties },
    });
    const isUrl = /^https?:/.test(target);
    return [
      api,
      made('stage', 'Stage', { StageName: '$default', AutoDeploy: true }),
      made('integration', 'Integration', {
        ...{ IntegrationType: isUrl ? 'HTTP_PROXY' : 'AWS_PROXY', IntegrationUri: target, PayloadFormatVersion: '2.0' },
        ...(isUrl && { IntegrationMethod: 'ANY' }),
        ...(CredentialsArn !== undefined && { CredentialsArn }),
      }),
      made('route', 'Route', { RouteKey, Target: `integrations/${logicalId}/integration` }),
    ];
  });
}

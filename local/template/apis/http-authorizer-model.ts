/** Authorizers of HTTP APIs. Source: CloudFormation reference, AWS::ApiGatewayV2::Authorizer, read November 2026. */
import type { PropertyReader } from '../../../template/properties.ts';
import { isObject } from '../../../template/template-error.ts';
import type { HttpAuthorizerModel } from './api-models.ts';
import { type ApiSource, functionNameOf, isPermittedAuthorizer, namedAuthorizer } from './api-source.ts';

/** @throws {TemplateError} for what is not supported, by its name. */
export function httpAuthorizerOf(
  source: ApiSource,
  route: PropertyReader,
  { api, apiId }: { api: string; apiId: string },
): HttpAuthorizerModel | null {
  const type = route.text('AuthorizationType') ?? 'NONE';
  switch (type) {
    case 'NONE':
      return null;
    case 'CUSTOM':
      return functionAuthorizer(source, namedAuthorizer(source, route), { api, apiId });
    case 'JWT':
      return jwtAuthorizer(namedAuthorizer(source, route), route.texts('AuthorizationScopes'));
    case 'AWS_IAM':
      return { kind: 'iam', service: 'execute-api' };
    default:
      throw route.error('AuthorizationType', `${type} is not supported: NONE, CUSTOM, JWT and AWS_IAM only`);
  }
}

function functionAuthorizer(
  source: ApiSource,
  read: PropertyReader,
  { api, apiId }: { api: string; apiId: string },
): HttpAuthorizerModel {
  if (read.text('AuthorizerType') !== 'REQUEST')
    throw read.error('AuthorizerType', 'only REQUEST is supported for the AuthorizationType CUSTOM');
  const functionName = functionNameOf(source, read, 'AuthorizerUri');
  const payloadVersion = read.neededText('AuthorizerPayloadFormatVersion');
  if (payloadVersion !== '2.0' && payloadVersion !== '1.0')
    throw read.error('AuthorizerPayloadFormatVersion', `${payloadVersion} is not supported: 1.0 and 2.0 only`);
  const simpleResponses = read.flag('EnableSimpleResponses') ?? false;
  if (simpleResponses && payloadVersion === '1.0')
    throw read.error('EnableSimpleResponses', 'needs the AuthorizerPayloadFormatVersion 2.0');
  return {
    ...{ kind: 'function', logicalId: read.logicalId, functionName, payloadVersion, simpleResponses },
    identitySources: identitySourcesOf(read),
    resultTtlMs: 1_000 * (read.number('AuthorizerResultTtlInSeconds') ?? 0),
    permitted: isPermittedAuthorizer(source, read, { api, apiId, functionName }),
  };
}

function jwtAuthorizer(read: PropertyReader, scopes: readonly string[]): HttpAuthorizerModel {
  if (read.text('AuthorizerType') !== 'JWT')
    throw read.error('AuthorizerType', 'only JWT is supported for the AuthorizationType JWT');
  const given = read.json('JwtConfiguration');
  const { Issuer: issuer, Audience: audience = [] } = isObject(given) ? given : {};
  if (typeof issuer !== 'string' || !URL.canParse(issuer))
    throw read.error('JwtConfiguration', 'needs an Issuer: the URL below which its keys are published');
  const [identitySource = '$request.header.Authorization'] = identitySourcesOf(read);
  return { kind: 'jwt', issuer, audience: [audience].flat().map(String), identitySource, scopes };
}

function identitySourcesOf(read: PropertyReader): string[] {
  const given = read.json('IdentitySource');
  const sources = given === undefined ? [] : [given].flat().map(String);
  for (const source of sources) {
    if (!/^\$(?:request\.(?:querystring|header|path)|context|stageVariables)\..+$/.test(source))
      throw read.error('IdentitySource', `${source} is not supported: $request, $context and $stageVariables only`);
  }
  return sources;
}

/** URLs of functions (AWS::Lambda::Url), each as an HTTP API with one route. Source: Lambda developer guide, "Creating and managing function URLs", read November 2026. */
import { type PropertyReader, propertiesOf } from '../../../template/properties.ts';
import { missingForUrl } from '../permissions.ts';
import type { HttpApiModel } from './api-models.ts';
import { type ApiSource, functionNamed } from './api-source.ts';
import { corsOf } from './cors-model.ts';

/** The longest timeout of a function, 15 min: a URL has none of its own. */
const urlTimeoutMs = 900_000;

export function functionUrlsOf(source: ApiSource): HttpApiModel[] {
  return source.resources
    .filter(({ kind }) => kind === 'functionUrl')
    .map(propertiesOf)
    .map((read) => source.problems.attempt(() => functionUrlOf(source, read)))
    .filter((url) => url !== null);
}

function functionUrlOf(source: ApiSource, read: PropertyReader): HttpApiModel {
  const isSigned = read.neededText('AuthType') === 'AWS_IAM';
  const functionName = functionNamed(source, read.neededText('TargetFunctionArn'), (problem) =>
    read.error('TargetFunctionArn', problem),
  );
  return {
    kind: 'functionUrl',
    logicalId: read.logicalId,
    apiId: source.urlIdOf(read.logicalId),
    stage: '$default',
    stageVariables: {},
    ...{ defaultThrottle: null, accessLogs: false },
    routes: [
      {
        routeKey: '$default',
        // Who may sign for it is not checked.
        permitted: isSigned || isPublic(source, read, functionName),
        integration: { kind: 'lambda', functionName, timeoutMs: urlTimeoutMs, payloadVersion: '2.0' },
        authorizer: isSigned ? { kind: 'iam', service: 'lambda' } : null,
        ...{ throttle: null, detailedMetrics: false },
      },
    ],
    cors: corsOf(read, 'Cors'),
  };
}

/** Anybody may only if a permission says so, as CloudFormation does not add it by itself. */
function isPublic(source: ApiSource, read: PropertyReader, functionName: string): boolean {
  const missing = missingForUrl(source.permissions, functionName);
  if (missing.length > 0) source.warnings.push({ kind: 'urlNotPublic', url: read.logicalId, functionName, missing });
  return missing.length === 0;
}

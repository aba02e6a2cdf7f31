// biome-ignore-all lint/suspicious/noTemplateCurlyInString: stage variables of API Gateway
import { expect, test } from 'vitest';
import { withStageVariables } from './stage-variables.ts';

const uri = 'arn:aws:lambda:us-east-1:1:function:${stageVariables.fn}';

test('a variable of the API’s own stage takes its place in the URI; another stays as it is written', () => {
  const stage = (ApiId: string, fn: string) => ({
    kind: 'stage' as const,
    properties: { ApiId, StageVariables: { fn } },
  });
  const integration = (ApiId: string, IntegrationUri: string) => ({
    kind: 'integration' as const,
    properties: { ApiId, IntegrationUri },
  });
  const all = [
    stage('a', 'one'),
    stage('b', 'two'),
    integration('b', uri),
    integration('b', '${stageVariables.other}'),
  ];
  expect(withStageVariables(all).map(({ properties }) => properties)).toMatchObject([
    {},
    {},
    { IntegrationUri: 'arn:aws:lambda:us-east-1:1:function:two' },
    { IntegrationUri: '${stageVariables.other}' },
  ]);
});

test('of a REST API, in the integration of a method', () => {
  const all = [
    { kind: 'restStage' as const, properties: { RestApiId: 'a', Variables: { fn: 'one' } } },
    { kind: 'restMethod' as const, properties: { RestApiId: 'a', Integration: { Type: 'AWS_PROXY', Uri: uri } } },
  ];
  expect(withStageVariables(all)[1]?.properties.Integration).toEqual({
    ...{ Type: 'AWS_PROXY', Uri: 'arn:aws:lambda:us-east-1:1:function:one' },
  });
});

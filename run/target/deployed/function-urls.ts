/** URLs of functions, as Lambda describes them. */
import { GetFunctionUrlConfigCommand } from '@aws-sdk/client-lambda';
import type { ResourceNames } from '../../../graph/integrations.ts';
import type { Api } from '../../../graph/model.ts';
import { ask, type Clients } from './clients.ts';
import type { DeployedResource } from './stack-resources.ts';

export interface DescribedUrl {
  node: Api;
  url: string;
}

/** Its function's ARN or, where something stands in for AWS, its name; with an alias where it is the URL of one. */
const targetPattern = /^(?:arn:[^:]+:lambda:[^:]*:[^:]*:function:)?([^:]+)(?::([^:]+))?$/;

/** By its physical id. */
export async function describeFunctionUrl(
  { lambda }: Clients,
  { id, physicalId }: DeployedResource,
  { functions }: ResourceNames,
): Promise<DescribedUrl> {
  const [, name = physicalId, Qualifier] = targetPattern.exec(physicalId) ?? [];
  const { FunctionUrl = '', AuthType } = await ask(
    `The URL ${id} of a function`,
    lambda.send(new GetFunctionUrlConfigCommand({ FunctionName: name, ...(Qualifier !== undefined && { Qualifier }) })),
  );
  const of = functions.get(name);
  return {
    url: FunctionUrl,
    node: {
      ...{ id, kind: 'functionUrl', apiId: urlIdOf(FunctionUrl), name, stages: ['$default'] },
      routes: [
        {
          key: '$default',
          integration: of === undefined ? { kind: 'outside', what: name } : { kind: 'function', id: of },
          authorizer: AuthType === 'AWS_IAM' ? { kind: 'iam' } : null,
        },
      ],
    },
  };
}

/** The first part of its host. */
const urlIdOf = (url: string): string => (URL.canParse(url) ? (new URL(url).hostname.split('.')[0] ?? '') : '');

/** URLs of functions, as Lambda describes them. */
import { GetFunctionUrlConfigCommand } from '@aws-sdk/client-lambda';
import type { ResourceNames } from '../../../graph/integrations.ts';
import type { Api } from '../../../graph/model.ts';
import { arnName } from '../../../graph/references.ts';
import { ask, type Clients } from './clients.ts';
import type { DeployedResource } from './stack-resources.ts';

export interface DescribedUrl {
  node: Api;
  url: string;
}

/** By its physical id, which is its function's ARN, with an alias where it is the URL of one. */
export async function describeFunctionUrl(
  { lambda }: Clients,
  { id, physicalId }: DeployedResource,
  { functions }: ResourceNames,
): Promise<DescribedUrl> {
  const name = arnName(physicalId)?.name ?? physicalId;
  const Qualifier = /^arn:[^:]+:lambda:[^:]*:[^:]*:function:[^:]+:([^:]+)$/.exec(physicalId)?.[1];
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

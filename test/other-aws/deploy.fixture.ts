/** Deploys a template on a server that stands in for AWS. */
import { setTimeout as sleep } from 'node:timers/promises';
import { CloudFormationClient, CreateStackCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';

export const region = 'us-east-1';

/** @throws with the reason when it does not come up. */
export async function deploy(endpoint: string, StackName: string, template: object): Promise<void> {
  const client = new CloudFormationClient({ region, endpoint });
  try {
    await client.send(
      new CreateStackCommand({
        StackName,
        TemplateBody: JSON.stringify(template),
        Capabilities: ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM'],
      }),
    );
    for (;;) {
      const { Stacks } = await client.send(new DescribeStacksCommand({ StackName }));
      const { StackStatus = '', StackStatusReason = '' } = Stacks?.[0] ?? {};
      if (StackStatus === 'CREATE_COMPLETE') return;
      if (!StackStatus.endsWith('IN_PROGRESS')) throw new Error(`${StackName} is ${StackStatus}: ${StackStatusReason}`);
      await sleep(200);
    }
  } finally {
    client.destroy();
  }
}

export interface Resource {
  Type: string;
  Properties?: Record<string, unknown>;
}

export interface Template {
  Resources: Record<string, Resource>;
  Outputs?: Record<string, unknown>;
}

export function withoutTypes(template: Template, types: readonly string[]): Template {
  const kept = Object.entries(template.Resources).filter(([, { Type }]) => !types.includes(Type));
  return { ...template, Resources: Object.fromEntries(kept) };
}

/** Without resources of these types, and with code that need not be uploaded: nothing is invoked. */
export function reduced(template: Template, without: readonly string[]): Template {
  const resources = Object.entries(withoutTypes(template, without).Resources).map(
    ([id, resource]): [string, Resource] =>
      resource.Type === 'AWS::Lambda::Function'
        ? [
            id,
            {
              ...resource,
              Properties: { ...resource.Properties, Code: { ZipFile: 'exports.handler = async () => {};' } },
            },
          ]
        : [id, resource],
  );
  return { ...template, Resources: Object.fromEntries(resources) };
}

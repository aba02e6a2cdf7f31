/** Deploys a template on a server that stands in for AWS. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CloudFormationClient, CreateStackCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { zipOf } from '../gallery/zip-file.fixture.ts';

export const region = 'us-east-1';

/** Those that such a server takes, for the SDK’s clients. */
export function useTestCredentials(): void {
  process.env.AWS_ACCESS_KEY_ID = 'test';
  process.env.AWS_SECRET_ACCESS_KEY = 'test';
}

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

interface Resource {
  Type: string;
  Properties?: Record<string, unknown>;
}

export interface Template {
  Resources: Record<string, Resource>;
  Outputs?: Record<string, unknown>;
}

function withoutTypes(template: Template, types: readonly string[]): Template {
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

/** It refuses these, and nothing of the load needs them. */
const refusedByMinistack = ['AWS::ApiGatewayV2::RouteResponse', 'AWS::CloudWatch::Alarm', 'AWS::CloudWatch::Dashboard'];

/** A template of a cloud assembly as ministack deploys it, its code uploaded there. */
export async function templateForMinistack(
  { templatePath, assemblyDir }: { templatePath: string; assemblyDir: string },
  url: string,
): Promise<Template> {
  const template: Template = JSON.parse(readFileSync(templatePath, 'utf8'));
  return await uploaded(withoutTypes(template, refusedByMinistack), assemblyDir, url);
}

/** The template with its code uploaded. */
async function uploaded(template: Template, assemblyDir: string, url: string): Promise<Template> {
  await fetch(`${url}/code`, { method: 'PUT' });
  const resources = Object.entries(template.Resources).map(async ([id, resource]): Promise<[string, Resource]> => {
    const { S3Key: key } = Object(resource.Properties?.Code);
    if (resource.Type !== 'AWS::Lambda::Function' || typeof key !== 'string') return [id, resource];
    const folder = join(assemblyDir, `asset.${key.replace('.zip', '')}`);
    const files = readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]);
    await fetch(`${url}/code/${key}`, { method: 'PUT', body: new Uint8Array(zipOf(Object.fromEntries(files))) });
    return [id, { ...resource, Properties: { ...resource.Properties, Code: { S3Bucket: 'code', S3Key: key } } }];
  });
  return { ...template, Resources: Object.fromEntries(await Promise.all(resources)) };
}

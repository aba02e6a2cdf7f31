/** Permissions of each role: everything it needs and nothing else. */
import type { Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { templateOf } from './template.fixture.ts';

interface Statement {
  Effect: string;
  Action: string | string[];
  Resource: unknown;
}

interface Resource {
  Type: string;
  Properties: Record<string, unknown>;
}

/** Actions of the roles with this name prefix, each with its resource as JSON. */
function permissionsOf(template: Template, role: string): string[] {
  const resources = Object.entries(template.toJSON().Resources as Record<string, Resource>);
  return resources
    .filter(([id, { Type }]) => id.startsWith(`${role}Role`) && /^AWS::IAM::(Role|Policy)$/.test(Type))
    .flatMap(([, { Properties }]) => {
      const inline = (Properties.Policies as { PolicyDocument: unknown }[] | undefined) ?? [];
      return [Properties, ...inline].map(
        ({ PolicyDocument }) => PolicyDocument as { Statement: Statement[] } | undefined,
      );
    })
    .flatMap((document) => document?.Statement ?? [])
    .flatMap(({ Action, Resource }) => [Action].flat().map((action) => `${action} on ${placeOf(Resource)}`))
    .toSorted();
}

/** A resource without the hashes in its name. */
function placeOf(resource: unknown): string {
  const { 'Fn::GetAtt': attribute, Ref, 'Fn::Join': join } = resource as Record<string, [string, unknown[]] | string>;
  if (Array.isArray(attribute)) return attribute[0].replace(/[0-9A-F]{8}$/, '');
  if (typeof Ref === 'string') return Ref.replace(/[0-9A-F]{8}$/, '');
  if (Array.isArray(join)) return join[1].map((part) => (typeof part === 'string' ? part : placeOf(part))).join('');
  return JSON.stringify(resource);
}

let template: Template;
let direct: Template;
beforeAll(() => {
  template = templateOf();
  direct = templateOf({ ingest: 'direct' });
}, 60_000);

describe('least privilege', () => {
  const pushes = 'arn:AWS::Partition:execute-api:AWS::Region:AWS::AccountId:websocket/prod/POST/@connections/*';
  const log = (role: string) => [`logs:CreateLogStream on ${role}Log`, `logs:PutLogEvents on ${role}Log`];
  const consume = ['ChangeMessageVisibility', 'DeleteMessage', 'GetQueueAttributes', 'GetQueueUrl', 'ReceiveMessage'];

  it.each([
    ['Authorize', ['secretsmanager:GetSecretValue on SecretsToken']],
    ['Connect', ['dynamodb:PutItem on table']],
    ['Disconnect', ['BatchWriteItem', 'DeleteItem', 'GetItem'].map((action) => `dynamodb:${action} on table`)],
    [
      'Message',
      [
        ...['DeleteItem', 'PutItem', 'Query', 'UpdateItem'].map((action) => `dynamodb:${action} on table`),
        `execute-api:ManageConnections on ${pushes}`,
      ],
    ],
    ['Ingest', ['secretsmanager:GetSecretValue on SecretsWebhook', 'sqs:SendMessage on queue']],
    [
      'Deliver',
      [
        ...['DeleteItem', 'GetItem', 'Query', 'UpdateItem'].map((action) => `dynamodb:${action} on table`),
        `execute-api:ManageConnections on ${pushes}`,
        ...consume.map((action) => `sqs:${action} on queue`),
      ],
    ],
  ])('%s may do this and nothing else', (role, permissions) => {
    expect(permissionsOf(template, role)).toEqual([...permissions, ...log(role)].toSorted());
  });

  it('gives no role a managed policy', () => {
    for (const { Properties } of Object.values(template.findResources('AWS::IAM::Role'))) {
      expect(Properties).not.toHaveProperty('ManagedPolicyArns');
    }
  });

  it('keeps secrets out of the template and every environment', () => {
    for (const { Properties } of Object.values(template.findResources('AWS::SecretsManager::Secret'))) {
      expect(Properties).not.toHaveProperty('SecretString');
      expect(Properties.GenerateSecretString).toMatchObject({ PasswordLength: 64, ExcludePunctuation: true });
    }
    expect(JSON.stringify(template.toJSON())).not.toContain('{{resolve:');
  });

  it('in the variant direct, lets the consumer verify, and gives the challenge function no permissions', () => {
    expect(
      permissionsOf(direct, 'Deliver').filter((permission) => !permissionsOf(template, 'Deliver').includes(permission)),
    ).toEqual(['secretsmanager:GetSecretValue on SecretsWebhook']);
    expect(permissionsOf(direct, 'Challenge')).toEqual(log('Challenge'));
    expect(permissionsOf(direct, 'Ingest')).toEqual([]);
  });
});

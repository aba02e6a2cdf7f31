/**
 * Whether API Gateway may invoke a function, by the resource-based policy that AWS::Lambda::Permission makes.
 * Source: Lambda developer guide, "Working with resource-based IAM policies"; IAM user guide, ArnLike, read November 2026. Pure.
 */
import { propertiesOf } from '../../template/properties.ts';
import type { TemplateResource } from './resources.ts';

export interface Permission {
  logicalId: string;
  action: string;
  functionName: string;
  principal: string;
  /** Null: from anywhere. */
  sourceArn: string | null;
  sourceAccount: string | null;
}

const invokes = ['lambda:InvokeFunction', 'lambda:Invoke*', 'lambda:*', '*'];
const invokesByUrl = ['lambda:InvokeFunctionUrl', 'lambda:Invoke*', 'lambda:*', '*'];

/** @param functionOf the function that a name or ARN means; null for one that is not of the stack. */
export function permissionsOf(
  resources: readonly TemplateResource[],
  functionOf: (reference: string) => string | null,
): Permission[] {
  return resources
    .filter(({ kind }) => kind === 'permission')
    .flatMap((resource): Permission[] => {
      const read = propertiesOf(resource);
      const functionName = functionOf(read.neededText('FunctionName'));
      if (functionName === null) return [];
      return [
        {
          logicalId: resource.logicalId,
          action: read.neededText('Action'),
          functionName,
          principal: read.neededText('Principal'),
          sourceArn: read.text('SourceArn') ?? null,
          sourceAccount: read.text('SourceAccount') ?? null,
        },
      ];
    });
}

/** Whether API Gateway may invoke it for this source: `arn:aws:execute-api:{region}:{account}:{api}/{stage}/{route}`. */
export function mayInvoke(permissions: readonly Permission[], functionName: string, sourceArn: string): boolean {
  const account = sourceArn.split(':')[4];
  return permissions.some(
    (permission) =>
      invokes.includes(permission.action) &&
      permission.functionName === functionName &&
      (permission.principal === 'apigateway.amazonaws.com' || permission.principal === '*') &&
      (permission.sourceAccount === null || permission.sourceAccount === account) &&
      (permission.sourceArn === null || isArnLike(permission.sourceArn, sourceArn)),
  );
}

/** Whether anybody may invoke it by its URL. */
export const isPublicByUrl = (permissions: readonly Permission[], functionName: string): boolean =>
  permissions.some(
    (permission) =>
      invokesByUrl.includes(permission.action) &&
      permission.functionName === functionName &&
      permission.principal === '*',
  );

/** Each part between colons by itself; `*` is any text, `?` any character. */
export function isArnLike(pattern: string, arn: string): boolean {
  const wanted = pattern.split(':');
  const given = arn.split(':');
  // The resource may have colons of its own.
  const parts = (all: string[]) => [...all.slice(0, 5), all.slice(5).join(':')];
  const right = parts(given);
  return parts(wanted).every((part, index) => glob(part).test(right[index] ?? ''));
}

function glob(pattern: string): RegExp {
  const escaped = pattern.replaceAll(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, 's');
}

/**
 * Who may invoke a function: API Gateway, SNS, everybody by its URL, by the resource-based policy that AWS::Lambda::Permission makes.
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
  /** For requests of this kind to its URL alone; null: of any. */
  urlAuthType: string | null;
  /** For requests to its URL alone. */
  onlyByUrl: boolean;
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
          urlAuthType: read.text('FunctionUrlAuthType') ?? null,
          onlyByUrl: read.flag('InvokedViaFunctionUrl') ?? false,
        },
      ];
    });
}

/** Whether API Gateway may invoke it for this source: `arn:aws:execute-api:{region}:{account}:{api}/{stage}/{route}`. `principal`: another service. */
export function mayInvoke(
  permissions: readonly Permission[],
  functionName: string,
  sourceArn: string,
  principal = 'apigateway.amazonaws.com',
): boolean {
  const account = sourceArn.split(':')[4];
  return permissions.some(
    (permission) =>
      invokes.includes(permission.action) &&
      permission.functionName === functionName &&
      !permission.onlyByUrl &&
      (permission.principal === principal || permission.principal === '*') &&
      (permission.sourceAccount === null || permission.sourceAccount === account) &&
      (permission.sourceArn === null || isArnLike(permission.sourceArn, sourceArn)),
  );
}

export type UrlAction = 'lambda:InvokeFunctionUrl' | 'lambda:InvokeFunction';

/**
 * What keeps anybody from invoking it by its URL: actions that no permission allows everybody. Since October 2025 both are needed (Lambda developer guide,
 * "Control access to Lambda function URLs", read November 2026).
 */
export function missingForUrl(permissions: readonly Permission[], functionName: string): UrlAction[] {
  const isAllowed = (actions: readonly string[]) =>
    permissions.some(
      (permission) =>
        actions.includes(permission.action) &&
        permission.functionName === functionName &&
        permission.principal === '*' &&
        (permission.urlAuthType === null || permission.urlAuthType === 'NONE') &&
        permission.sourceArn === null,
    );
  return [
    ...(isAllowed(invokesByUrl) ? [] : (['lambda:InvokeFunctionUrl'] as const)),
    ...(isAllowed(invokes) ? [] : (['lambda:InvokeFunction'] as const)),
  ];
}

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

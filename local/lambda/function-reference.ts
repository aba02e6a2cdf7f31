/** What `FunctionName` may be in a request: a name, `account:function:name`, or an ARN, each with an optional `:qualifier`. Pure. */
import type { FunctionModel } from '../template/model.ts';

export type FunctionReference = { kind: 'found'; model: FunctionModel } | { kind: 'unknown'; arn: string };

const arnPattern =
  /^(?:arn:aws[a-z-]*:lambda:([a-z0-9-]+):)?(?:(\d{12}):)?(?:function:)?([A-Za-z0-9_-]+)(?::(\$LATEST|[A-Za-z0-9_-]+))?$/;

/** There is one version of the code: `$LATEST`, and the versions and aliases that the template has, are names of it. `null`: not a valid function name. */
export function findFunction(
  functions: readonly FunctionModel[],
  reference: string,
  qualifier: string | null,
): FunctionReference | null {
  const match = arnPattern.exec(reference);
  if (!match) return null;
  const [, region, accountId, name = '', inName] = match;
  const version = qualifier ?? inName ?? null;
  const model = functions.find(({ functionName }) => functionName === name);
  const [, , , ownRegion = '', ownAccount = ''] = (model ?? functions[0])?.arn.split(':') ?? [];
  const elsewhere = (region ?? ownRegion) !== ownRegion || (accountId ?? ownAccount) !== ownAccount;
  const isKnown = version === null || version === '$LATEST' || (model?.qualifiers?.includes(version) ?? false);
  if (model && !elsewhere && isKnown) return { kind: 'found', model };
  const suffix = version === null ? '' : `:${version}`;
  return {
    kind: 'unknown',
    arn: `arn:aws:lambda:${region ?? ownRegion}:${accountId ?? ownAccount}:function:${name}${suffix}`,
  };
}

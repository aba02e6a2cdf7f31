/** Logical ids: the names by which series, headroom rows and reports speak of a resource. CDK's own end in a hash. */
import { CfnElement } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

export function setLogicalId({ node }: Construct, logicalId: string): void {
  const resource = node.defaultChild;
  if (!(resource instanceof CfnElement)) throw new Error(`${node.path} has no resource of its own.`);
  resource.overrideLogicalId(logicalId);
}

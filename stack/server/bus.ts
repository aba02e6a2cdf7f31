/** What carries messages between tasks: Valkey's pub-sub, of which nothing is kept. */
import { SubnetType } from 'aws-cdk-lib/aws-ec2';
import { CfnReplicationGroup, CfnSubnetGroup } from 'aws-cdk-lib/aws-elasticache';
import { Construct } from 'constructs';
import { busPort, type Network } from './network.ts';
import type { ServerSettings } from './server-settings.ts';

/** Cluster mode off: with it, each publish would go to every node. ElastiCache user guide, "Pub/Sub", read November 2026. */
const engine = { engine: 'valkey', engineVersion: '8.1' };

export class Bus extends Construct {
  readonly url: string;

  constructor(
    scope: Construct,
    id: string,
    { settings, network }: { settings: ServerSettings['bus']; network: Network },
  ) {
    super(scope, id);
    const { subnetIds } = network.vpc.selectSubnets({ subnetType: SubnetType.PUBLIC });
    const subnets = new CfnSubnetGroup(this, 'Subnets', { description: 'Subnets of the bus', subnetIds });
    const several = settings.nodes > 1;
    const group = new CfnReplicationGroup(this, 'Group', {
      ...engine,
      replicationGroupDescription: 'Carries messages between the tasks of the service',
      cacheNodeType: settings.nodeType,
      numCacheClusters: settings.nodes,
      automaticFailoverEnabled: several,
      multiAzEnabled: several,
      cacheSubnetGroupName: subnets.ref,
      securityGroupIds: [network.busGroup.securityGroupId],
      port: busPort,
      atRestEncryptionEnabled: true,
      transitEncryptionEnabled: true,
    });
    group.overrideLogicalId('bus');
    this.url = `rediss://${group.attrPrimaryEndPointAddress}:${busPort}`;
  }
}

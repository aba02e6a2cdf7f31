/** Where the database is, and who reaches it: a network of its own for functions, or that of the tasks of a service. */
import { RemovalPolicy } from 'aws-cdk-lib';
import {
  FlowLogDestination,
  FlowLogTrafficType,
  type IConnectable,
  type IVpc,
  SecurityGroup,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { type ILogGroup, LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { Network } from '../functions.ts';
import type { StackSettings } from '../settings/settings.ts';

/** Where functions are, and a proxy beside them. */
export interface StoreNetwork extends Network {
  /** Of tasks, which reach the store as well. Null: there are none. */
  tasks: IConnectable | null;
}

/** Functions of this network push, and so reach @connections, SQS and Secrets Manager through a NAT gateway. */
export function functionsNetwork(scope: Construct, { database, logRetentionDays }: StackSettings): StoreNetwork {
  // The casts: these types and their interfaces conflict under exactOptionalPropertyTypes, as of aws-cdk-lib 2.276.
  const vpc = new Vpc(scope, 'Vpc', {
    maxAzs: 2,
    natGateways: database.natGateways,
    subnetConfiguration: [
      { name: 'Public', subnetType: SubnetType.PUBLIC, mapPublicIpOnLaunch: false, cidrMask: 24 },
      { name: 'Functions', subnetType: SubnetType.PRIVATE_WITH_EGRESS, cidrMask: 20 },
      { name: 'Database', subnetType: SubnetType.PRIVATE_ISOLATED, cidrMask: 24 },
    ],
  }) as IVpc;
  // What was let through is the stack's own traffic, and would be most of the log.
  vpc.addFlowLog('Refused', {
    trafficType: FlowLogTrafficType.REJECT,
    destination: FlowLogDestination.toCloudWatchLogs(
      new LogGroup(scope, 'RefusedLog', {
        retention: logRetentionDays,
        removalPolicy: RemovalPolicy.DESTROY,
      }) as ILogGroup,
    ),
  });
  const securityGroup = new SecurityGroup(scope, 'FunctionsGroup', { vpc, description: 'Functions of the stack' });
  return { vpc, subnetType: SubnetType.PRIVATE_WITH_EGRESS, securityGroup, tasks: null };
}

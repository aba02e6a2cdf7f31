/**
 * The network of the service: public subnets in two zones, without NAT gateways, which cost more than a small service. Tasks have public addresses to reach AWS's
 * services, and accept connections from the load balancer alone.
 */
import { RemovalPolicy } from 'aws-cdk-lib';
import {
  FlowLogDestination,
  FlowLogTrafficType,
  GatewayVpcEndpointAwsService,
  type IVpc,
  Peer,
  Port,
  SecurityGroup,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { StackSettings } from '../settings.ts';

export const taskPort = 8_080;
export const busPort = 6_379;

export class Network extends Construct {
  /** The cast: the class and the interface conflict under exactOptionalPropertyTypes, as of aws-cdk-lib 2.276. */
  readonly vpc: IVpc;
  readonly balancerGroup: SecurityGroup;
  readonly taskGroup: SecurityGroup;
  readonly busGroup: SecurityGroup;

  constructor(scope: Construct, id: string, { server, logRetentionDays }: StackSettings) {
    super(scope, id);
    this.vpc = new Vpc(this, 'Vpc', {
      maxAzs: 2,
      natGateways: 0,
      subnetConfiguration: [{ name: 'public', subnetType: SubnetType.PUBLIC, cidrMask: 20 }],
      // Needs a function of its own.
      restrictDefaultSecurityGroup: false,
      gatewayEndpoints: {
        table: { service: GatewayVpcEndpointAwsService.DYNAMODB },
        image: { service: GatewayVpcEndpointAwsService.S3 },
      },
      flowLogs: {
        rejected: {
          trafficType: FlowLogTrafficType.REJECT,
          destination: FlowLogDestination.toCloudWatchLogs(
            new LogGroup(this, 'FlowLog', { retention: logRetentionDays, removalPolicy: RemovalPolicy.DESTROY }),
          ),
        },
      },
    }) as IVpc;
    const group = (name: string, description: string) =>
      new SecurityGroup(this, name, { vpc: this.vpc, description, allowAllOutbound: true });
    this.balancerGroup = group('BalancerGroup', 'Clients and webhook providers');
    this.taskGroup = group('TaskGroup', 'Tasks: from the load balancer alone');
    this.busGroup = group('BusGroup', 'The bus: from tasks alone');
    this.balancerGroup.addIngressRule(Peer.anyIpv4(), Port.tcp(server.certificateArn === null ? 80 : 443), 'Anybody');
    this.taskGroup.addIngressRule(this.balancerGroup, Port.tcp(taskPort), 'The load balancer');
    this.busGroup.addIngressRule(this.taskGroup, Port.tcp(busPort), 'Tasks');
  }
}

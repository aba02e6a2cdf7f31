/**
 * The network of the service: public subnets in two zones, without NAT gateways, which cost more than a small service. Whatever calls AWS's services has a public
 * address: a task on Fargate its own, tasks on EC2 that of their instance, on whose network they are (bridge mode), because ECS gives a task on EC2 with a network interface of its own
 * no public address. Only the load balancer may connect to them. Source: ECS developer guide, "Task networking", read November 2026.
 */
import { RemovalPolicy } from 'aws-cdk-lib';
import {
  FlowLogDestination,
  FlowLogTrafficType,
  GatewayVpcEndpointAwsService,
  InterfaceVpcEndpointAwsService,
  type IVpc,
  Peer,
  Port,
  SecurityGroup,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { StoreNetwork } from '../postgres/store-network.ts';
import type { StackSettings } from '../settings/settings.ts';

export const taskPort = 8_080;
export const busPort = 6_379;
/** From which Docker takes the port of an instance behind which a task listens. ECS API, PortMapping, read November 2026. */
const instancePorts = { first: 32_768, last: 65_535 };

export class Network extends Construct {
  /** The cast: the class and the interface conflict under exactOptionalPropertyTypes, as of aws-cdk-lib 2.276. */
  readonly vpc: IVpc;
  readonly balancerGroup: SecurityGroup;
  readonly taskGroup: SecurityGroup;
  readonly busGroup: SecurityGroup;
  /** Of a database and the functions that look after it. Null: the store is in DynamoDB. */
  readonly store: StoreNetwork | null;

  constructor(scope: Construct, id: string, { server, store, logRetentionDays }: StackSettings) {
    super(scope, id);
    const hasDatabase = store === 'postgres';
    this.vpc = new Vpc(this, 'Vpc', {
      maxAzs: 2,
      natGateways: 0,
      subnetConfiguration: [
        { name: 'public', subnetType: SubnetType.PUBLIC, cidrMask: 20 },
        ...(hasDatabase ? [{ name: 'store', subnetType: SubnetType.PRIVATE_ISOLATED, cidrMask: 24 }] : []),
      ],
      // Needs a function of its own.
      restrictDefaultSecurityGroup: false,
      gatewayEndpoints: {
        ...(!hasDatabase && { table: { service: GatewayVpcEndpointAwsService.DYNAMODB } }),
        // Where the answer of a custom resource goes, too.
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
    this.taskGroup.addIngressRule(
      this.balancerGroup,
      server.capacity === 'fargate' ? Port.tcp(taskPort) : Port.tcpRange(instancePorts.first, instancePorts.last),
      'The load balancer',
    );
    this.busGroup.addIngressRule(this.taskGroup, Port.tcp(busPort), 'Tasks');
    this.store = hasDatabase ? this.#storeNetwork(group('FunctionsGroup', 'Functions of the stack')) : null;
  }

  /** Nothing in it reaches the internet. The function that migrates reads passwords through an endpoint, which costs less than a NAT gateway. */
  #storeNetwork(securityGroup: SecurityGroup): StoreNetwork {
    const subnetType = SubnetType.PRIVATE_ISOLATED;
    const passwords = this.vpc.addInterfaceEndpoint('Passwords', {
      service: InterfaceVpcEndpointAwsService.SECRETS_MANAGER,
      subnets: { subnetType },
      open: false,
    });
    // Its name is that of the service in all of the network, for tasks as well.
    passwords.connections.allowDefaultPortFrom(securityGroup, 'Functions');
    passwords.connections.allowDefaultPortFrom(this.taskGroup, 'Tasks');
    return { vpc: this.vpc, subnetType, securityGroup, tasks: this.taskGroup };
  }
}

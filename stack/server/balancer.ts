/** The load balancer in front of the tasks: WebSockets and webhooks come to the same address. */
import { Aws, Duration, RemovalPolicy } from 'aws-cdk-lib';
import { SubnetType } from 'aws-cdk-lib/aws-ec2';
import {
  ApplicationListener,
  ApplicationLoadBalancer,
  ApplicationProtocol,
  ApplicationTargetGroup,
  ListenerCertificate,
  SslPolicy,
  TargetGroupLoadBalancingAlgorithmType,
  TargetType,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { setLogicalId } from '../logical-id.ts';
import type { StackSettings } from '../settings/settings.ts';
import { type Network, taskPort } from './network.ts';

const healthCheck = {
  path: '/health',
  interval: Duration.seconds(10),
  timeout: Duration.seconds(5),
  healthyThresholdCount: 2,
  unhealthyThresholdCount: 3,
};

export class Balancer extends Construct {
  readonly balancer: ApplicationLoadBalancer;
  readonly targets: ApplicationTargetGroup;
  readonly webSocketUrl: string;
  readonly webhookUrl: string;
  /** Without a slash at the end. */
  readonly url: string;

  constructor(scope: Construct, id: string, { settings, network }: { settings: StackSettings; network: Network }) {
    super(scope, id);
    const { server, logRetentionDays, stackName } = settings;
    this.balancer = new ApplicationLoadBalancer(this, 'Balancer', {
      vpc: network.vpc,
      vpcSubnets: { subnetType: SubnetType.PUBLIC },
      internetFacing: true,
      securityGroup: network.balancerGroup,
      idleTimeout: Duration.seconds(server.idleTimeoutSeconds),
      dropInvalidHeaderFields: true,
    });
    setLogicalId(this.balancer, 'balancer');
    const logs = new Bucket(this, 'Logs', {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      // The only kind that a load balancer writes to.
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      lifecycleRules: [{ expiration: Duration.days(logRetentionDays) }],
      // One that holds logs is not deleted with the stack.
      removalPolicy: RemovalPolicy.RETAIN,
    });
    if (settings.accessLogs.webhook) this.#logTo(logs, stackName);
    this.targets = new ApplicationTargetGroup(this, 'Targets', {
      vpc: network.vpc,
      port: taskPort,
      protocol: ApplicationProtocol.HTTP,
      // On EC2 tasks are on ports of their instance, which ECS registers.
      targetType: server.capacity === 'fargate' ? TargetType.IP : TargetType.INSTANCE,
      // A new task gets all new connections until it has as many as the others, and not only its share of them.
      loadBalancingAlgorithmType: TargetGroupLoadBalancingAlgorithmType.LEAST_OUTSTANDING_REQUESTS,
      deregistrationDelay: Duration.seconds(server.deregistrationDelaySeconds),
      healthCheck,
    });
    const isSecure = server.certificateArn !== null;
    new ApplicationListener(this, 'Listener', {
      loadBalancer: this.balancer,
      // The security group says who may come.
      open: false,
      defaultTargetGroups: [this.targets],
      ...(server.certificateArn === null
        ? { port: 80, protocol: ApplicationProtocol.HTTP }
        : {
            ...{ port: 443, protocol: ApplicationProtocol.HTTPS, sslPolicy: SslPolicy.RECOMMENDED_TLS },
            certificates: [ListenerCertificate.fromArn(server.certificateArn)],
          }),
    });
    const host = this.balancer.loadBalancerDnsName;
    this.webSocketUrl = `${isSecure ? 'wss' : 'ws'}://${host}/ws`;
    this.url = `${isSecure ? 'https' : 'http'}://${host}`;
    this.webhookUrl = `${this.url}/webhooks`;
  }

  /** CDK's own method needs the Region's number of ELB's old account; its service does not. Source: Elastic Load Balancing user guide, "Access logs", read November 2026. */
  #logTo(bucket: Bucket, prefix: string): void {
    bucket.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('logdelivery.elasticloadbalancing.amazonaws.com')],
        actions: ['s3:PutObject'],
        resources: [bucket.arnForObjects(`${prefix}/AWSLogs/${Aws.ACCOUNT_ID}/*`)],
      }),
    );
    this.balancer.setAttribute('access_logs.s3.enabled', 'true');
    this.balancer.setAttribute('access_logs.s3.bucket', bucket.bucketName);
    this.balancer.setAttribute('access_logs.s3.prefix', prefix);
    // It refuses to log to a bucket whose policy does not let it.
    const { policy } = bucket;
    if (policy !== undefined) this.balancer.node.addDependency(policy);
  }
}

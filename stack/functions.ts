/** One Lambda function: its role, its log group and the code that was bundled for it. */
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { ISecurityGroup, IVpc, SubnetType } from 'aws-cdk-lib/aws-ec2';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, type Code, Function as LambdaFunction, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { HandlerName } from './handler-names.ts';
import { setLogicalId } from './logical-id.ts';
import type { StackSettings } from './settings/settings.ts';

/** Where the code of a handler comes from: bundles in a deployment, inline code in a template test. */
export type CodeOf = (handler: HandlerName) => Code;

/** Where a function's network interfaces are. */
export interface Network {
  vpc: IVpc;
  subnetType: SubnetType;
  securityGroup: ISecurityGroup;
}

/** What Lambda needs to give a function network interfaces; none of it has a resource to name (Lambda developer guide, "VPC", read November 2026). */
const networkActions = [
  'ec2:CreateNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:DeleteNetworkInterface',
  'ec2:AssignPrivateIpAddresses',
  'ec2:UnassignPrivateIpAddresses',
];

interface HandlerFunctionProps {
  handler: HandlerName;
  description: string;
  code: Code;
  memoryMb: number;
  timeoutSeconds: number;
  reservedConcurrency: number | null;
  logRetentionDays: StackSettings['logRetentionDays'];
  tracing: boolean;
  environment: Record<string, string>;
  /** Null: Lambda's own network. */
  network: Network | null;
}

/**
 * A function whose role may only write its own log; everything else is granted with {@link allow}.
 * (The managed policy AWSLambdaBasicExecutionRole may write every log group of the account, so it is not used.)
 */
export class HandlerFunction extends Construct {
  readonly function: LambdaFunction;
  readonly role: Role;

  constructor(scope: Construct, id: string, props: HandlerFunctionProps) {
    super(scope, id);
    const logGroup = new LogGroup(this, 'Log', {
      retention: props.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      inlinePolicies: {
        Log: new PolicyDocument({
          statements: [
            new PolicyStatement({
              actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
              resources: [logGroup.logGroupArn],
            }),
          ],
        }),
        ...(props.network !== null && {
          Network: new PolicyDocument({
            statements: [new PolicyStatement({ actions: networkActions, resources: ['*'] })],
          }),
        }),
      },
    });
    this.function = new LambdaFunction(this, 'Function', {
      description: props.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code: props.code,
      role: this.role,
      logGroup,
      memorySize: props.memoryMb,
      timeout: Duration.seconds(props.timeoutSeconds),
      environment: props.environment,
      ...(props.network !== null && {
        vpc: props.network.vpc,
        vpcSubnets: { subnetType: props.network.subnetType },
        securityGroups: [props.network.securityGroup],
      }),
      // Adds what X-Ray needs to the role.
      ...(props.tracing && { tracing: Tracing.ACTIVE }),
      ...(props.reservedConcurrency !== null && { reservedConcurrentExecutions: props.reservedConcurrency }),
    });
    setLogicalId(this.function, props.handler);
  }

  /** Grants exactly these actions on exactly this resource. */
  allow(actions: string[], resource: string): void {
    this.role.addToPolicy(new PolicyStatement({ actions, resources: [resource] }));
  }
}

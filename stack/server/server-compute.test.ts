import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { templateOf } from '../template.fixture.ts';

const template = () => templateOf({ compute: 'server' });
const container = (of = template()) => {
  const { Properties } = of.toJSON().Resources.task;
  return { task: Properties, container: Properties.ContainerDefinitions[0] };
};

describe('the service of tasks', () => {
  it('has neither functions nor APIs', () => {
    for (const type of ['AWS::Lambda::Function', 'AWS::ApiGatewayV2::Api', 'AWS::Lambda::EventSourceMapping'])
      template().resourceCountIs(type, 0);
  });

  it('runs two tasks on Fargate, each new one healthy before an old one ends', () => {
    template().hasResourceProperties('AWS::ECS::Service', {
      LaunchType: 'FARGATE',
      DesiredCount: 2,
      DeploymentConfiguration: Match.objectLike({
        MinimumHealthyPercent: 100,
        MaximumPercent: 200,
        DeploymentCircuitBreaker: { Enable: true, Rollback: true },
      }),
    });
  });

  it('replaces tasks by the percentages of its settings, and may have instances for all of them', () => {
    const deployment = { minimumHealthyPercent: 50, maximumPercent: 150 };
    const onInstances = templateOf({ compute: 'server', server: { capacity: 'ec2', deployment, tasks: { most: 7 } } });
    onInstances.hasResourceProperties('AWS::ECS::Service', {
      DeploymentConfiguration: Match.objectLike({ MinimumHealthyPercent: 50, MaximumPercent: 150 }),
    });
    // An instance may have room for one task alone: 150% of seven are ten, rounded down.
    onInstances.hasResourceProperties('AWS::AutoScaling::AutoScalingGroup', { MaxSize: '10' });
  });

  it('gives a task time to close its connections, and descriptors for a million', () => {
    const { task, container: server } = container();
    expect(task).toMatchObject({ Cpu: '1024', Memory: '2048', RuntimePlatform: { CpuArchitecture: 'ARM64' } });
    expect(server.StopTimeout).toBe(70);
    expect(server.Ulimits).toEqual([{ Name: 'nofile', SoftLimit: 1_048_576, HardLimit: 1_048_576 }]);
    expect(server.ReadonlyRootFilesystem).toBe(true);
    expect(container(templateOf({ compute: 'server', server: { closeOverSeconds: 110 } })).container.StopTimeout).toBe(
      120,
    );
  });

  it('tells a task to ping three times in the idle timeout, and to keep connections longer than the load balancer', () => {
    template().hasResourceProperties('AWS::ElasticLoadBalancingV2::LoadBalancer', {
      LoadBalancerAttributes: Match.arrayWith([{ Key: 'idle_timeout.timeout_seconds', Value: '300' }]),
    });
    const variables = new Map(
      container().container.Environment.map(({ Name, Value }: { Name: string; Value: string }) => [Name, Value]),
    );
    expect(variables.get('PING_SECONDS')).toBe('100');
    expect(variables.get('KEEP_ALIVE_SECONDS')).toBe('315');
  });

  it('leaves half of the memory of a task to what V8 does not manage', () => {
    const small = templateOf({ compute: 'server', server: { memoryMb: 3_072 } });
    expect(container(small).container.Environment).toContainEqual({
      ...{ Name: 'NODE_OPTIONS', Value: '--max-old-space-size=1536' },
    });
  });

  it('drains a target for 5 s before its task is told, and asks it for its health', () => {
    template().hasResourceProperties('AWS::ElasticLoadBalancingV2::TargetGroup', {
      TargetType: 'ip',
      HealthCheckPath: '/health',
      TargetGroupAttributes: Match.arrayWith([{ Key: 'deregistration_delay.timeout_seconds', Value: '5' }]),
    });
  });

  it('scales by CPU and by open connections', () => {
    template().hasResourceProperties('AWS::ApplicationAutoScaling::ScalableTarget', {
      MinCapacity: 2,
      MaxCapacity: 10,
    });
    template().hasResourceProperties('AWS::ApplicationAutoScaling::ScalingPolicy', {
      TargetTrackingScalingPolicyConfiguration: Match.objectLike({
        TargetValue: 20_000,
        CustomizedMetricSpecification: Match.objectLike({ MetricName: 'OpenConnections', Statistic: 'Average' }),
      }),
    });
    template().hasResourceProperties('AWS::ApplicationAutoScaling::ScalingPolicy', {
      TargetTrackingScalingPolicyConfiguration: Match.objectLike({ TargetValue: 60 }),
    });
  });

  it('lets tasks do what they do, on the table, the queue and the secrets of the stack alone', () => {
    const policies = Object.values(template().findResources('AWS::IAM::Policy'));
    const statements = policies.flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
    const ofTable = statements.find(({ Action }) => [Action].flat().includes('dynamodb:Query'));
    expect(ofTable.Resource).toEqual({ 'Fn::GetAtt': ['table', 'Arn'] });
    const ofQueue = statements.find(({ Action }) => [Action].flat().includes('sqs:ReceiveMessage'));
    expect(ofQueue.Resource).toEqual({ 'Fn::GetAtt': ['queue', 'Arn'] });
    expect(JSON.stringify(statements)).not.toContain('"Resource":"*","Action":"dynamodb');
  });

  it('has a bus in two zones that takes over, encrypted, without cluster mode', () => {
    template().hasResourceProperties('AWS::ElastiCache::ReplicationGroup', {
      Engine: 'valkey',
      NumCacheClusters: 2,
      AutomaticFailoverEnabled: true,
      MultiAZEnabled: true,
      TransitEncryptionEnabled: true,
      ReplicasPerNodeGroup: Match.absent(),
    });
    templateOf({ compute: 'server', server: { bus: { nodes: 1 } } }).hasResourceProperties(
      'AWS::ElastiCache::ReplicationGroup',
      { NumCacheClusters: 1, AutomaticFailoverEnabled: false },
    );
  });

  it('serves TLS where it has a certificate', () => {
    const certificateArn = 'arn:aws:acm:us-east-1:123456789012:certificate/1a2b';
    const secure = templateOf({ compute: 'server', server: { certificateArn } });
    secure.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', {
      Port: 443,
      Protocol: 'HTTPS',
      Certificates: [{ CertificateArn: certificateArn }],
    });
    expect(JSON.stringify(secure.toJSON().Outputs.WebSocketUrl)).toContain('wss://');
    expect(JSON.stringify(template().toJSON().Outputs.WebSocketUrl)).toContain('ws://');
  });

  describe('with PostgreSQL', () => {
    const lent = templateOf({ compute: 'server', store: 'postgres' });
    const direct = templateOf({ compute: 'server', store: 'postgres', database: { proxy: false } });
    const variablesOf = (of: typeof lent): Map<string, unknown> =>
      new Map(container(of).container.Environment.map(({ Name, Value }: Record<string, unknown>) => [Name, Value]));

    it('is in one network, whose tasks and functions reach the database, without NAT gateways', () => {
      lent.resourceCountIs('AWS::EC2::VPC', 1);
      lent.resourceCountIs('AWS::EC2::NatGateway', 0);
      const rulesOf = (of: typeof lent) =>
        Object.values(of.findResources('AWS::EC2::SecurityGroupIngress')).map(
          ({ Properties: { Description } }) => Description,
        );
      expect(rulesOf(lent)).toEqual(
        expect.arrayContaining(['Tasks to the proxy', 'Functions to the proxy', 'Functions to the instance']),
      );
      expect(rulesOf(lent)).not.toContain('Tasks to the instance');
      expect(rulesOf(direct)).toEqual(expect.arrayContaining(['Tasks to the instance', 'Functions to the instance']));
    });

    it('tells a task where it signs in, and how many connections it keeps', () => {
      expect(variablesOf(lent).get('DATABASE_CONNECTIONS')).toBe('10');
      expect(variablesOf(lent).get('DATABASE_PORT')).toBe('5432');
      expect(variablesOf(lent).get('NODE_EXTRA_CA_CERTS')).toBeUndefined();
      expect(variablesOf(direct).get('DATABASE_PORT')).toBe('5433');
      expect(variablesOf(direct).get('NODE_EXTRA_CA_CERTS')).toBe('/app/rds.pem');
      expect(variablesOf(lent).get('TABLE_NAME')).toBeUndefined();
    });

    it('has functions for upkeep alone, and no task before the tables', () => {
      const { Resources } = lent.toJSON();
      const functions = Object.keys(lent.findResources('AWS::Lambda::Function'));
      expect(functions.toSorted()).toEqual(['expire', 'finished', 'migrate']);
      expect(Resources.service.DependsOn).toContain('Migrations');
    });

    it('lets tasks sign in as one role, and upkeep as another, at the instance', () => {
      const statements = Object.values(lent.findResources('AWS::IAM::Policy')).flatMap(
        ({ Properties }) => Properties.PolicyDocument.Statement,
      );
      const users = statements
        .filter(({ Action }) => Action === 'rds-db:connect')
        .map(({ Resource }) => /dbuser:.*\/(\w+)/.exec(JSON.stringify(Resource))?.[1]);
      expect(users.toSorted()).toEqual(['loadline', 'loadline_upkeep', 'loadline_upkeep']);
    });
  });

  it('runs on instances of its own, which come and go with its tasks', () => {
    const onInstances = templateOf({ compute: 'server', server: { capacity: 'ec2', instanceType: 'c7g.xlarge' } });
    onInstances.hasResourceProperties('AWS::EC2::LaunchTemplate', {
      LaunchTemplateData: Match.objectLike({ InstanceType: 'c7g.xlarge', MetadataOptions: { HttpTokens: 'required' } }),
    });
    onInstances.resourceCountIs('AWS::ECS::CapacityProvider', 1);
    onInstances.hasResourceProperties('AWS::ECS::Service', { LaunchType: Match.absent() });
  });

  it('reaches AWS from instances by their public addresses: a task on EC2 has none of its own', () => {
    const onInstances = templateOf({ compute: 'server', server: { capacity: 'ec2' } });
    const { task, container: server } = container(onInstances);
    expect([task.NetworkMode, server.PortMappings]).toEqual([
      'bridge',
      // The instance's port is chosen when a task starts, so that several share an instance.
      [{ ContainerPort: 8_080, HostPort: 0, Protocol: 'tcp' }],
    ]);
    onInstances.hasResourceProperties('AWS::ECS::Service', { NetworkConfiguration: Match.absent() });
    onInstances.hasResourceProperties('AWS::ElasticLoadBalancingV2::TargetGroup', { TargetType: 'instance' });
    onInstances.hasResourceProperties('AWS::EC2::LaunchTemplate', {
      LaunchTemplateData: Match.objectLike({
        NetworkInterfaces: [Match.objectLike({ AssociatePublicIpAddress: true, Groups: [Match.anyValue()] })],
      }),
    });
    const toTasks = Object.values(onInstances.findResources('AWS::EC2::SecurityGroupIngress')).map(
      ({ Properties: { Description, FromPort, ToPort } }) => [Description, FromPort, ToPort],
    );
    expect(toTasks).toContainEqual(['The load balancer', 32_768, 65_535]);
    // Without instances each task has its own.
    template().hasResourceProperties('AWS::ECS::Service', {
      NetworkConfiguration: { AwsvpcConfiguration: Match.objectLike({ AssignPublicIp: 'ENABLED' }) },
    });
    template().hasResourceProperties('AWS::ElasticLoadBalancingV2::TargetGroup', { TargetType: 'ip' });
  });
});

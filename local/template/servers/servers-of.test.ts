import { describe, expect, it } from 'vitest';
import { stackGraphOf } from '../stack-graph.ts';
import { readStackModel } from '../stack-model.ts';

const balancer = {
  Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
  Properties: { Name: 'front', LoadBalancerAttributes: [{ Key: 'idle_timeout.timeout_seconds', Value: '90' }] },
};
const targets = { Type: 'AWS::ElasticLoadBalancingV2::TargetGroup', Properties: { HealthCheckPath: '/up' } };
const listener = {
  Type: 'AWS::ElasticLoadBalancingV2::Listener',
  Properties: {
    LoadBalancerArn: { Ref: 'balancer' },
    DefaultActions: [{ Type: 'forward', TargetGroupArn: { Ref: 'targets' } }],
  },
};
const container = {
  Name: 'server',
  Command: ['node', '/app/index.mjs', '--verbose'],
  WorkingDirectory: '/app',
  Environment: [
    {
      Name: 'BUS',
      Value: { 'Fn::Join': ['', ['rediss://', { 'Fn::GetAtt': ['bus', 'PrimaryEndPoint.Address'] }, ':6379']] },
    },
  ],
};
const taskWith = (changes: object) => ({
  Type: 'AWS::ECS::TaskDefinition',
  Properties: { Cpu: '512', Memory: '1024', ContainerDefinitions: [{ ...container, ...changes }] },
});
const service = {
  Type: 'AWS::ECS::Service',
  Properties: {
    Cluster: { Ref: 'cluster' },
    DesiredCount: 3,
    TaskDefinition: { Ref: 'task' },
    LoadBalancers: [{ TargetGroupArn: { Ref: 'targets' }, ContainerName: 'server', ContainerPort: 80 }],
  },
};
const bus = { Type: 'AWS::ElastiCache::ReplicationGroup', Properties: { Engine: 'valkey' } };
const cluster = { Type: 'AWS::ECS::Cluster', Properties: { ClusterName: 'main' } };

const read = (task: object = taskWith({}), codeFolders: Record<string, string> = { task: '/code' }) =>
  readStackModel({
    input: {
      document: { Resources: { balancer, targets, listener, task, service, bus, cluster } },
      ...{ codeFolders, given: {}, ignore: [] },
    },
    ...{
      stackName: 'Chat',
      region: 'us-east-1',
      accountId: '123456789012',
      sqsUrl: 'http://sqs',
      gatewayAddress: null,
    },
  });

describe('a service of tasks in a template', () => {
  it('has its tasks, its load balancer and its cache', () => {
    const { balancers, services, caches } = read();
    expect(balancers).toMatchObject([
      {
        logicalId: 'balancer',
        idleTimeoutMs: 90_000,
        // AWS's default.
        targetGroup: { healthPath: '/up', deregistrationDelayMs: 300_000 },
      },
    ]);
    expect(balancers[0]?.fullName).toMatch(/^app\/front\/[0-9a-f]{16}$/);
    expect(balancers[0]?.dnsName).toMatch(/^front-[0-9a-f]{10}\.us-east-1\.elb\.amazonaws\.com$/);
    expect(services).toMatchObject([
      {
        ...{ logicalId: 'service', clusterName: 'main', desiredCount: 3 },
        targetGroup: balancers[0]?.targetGroup,
        task: {
          codeFolder: '/code',
          command: ['index.mjs', '--verbose'],
          cpuUnits: 512,
          memoryMb: 1_024,
          stopTimeoutMs: 30_000,
        },
      },
    ]);
    expect(services[0]?.task.environment.BUS).toBe(`rediss://${caches[0]?.host}:6379`);
  });

  it('is in the graph, with the name by which CloudWatch knows its load balancer', () => {
    const stack = read();
    const { services, loadBalancers } = stackGraphOf(stack, 'http://sqs');
    expect(services).toEqual([
      {
        id: 'service',
        name: stack.services[0]?.serviceName,
        cluster: 'main',
        tasks: 3,
        cpuUnits: 512,
        memoryMb: 1_024,
      },
    ]);
    expect(loadBalancers).toEqual([{ id: 'balancer', name: stack.balancers[0]?.fullName }]);
  });

  it('is refused where its container cannot run here, with the reason', () => {
    expect(() => read(taskWith({ Command: ['java', '-jar', 'app.jar'] }))).toThrow(
      'needs a Command of `node` and a file',
    );
    expect(() => read(taskWith({ Command: [] }))).toThrow('needs a Command of `node` and a file');
    expect(() => read(taskWith({ Command: ['node', '/opt/other.mjs'] }))).toThrow(
      'needs a Command of `node` and a file',
    );
    expect(() => read(taskWith({}), {})).toThrow('has an image whose code is not on this machine');
    expect(() => read(taskWith({ Secrets: [{ Name: 'A', ValueFrom: 'b' }] }))).toThrow('has Secrets');
  });
});

/** The service: its tasks, where they run, how many of them there are, and how one is replaced. */
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { AutoScalingGroup } from 'aws-cdk-lib/aws-autoscaling';
import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { BlockDeviceVolume, InstanceType, LaunchTemplate, SubnetType, UserData } from 'aws-cdk-lib/aws-ec2';
import {
  AmiHardwareType,
  AsgCapacityProvider,
  AwsLogDriver,
  type BaseService,
  CfnTaskDefinition,
  Cluster,
  Compatibility,
  ContainerInsights,
  CpuArchitecture,
  Ec2Service,
  EcsOptimizedImage,
  FargateService,
  type ICluster,
  NetworkMode,
  OperatingSystemFamily,
  TaskDefinition,
  UlimitName,
} from 'aws-cdk-lib/aws-ecs';
import { type IRole, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { setLogicalId } from '../logical-id.ts';
import type { StackSettings } from '../settings/settings.ts';
import type { Balancer } from './balancer.ts';
import { type Network, taskPort } from './network.ts';
import { type ImageOf, taskFile, taskFolder } from './task-image.ts';

/** A WebSocket takes a descriptor in its task. ECS's own default may be far less. */
const openFiles = 1_048_576;
/** Fargate's longest time between SIGTERM and SIGKILL. ECS API, ContainerDefinition, read November 2026. */
const longestStopSeconds = 120;
/** Of the ECS-optimized image of Amazon Linux 2023. ECS developer guide, read November 2026. */
const rootVolumeGb = 30;
/** Beyond the closing of connections, for what is in hand. */
const stopMarginSeconds = 10;

/**
 * Of a task's memory, for the heap of V8: by itself it takes a quarter of a container's, and the process ends there. The other half is for sockets and the code.
 * Node.js documentation, "--max-old-space-size", read November 2026; the share is an assumption.
 */
const heapShare = 0.5;

interface ServiceProps {
  settings: StackSettings;
  network: Network;
  balancer: Balancer;
  imageOf: ImageOf;
  environment: Record<string, string>;
}

export class Service extends Construct {
  readonly service: BaseService;
  readonly cluster: Cluster;
  readonly #definition: TaskDefinition;

  constructor(scope: Construct, id: string, props: ServiceProps) {
    super(scope, id);
    const { settings, network, balancer } = props;
    const { server } = settings;
    this.cluster = new Cluster(this, 'Cluster', { vpc: network.vpc, containerInsightsV2: ContainerInsights.ENABLED });
    setLogicalId(this.cluster, 'cluster');
    this.#definition = this.#taskDefinition(props);
    this.service = server.capacity === 'fargate' ? this.#onFargate(props) : this.#onInstances(props);
    setLogicalId(this.service, 'service');
    this.service.attachToApplicationTargetGroup(balancer.targets);
    this.#scale(settings);
  }

  /** Of the tasks. */
  get role(): IRole {
    return this.#definition.taskRole;
  }

  /** Grants the tasks exactly these actions on exactly this resource. */
  allow(actions: string[], resource: string): void {
    this.#definition.addToTaskRolePolicy(new PolicyStatement({ actions, resources: [resource] }));
  }

  #taskDefinition({ settings, imageOf, environment }: ServiceProps): TaskDefinition {
    const { server, logRetentionDays } = settings;
    const isFargate = server.capacity === 'fargate';
    const definition = new TaskDefinition(this, 'Task', {
      compatibility: isFargate ? Compatibility.FARGATE : Compatibility.EC2,
      // See network.ts.
      networkMode: isFargate ? NetworkMode.AWS_VPC : NetworkMode.BRIDGE,
      cpu: String(server.cpuUnits),
      memoryMiB: String(server.memoryMb),
      ...(isFargate && {
        runtimePlatform: { cpuArchitecture: CpuArchitecture.ARM64, operatingSystemFamily: OperatingSystemFamily.LINUX },
      }),
    });
    setLogicalId(definition, 'task');
    const { image, note } = imageOf(this);
    const logGroup = new LogGroup(this, 'Log', { retention: logRetentionDays, removalPolicy: RemovalPolicy.DESTROY });
    const container = definition.addContainer('Server', {
      image,
      // As the image has it; here as well, for whoever runs it without one.
      command: ['node', `${taskFolder}/${taskFile}`],
      workingDirectory: taskFolder,
      portMappings: [{ containerPort: taskPort }],
      environment: {
        ...environment,
        PORT: String(taskPort),
        NODE_OPTIONS: `--max-old-space-size=${Math.floor(server.memoryMb * heapShare)}`,
      },
      logging: new AwsLogDriver({ streamPrefix: 'task', logGroup }),
      readonlyRootFilesystem: true,
      stopTimeout: Duration.seconds(Math.min(longestStopSeconds, server.closeOverSeconds + stopMarginSeconds)),
    });
    container.addUlimits({ name: UlimitName.NOFILE, softLimit: openFiles, hardLimit: openFiles });
    const resource = definition.node.defaultChild;
    if (resource instanceof CfnTaskDefinition) note(resource);
    return definition;
  }

  /** With the percentages as they are by default, each new task is healthy before an old one ends; and a deployment whose tasks do not become healthy is taken back. */
  #rolling({ settings }: ServiceProps) {
    return {
      // The cast: the class and the interface conflict under exactOptionalPropertyTypes, as of aws-cdk-lib 2.276.
      cluster: this.cluster as ICluster,
      taskDefinition: this.#definition,
      desiredCount: settings.server.tasks.count,
      minHealthyPercent: settings.server.deployment.minimumHealthyPercent,
      maxHealthyPercent: settings.server.deployment.maximumPercent,
      circuitBreaker: { rollback: true },
      healthCheckGracePeriod: Duration.seconds(60),
    };
  }

  #onFargate(props: ServiceProps): FargateService {
    return new FargateService(this, 'Service', {
      ...this.#rolling(props),
      securityGroups: [props.network.taskGroup],
      vpcSubnets: { subnetType: SubnetType.PUBLIC },
      assignPublicIp: true,
    });
  }

  /** Instances come and go with the tasks that need them. */
  #onInstances(props: ServiceProps): Ec2Service {
    const { settings, network } = props;
    const { server } = settings;
    const group = new AutoScalingGroup(this, 'Instances', {
      vpc: network.vpc,
      vpcSubnets: { subnetType: SubnetType.PUBLIC },
      minCapacity: 1,
      // An instance may have room for one task alone, and a deployment needs room for the new ones beside the old.
      maxCapacity: Math.floor((server.tasks.most * server.deployment.maximumPercent) / 100),
      launchTemplate: new LaunchTemplate(this, 'Launch', {
        instanceType: new InstanceType(server.instanceType),
        machineImage: EcsOptimizedImage.amazonLinux2023(AmiHardwareType.ARM),
        securityGroup: network.taskGroup,
        // ECS adds what makes an instance join its cluster, and what it may do.
        userData: UserData.forLinux(),
        role: new Role(this, 'InstanceRole', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') }),
        // As the image has it, encrypted.
        blockDevices: [{ deviceName: '/dev/xvda', volume: BlockDeviceVolume.ebs(rootVolumeGb, { encrypted: true }) }],
        requireImdsv2: true,
        associatePublicIpAddress: true,
      }),
    });
    const provider = new AsgCapacityProvider(this, 'Capacity', {
      autoScalingGroup: group,
      enableManagedTerminationProtection: false,
      // ECS drains an instance itself: no hook with a function of its own.
      enableManagedDraining: true,
    });
    this.cluster.addAsgCapacityProvider(provider);
    return new Ec2Service(this, 'Service', {
      ...this.#rolling(props),
      capacityProviderStrategies: [{ capacityProvider: provider.capacityProviderName, weight: 1 }],
    });
  }

  /** By CPU, and by open connections, which no metric of AWS counts: an idle socket looks like no load at all. */
  #scale({ server, stackName }: StackSettings): void {
    const { count, least, most } = server.tasks;
    const scaling = this.service.autoScaleTaskCount({ minCapacity: least ?? count, maxCapacity: most });
    const slowly = { scaleInCooldown: Duration.minutes(10), scaleOutCooldown: Duration.minutes(1) };
    scaling.scaleOnCpuUtilization('Cpu', { targetUtilizationPercent: server.targetCpuPercent, ...slowly });
    scaling.scaleToTrackCustomMetric('Connections', {
      metric: new Metric({
        namespace: 'Loadline',
        metricName: 'OpenConnections',
        dimensionsMap: { Stack: stackName },
        statistic: Stats.AVERAGE,
        period: Duration.minutes(1),
      }),
      targetValue: server.connectionsPerTask,
      ...slowly,
    });
  }
}

/** Load balancers, services and caches of a template, as the local target serves them: plain data. */

export interface TargetGroupModel {
  arn: string;
  /** A task that answers it with 2xx or 3xx is healthy. */
  healthPath: string;
  deregistrationDelayMs: number;
}

export interface BalancerModel {
  logicalId: string;
  /** As CloudWatch names it: `app/<name>/<id>`. */
  fullName: string;
  dnsName: string;
  idleTimeoutMs: number;
  /** To whose tasks every request goes. */
  targetGroup: TargetGroupModel;
}

export interface ServiceModel {
  logicalId: string;
  serviceName: string;
  clusterName: string;
  desiredCount: number;
  /** Null: no load balancer has its tasks. */
  targetGroup: TargetGroupModel | null;
  task: TaskModel;
}

export interface TaskModel {
  /** Folder of the container's code. */
  codeFolder: string;
  /** What Node.js runs, relative to the folder, and its arguments. */
  command: readonly [string, ...string[]];
  environment: Readonly<Record<string, string>>;
  /** 1,024 are a vCPU. */
  cpuUnits: number;
  memoryMb: number;
  /** Between SIGTERM and SIGKILL. */
  stopTimeoutMs: number;
}

export interface CacheModel {
  logicalId: string;
  /** Host of its first node. */
  host: string;
  port: number;
}

export interface ServerModels {
  balancers: readonly BalancerModel[];
  services: readonly ServiceModel[];
  caches: readonly CacheModel[];
}

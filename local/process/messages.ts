/** The IPC messages between the processes of the local target. */
import type { StackGraph } from '../../graph/model.ts';
import type { InterferenceConfiguration } from '../interference/configuration.ts';
import type { SetFault } from '../interference/faults.ts';
import type { LocalDatabase, LocalModel } from '../model.ts';
import type { Notice } from '../notices.ts';
import type { Limits } from '../quota/limits.ts';
import type { DatabaseModel, DatabaseProxyModel, QueueModel, TableModel, TemplateWarning } from '../template/model.ts';
import type { LeftOut } from '../template/resources.ts';
import type { ServerModels } from '../template/servers/server-model.ts';
import type { TemplateInput } from '../template/stack-model.ts';
import type { PortFailure, PortName } from './listen.ts';

/** Ports to listen on; 0: the system picks a free one. */
export type Ports = Record<Exclude<PortName, 'postgres'>, number>;

export interface SupervisorConfiguration {
  stackName: string;
  region: string;
  input: TemplateInput;
  ports: Ports;
  gatewayProcesses: number;
  limits: Limits;
  logFolder: string | null;
  interference: InterferenceConfiguration;
  /** Whether somebody wants them. */
  notices: boolean;
  /** Code that changes is loaded again. */
  watch: boolean;
}

export interface DynamodbConfiguration {
  port: number;
  region: string;
  accountId: string;
  tables: readonly TableModel[];
  limits: Limits;
  /** Absent: nothing is added. */
  interference?: InterferenceConfiguration;
}

export interface SqsConfiguration {
  port: number;
  region: string;
  queues: readonly QueueModel[];
  limits: Limits;
  /** Absent: nothing is added. */
  interference?: InterferenceConfiguration;
}

export interface PostgresConfiguration {
  databases: readonly DatabaseModel[];
  proxies: readonly DatabaseProxyModel[];
  /** How long a database that has ended is gone. */
  failoverMs: number;
  /** Absent: nothing is added. */
  interference?: InterferenceConfiguration;
}

export interface PostgresReady {
  /** Host of a database or a proxy → `host:port` on this machine. */
  addresses: Readonly<Record<string, string>>;
  servers: readonly LocalDatabase[];
  /** Of the servers. */
  processIds: readonly number[];
}

export interface GatewayConfiguration {
  ports: { gateway: number; aws: number };
  /** 1: this process holds the WebSockets. More: as many edge processes do. */
  gatewayProcesses: number;
  dynamodbUrl: string;
  sqsUrl: string;
  /** Of databases and their proxies: host → `host:port` on this machine. Absent: there are none. */
  databaseAddresses?: Readonly<Record<string, string>>;
  stackName: string;
  region: string;
  accountId: string;
  input: TemplateInput;
  limits: Limits;
  logFolder: string | null;
  /** Absent: nothing is added. */
  interference?: InterferenceConfiguration;
  /** Whether the supervisor wants them. */
  notices?: boolean;
  /** Code that changes is loaded again. */
  watch?: boolean;
}

/** Of the load balancers, services and caches of a stack. */
export interface ServersConfiguration extends ServerModels {
  region: string;
  /** Of the first load balancer; 0: a free one. */
  port: number;
  endpoints: { dynamodbUrl: string; sqsUrl: string; awsUrl: string };
  /** Of databases and their proxies: host → `host:port` on this machine. Empty: there are none. */
  databaseAddresses: Readonly<Record<string, string>>;
  logFolder: string | null;
  /** Absent: nothing is added. */
  interference?: InterferenceConfiguration;
}

export interface ServersReady {
  /** Where the load balancers answer, as `host:port`. */
  addresses: readonly { logicalId: string; dnsName: string; address: string }[];
  /** A Valkey or Redis that is installed here, or what is built in, which carries messages and keeps nothing. Null: the stack has none. */
  cache: 'installed' | 'embedded' | null;
  /** Of its tasks, as they are at the start. */
  processIds: readonly number[];
}

/** Values of one metric in one second: batched, because a message costs more than a number. */
export interface MetricBatch {
  namespace: string;
  name: string;
  dimensions: Readonly<Record<string, string>>;
  unit: string;
  timestampMs: number;
  values: readonly number[];
}

/** From a parent to its child. */
export type Command<Configuration> =
  | { kind: 'start'; configuration: Configuration }
  | { kind: 'stop' }
  | { kind: 'metrics'; batches: readonly MetricBatch[] }
  /** From now on these are the faults; the child answers `faultsSet`. */
  | { kind: 'setFaults'; faults: readonly SetFault[] }
  /** Whether it still answers: it says `pong`, within the limit as far as its own children are concerned. */
  | { kind: 'ping'; limitMs: number };

/** From a child to its parent. */
export type Report<Ready> =
  | { kind: 'ready'; ready: Ready }
  /** `port`: present when a port is the reason. */
  | { kind: 'failed'; reason: string; port?: PortFailure | undefined }
  | { kind: 'metrics'; batches: readonly MetricBatch[] }
  /** To the supervisor: every process must get these faults, the sender last. */
  | { kind: 'spreadFaults'; faults: readonly SetFault[] }
  | { kind: 'faultsSet' }
  | { kind: 'notices'; notices: readonly Notice[] }
  /** Names of its children that do not answer. */
  | { kind: 'pong'; silent: readonly string[] }
  /** A child that did not end when it was asked to, and had to be killed. */
  | { kind: 'killed'; name: string };

export interface ServiceReady {
  url: string;
}
/** One URL for each AWS service, as an SDK accepts it as its endpoint. */
interface Endpoints {
  cloudwatch: string;
  dynamodb: string;
  sqs: string;
  secretsManager: string;
  lambda: string;
  serviceQuotas: string;
  /** Absent when the template has no WebSocket API. */
  apiGatewayManagementApi?: string;
}

/** Where an API of the stack answers. */
export interface ServedApi {
  logicalId: string;
  kind: 'webSocket' | 'http' | 'rest' | 'functionUrl';
  /** With the stage, as clients need it. */
  url: string;
}

export interface GatewayReady {
  /** Of every service at once, for AWS_ENDPOINT_URL. */
  endpointUrl: string;
  endpoints: Endpoints;
  apis: readonly ServedApi[];
  /** The template's outputs, by name. URLs of its APIs are those of this machine. */
  outputs: Readonly<Record<string, string>>;
  /** Current values of its secrets, by ARN. */
  secrets: Readonly<Record<string, string>>;
  /** Processes that the gateway started. */
  processIds: readonly number[];
}

export interface SupervisorReady extends GatewayReady {
  stackName: string;
  region: string;
  accountId: string;
  /** What of the template is not served. */
  leftOut: LeftOut;
  /** What works as on AWS, and perhaps not as its author expects. */
  warnings: readonly TemplateWarning[];
  /** Of the template, with the names and addresses of this machine. */
  graph: StackGraph;
  model: LocalModel;
}

/** The variant in which a service of tasks does the job of all functions. */
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { Delivery } from '../delivery.ts';
import { servedEventsEnvironment } from '../fallback.ts';
import type { PostgresStore } from '../postgres/postgres-store.ts';
import type { StoreUpkeep } from '../postgres/store-upkeep.ts';
import type { Secrets } from '../secrets.ts';
import type { StackSettings } from '../settings/settings.ts';
import { Balancer } from './balancer.ts';
import { Bus } from './bus.ts';
import { Network } from './network.ts';
import { ServerObservability } from './server-observability.ts';
import { Service } from './service.ts';
import type { ImageOf } from './task-image.ts';

interface ServerComputeProps {
  settings: StackSettings;
  /** Null: the store is in PostgreSQL. */
  table: Table | null;
  /** Null: it is in DynamoDB. */
  database: PostgresStore | null;
  upkeep: StoreUpkeep | null;
  secrets: Secrets;
  delivery: Delivery;
  topic: ITopic;
  imageOf: ImageOf;
}

/** Three in the time of the load balancer's idle timeout. */
const pingShare = 3;
/** Longer than the load balancer keeps an idle connection. */
const keepAliveMarginSeconds = 15;

export class ServerCompute extends Construct {
  readonly network: Network;

  constructor(scope: Construct, id: string, settings: StackSettings) {
    super(scope, id);
    this.network = new Network(this, 'Network', settings);
  }

  /** Makes everything that is in the network. */
  serve(props: ServerComputeProps): Pick<Balancer, 'webSocketUrl' | 'webhookUrl' | 'url'> {
    const { network } = this;
    const { settings, table, database, upkeep, secrets, delivery, topic, imageOf } = props;
    const { server, userCaps, replayWindowSeconds } = settings;
    const bus = new Bus(this, 'Bus', { settings: server.bus, network });
    const balancer = new Balancer(this, 'Balancer', { settings, network });
    const service = new Service(this, 'Service', {
      ...{ settings, network, balancer, imageOf },
      environment: {
        STACK_NAME: settings.stackName,
        ...(table ? { TABLE_NAME: table.tableName } : database?.taskEnvironment),
        QUEUE_URL: delivery.queue.queueUrl,
        TOKEN_SECRET_ARN: secrets.token.secretArn,
        WEBHOOK_SECRET_ARN: secrets.webhook.secretArn,
        BUS_URL: bus.url,
        CONNECTION_TTL_SECONDS: String(settings.connectionTtlSeconds),
        EVENT_TTL_SECONDS: String(settings.eventTtlSeconds),
        MAX_TOKEN_LIFETIME_SECONDS: String(settings.token.maxLifetimeSeconds),
        MAX_WEBHOOK_BYTES: String(settings.maxWebhookBytes),
        ...(replayWindowSeconds !== null && { REPLAY_WINDOW_SECONDS: String(replayWindowSeconds) }),
        USER_MESSAGES_PER_SECOND: String(userCaps.messagesPerSecond),
        USER_BURST_SECONDS: String(userCaps.burstSeconds),
        MAX_RECIPIENTS: String(userCaps.recipients),
        MESSAGE_TIMEOUT_SECONDS: String(server.messageTimeoutSeconds),
        DELIVER_TIMEOUT_SECONDS: String(server.deliverTimeoutSeconds),
        QUEUE_BATCHES: String(server.queueBatches),
        PING_SECONDS: String(Math.floor(server.idleTimeoutSeconds / pingShare)),
        KEEP_ALIVE_SECONDS: String(server.idleTimeoutSeconds + keepAliveMarginSeconds),
        CLOSE_OVER_SECONDS: String(server.closeOverSeconds),
        ...(settings.fallback !== null && {
          ...servedEventsEnvironment(settings),
          FALLBACK_ORIGINS: settings.fallback.origins.join(' '),
        }),
      },
    });
    if (table)
      service.allow(
        ['Query', 'GetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem'].map((name) => `dynamodb:${name}`),
        table.tableArn,
      );
    database?.allowSignIn(service.role);
    // A task is healthy before it has read a row: the tables are there before it is.
    if (upkeep) service.service.node.addDependency(upkeep.migrations);
    service.allow(
      ['SendMessage', 'ReceiveMessage', 'DeleteMessage', 'ChangeMessageVisibility'].map((name) => `sqs:${name}`),
      delivery.queue.queueArn,
    );
    for (const { secretArn } of [secrets.token, secrets.webhook])
      service.allow(['secretsmanager:GetSecretValue'], secretArn);
    new ServerObservability(this, 'Observability', {
      ...{ settings, delivery, topic, balancer, service },
      store: table ?? database?.instance ?? null,
      upkeep: upkeep?.functions ?? {},
    });
    return balancer;
  }
}

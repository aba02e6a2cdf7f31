/** The variant in which a service of tasks does the job of all functions. */
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { Delivery } from '../delivery.ts';
import { servedEventsEnvironment } from '../fallback.ts';
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
  table: Table;
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
  readonly balancer: Balancer;
  readonly service: Service;

  constructor(scope: Construct, id: string, props: ServerComputeProps) {
    super(scope, id);
    const { settings, table, secrets, delivery, topic, imageOf } = props;
    const { server, userCaps, replayWindowSeconds } = settings;
    const network = new Network(this, 'Network', settings);
    const bus = new Bus(this, 'Bus', { settings: server.bus, network });
    this.balancer = new Balancer(this, 'Balancer', { settings, network });
    this.service = new Service(this, 'Service', {
      ...{ settings, network, balancer: this.balancer, imageOf },
      environment: {
        STACK_NAME: settings.stackName,
        TABLE_NAME: table.tableName,
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
    this.service.allow(
      ['Query', 'GetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem'].map((name) => `dynamodb:${name}`),
      table.tableArn,
    );
    this.service.allow(
      ['SendMessage', 'ReceiveMessage', 'DeleteMessage', 'ChangeMessageVisibility'].map((name) => `sqs:${name}`),
      delivery.queue.queueArn,
    );
    for (const { secretArn } of [secrets.token, secrets.webhook])
      this.service.allow(['secretsmanager:GetSecretValue'], secretArn);
    new ServerObservability(this, 'Observability', {
      ...{ settings, table, delivery, topic, balancer: this.balancer, service: this.service },
    });
  }
}

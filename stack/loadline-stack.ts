/** The reference stack: what is benchmarked. */
import { CfnOutput, DefaultStackSynthesizer, type IStackSynthesizer, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { AlarmTopic } from './alarm-topic.ts';
import { AccountLogRole } from './apis/access-logs.ts';
import { RestWebhookApi } from './apis/rest-webhook-api.ts';
import { SyncApi } from './apis/sync-api.ts';
import { WebhookApi, type WebhookVariant } from './apis/webhook-api.ts';
import { ConnectionStore } from './connection-store.ts';
import { Delivery } from './delivery.ts';
import { Fallback, recentEventsEnvironment } from './fallback.ts';
import { type CodeOf, HandlerFunction } from './functions.ts';
import type { HandlerName } from './handler-names.ts';
import { Observability } from './observability.ts';
import { PostgresStore } from './postgres/postgres-store.ts';
import { storeUpkeep } from './postgres/store-upkeep.ts';
import { Secrets } from './secrets.ts';
import { ServerCompute } from './server/server-compute.ts';
import type { ImageOf } from './server/task-image.ts';
import type { StackSettings } from './settings/settings.ts';
import { fallbackTimeoutSeconds } from './settings/sync-fallback-settings.ts';
import { outputNames } from './target.ts';

/** Handlers that read or write rows: with the store in PostgreSQL they are in its network. */
const reachesStore: ReadonlySet<HandlerName> = new Set([
  ...(['connect', 'disconnect', 'message', 'deliver'] as const),
  ...(['fallback', 'migrate', 'expire', 'finished', 'rollout'] as const),
]);
const upkeepSettings = { memoryMb: 256, timeoutSeconds: 60, reservedConcurrency: null };
/** The challenge function answers from its event alone: the smallest memory size. */
const challengeSettings = { memoryMb: 128, timeoutSeconds: 5, reservedConcurrency: null };

function configurationOf(handler: HandlerName, settings: StackSettings) {
  switch (handler) {
    case 'challenge':
      return challengeSettings;
    case 'migrate':
    case 'expire':
    case 'finished':
    case 'rollout':
      return upkeepSettings;
    case 'fallback': {
      const { fallback } = settings.functions;
      return { ...fallback, timeoutSeconds: fallbackTimeoutSeconds(settings, fallback.timeoutSeconds) };
    }
    default:
      return settings.functions[handler];
  }
}

const descriptions: Record<HandlerName, string> = {
  authorize: 'Verifies the user token of a WebSocket handshake',
  connect: 'Stores a new connection',
  disconnect: 'Removes a closed connection and its subscriptions',
  message: 'Answers ping, subscribe and publish',
  ingest: 'Verifies a webhook and queues it',
  deliver: 'Pushes queued events to the open connections of their owners',
  challenge: 'Answers the challenge of the webhook provider',
  fallback: 'Tells clients the stage of the rollout, and the events that they missed',
  migrate: 'Brings the tables of the connection store up to date',
  expire: 'Deletes expired rows of the connection store',
  finished: 'Says which events are finished',
  rollout: 'Sets the stage of the rollout',
};

interface LoadlineStackProps {
  settings: StackSettings;
  codeOf: CodeOf;
  /** Used with `compute: server`. */
  imageOf: ImageOf;
}

export class LoadlineStack extends Stack {
  constructor(scope: Construct, { settings, codeOf, imageOf }: LoadlineStackProps) {
    super(scope, settings.stackName, {
      stackName: settings.stackName,
      description: 'Loadline reference stack: WebSocket API and webhook ingest',
      analyticsReporting: false,
      // The rule requires a parameter looked up in an account.
      // The cast: its type and the interface conflict under exactOptionalPropertyTypes, as of aws-cdk-lib 2.276.
      synthesizer: new DefaultStackSynthesizer({ generateBootstrapVersionRule: false }) as IStackSynthesizer,
    });

    const compute = settings.compute === 'server' ? new ServerCompute(this, 'Compute', settings) : null;
    const network = compute?.network.store ?? null;
    const database = settings.store === 'postgres' ? new PostgresStore(this, 'Database', { settings, network }) : null;
    const table = database === null ? new ConnectionStore(this, 'ConnectionStore').table : null;
    const secrets = new Secrets(this, 'Secrets');
    const delivery = new Delivery(this, 'Delivery', settings.queue);
    const { topic } = new AlarmTopic(this, 'AlarmTopic', settings.alarms);
    const common = {
      stackName: settings.stackName,
      queueUrl: delivery.queue.queueUrl,
      queueName: delivery.queue.queueName,
      deadLetterQueueUrl: delivery.deadLetterQueue.queueUrl,
      deadLetterQueueName: delivery.deadLetterQueue.queueName,
      ...(table !== null && { tableName: table.tableName }),
      tokenSecretArn: secrets.token.secretArn,
      webhookSecretArn: secrets.webhook.secretArn,
    };
    const make = (handler: HandlerName, environment: Record<string, string>) => {
      const configuration = configurationOf(handler, settings);
      return new HandlerFunction(this, `${handler.charAt(0).toUpperCase()}${handler.slice(1)}`, {
        handler,
        description: descriptions[handler],
        code: codeOf(handler),
        logRetentionDays: settings.logRetentionDays,
        tracing: settings.tracing,
        network: reachesStore.has(handler) ? (database?.network ?? null) : null,
        ...configuration,
        // The handlers' calls take their time limits from it.
        environment: { ...environment, FUNCTION_TIMEOUT_SECONDS: String(configuration.timeoutSeconds) },
      });
    };
    const upkeep = database && storeUpkeep(this, database, { make, hasStage: settings.fallback !== null });
    const ofDatabase = {
      ...(database !== null && { databaseName: database.instance.instanceIdentifier }),
      ...(upkeep && { finishedFunctionName: upkeep.functions.finished.function.functionName }),
      ...(upkeep?.rollout && { rolloutFunctionName: upkeep.rollout.function.functionName }),
    };
    if (compute !== null) {
      const { webSocketUrl, webhookUrl, url } = compute.serve({
        ...{ settings, table, database, upkeep, secrets, delivery, topic, imageOf },
      });
      const ofFallback = settings.fallback !== null && { fallbackUrl: url };
      this.#output({ ...common, ...ofDatabase, webSocketUrl, webhookUrl, ...ofFallback });
      return;
    }
    const syncApi = new SyncApi(this, 'SyncApi', settings);
    const { webSocket: logsWebSocket, accountRole } = settings.accessLogs;
    if (logsWebSocket && accountRole === 'create')
      syncApi.stage.node.addDependency(new AccountLogRole(this, 'AccountLogRole'));
    if (upkeep) syncApi.stage.node.addDependency(upkeep.migrations);

    const storeEnv = {
      ...(table ? { TABLE_NAME: table.tableName } : database?.environment),
      CONNECTION_TTL_SECONDS: String(settings.connectionTtlSeconds),
    };
    /** What it does in DynamoDB; in PostgreSQL all have the same role. */
    const allowStore = (handler: HandlerFunction, actions: string[]) => {
      if (table) handler.allow(actions, table.tableArn);
      database?.allowSignIn(handler.role);
    };
    const pushEnv = { CALLBACK_URL: syncApi.callbackUrl };
    const stackEnv = { STACK_NAME: settings.stackName };
    const readSecret = ['secretsmanager:GetSecretValue'];

    const openEnv = {
      WEBHOOK_SECRET_ARN: secrets.webhook.secretArn,
      MAX_WEBHOOK_BYTES: String(settings.maxWebhookBytes),
      ...(settings.replayWindowSeconds !== null && { REPLAY_WINDOW_SECONDS: String(settings.replayWindowSeconds) }),
    };

    const authorize = make('authorize', {
      TOKEN_SECRET_ARN: secrets.token.secretArn,
      MAX_TOKEN_LIFETIME_SECONDS: String(settings.token.maxLifetimeSeconds),
    });
    authorize.allow(readSecret, secrets.token.secretArn);

    const connect = make('connect', storeEnv);
    allowStore(connect, ['dynamodb:PutItem']);

    const disconnect = make('disconnect', storeEnv);
    allowStore(disconnect, ['dynamodb:GetItem', 'dynamodb:DeleteItem', 'dynamodb:BatchWriteItem']);

    const message = make('message', {
      ...storeEnv,
      ...pushEnv,
      USER_MESSAGES_PER_SECOND: String(settings.userCaps.messagesPerSecond),
      USER_BURST_SECONDS: String(settings.userCaps.burstSeconds),
      MAX_RECIPIENTS: String(settings.userCaps.recipients),
    });
    allowStore(message, ['dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem']);
    syncApi.allowPush(message);

    const deliver = make('deliver', {
      ...storeEnv,
      ...pushEnv,
      ...stackEnv,
      EVENT_TTL_SECONDS: String(settings.eventTtlSeconds),
      QUEUE_URL: delivery.queue.queueUrl,
      // A server to which webhooks are forwarded queues events as the ingest function does.
      INGEST: settings.ingest === 'direct' ? 'direct' : 'lambda',
      ...(settings.ingest === 'direct' && openEnv),
      ...recentEventsEnvironment(settings),
    });
    allowStore(deliver, ['dynamodb:Query', 'dynamodb:GetItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem']);
    if (settings.ingest === 'direct') deliver.allow(readSecret, secrets.webhook.secretArn);
    syncApi.allowPush(deliver);
    // With what a consumer needs, sqs:ChangeMessageVisibility among it: for messages that are put off.
    delivery.feed(deliver);

    syncApi.addRoutes({ authorize, connect, disconnect, message });

    const variant = ((): WebhookVariant => {
      switch (settings.ingest) {
        case 'direct':
          return { kind: 'direct', challenge: make('challenge', {}), queue: delivery.queue };
        case 'forward':
          return { kind: 'forward', url: settings.forwardUrl ?? '' };
        case 'mock':
          return { kind: 'mock' };
        case 'lambda': {
          const ingest = make('ingest', { ...stackEnv, QUEUE_URL: delivery.queue.queueUrl, ...openEnv });
          ingest.allow(['sqs:SendMessage'], delivery.queue.queueArn);
          ingest.allow(readSecret, secrets.webhook.secretArn);
          return { kind: 'lambda', ingest };
        }
      }
    })();
    const WebhookApiOfKind = settings.webhookApi === 'rest' ? RestWebhookApi : WebhookApi;
    const webhookApi = new WebhookApiOfKind(this, 'WebhookApi', settings, variant);

    const fallback = Fallback.of(this, { settings, table, database, token: secrets.token, make, deliver });

    const functions = {
      authorize,
      connect,
      disconnect,
      message,
      deliver,
      ...(variant.kind === 'lambda' && { ingest: variant.ingest }),
      ...(variant.kind === 'direct' && { challenge: variant.challenge }),
      ...upkeep?.functions,
      ...(fallback && { fallback: fallback.function }),
    };
    new Observability(this, 'Observability', {
      settings,
      functions,
      store: table ?? database?.instance ?? null,
      delivery,
      syncApi,
      webhookApi,
      topic,
    });

    this.#output({
      ...common,
      webSocketUrl: syncApi.url,
      webhookUrl: webhookApi.url,
      webSocketApiId: syncApi.apiId,
      webSocketStage: syncApi.stageName,
      webhookApiId: webhookApi.apiId,
      webhookStage: webhookApi.stageName,
      authorizeFunctionName: authorize.function.functionName,
      connectFunctionName: connect.function.functionName,
      disconnectFunctionName: disconnect.function.functionName,
      messageFunctionName: message.function.functionName,
      ...(variant.kind === 'lambda' && { ingestFunctionName: variant.ingest.function.functionName }),
      deliverFunctionName: deliver.function.functionName,
      ...ofDatabase,
    });
  }

  /** The outputs of the contract that this variant has. */
  #output(values: Partial<Record<keyof typeof outputNames, string>>): void {
    for (const [key, name] of Object.entries(outputNames)) {
      const value = values[key as keyof typeof outputNames];
      // The id of an output is its name in the template; a construct with the same id may exist, so it has its own scope.
      if (value !== undefined) new CfnOutput(this, `Output${name}`, { value }).overrideLogicalId(name);
    }
  }
}

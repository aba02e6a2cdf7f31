/** The stack that the conformance cases probe: on this machine through its template, on AWS through CloudFormation. */
import { Aws, CfnOutput, Duration, Fn, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AttributeType, BillingMode, StreamViewType, Table } from 'aws-cdk-lib/aws-dynamodb';
import {
  Architecture,
  Code,
  FilterCriteria,
  FilterRule,
  Function as LambdaFunction,
  MetricType,
  Runtime,
  StartingPosition,
} from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { outputNames } from '../../../stack/target.ts';
import { addHttpApi } from './http-api.ts';
import type { Probes } from './probes-of-stack.ts';
import { addRestApi } from './rest-api.ts';
import {
  holdMs,
  initMs,
  maximumConcurrency,
  maxReceiveCount,
  messageTimeoutSeconds,
  pacedConcurrency,
  provisionedUnits,
  queueVisibilitySeconds,
  stackNames,
  stageName,
  streamedPrefix,
  type Variant,
  windowed,
} from './settings.ts';
import { addWebSocketApi } from './web-socket-api.ts';

/** Probe names: one bundle each. */
export const probeNames = [
  'authorize',
  'connect',
  'disconnect',
  'message',
  'http',
  'deliver',
  'paced',
  'streamed',
] as const;
type ProbeName = (typeof probeNames)[number];

export class ConformanceStack extends Stack {
  #bundles: string;
  #variant: Variant;
  #table: Table;

  constructor(scope: Construct, { variant, bundles }: { variant: Variant; bundles: string }) {
    super(scope, stackNames[variant], { description: 'Probes of the Loadline conformance suite' });
    this.#bundles = bundles;
    this.#variant = variant;
    this.#table = new Table(this, 'Table', {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      timeToLiveAttribute: 'expiresAt',
      stream: StreamViewType.NEW_AND_OLD_IMAGES,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.#addProvisionedTable();
    const functions = this.#addFunctions();
    const queues = this.#addQueues(functions);
    const secret = new Secret(this, 'Secret', { removalPolicy: RemovalPolicy.DESTROY });
    const webSocketApi = addWebSocketApi(this, variant, functions);
    const httpApi = addHttpApi(this, functions, queues.queue);
    addRestApi(this, functions);
    const host = (apiId: string) => Fn.join('', [apiId, '.execute-api.', Aws.REGION, '.', Aws.URL_SUFFIX]);
    // The outputs of the reference stack, so that a conformance stack is described like any target.
    const outputs: Record<
      Exclude<
        keyof typeof outputNames,
        'databaseName' | 'finishedFunctionName' | 'rolloutFunctionName' | 'fallbackUrl'
      >,
      string
    > = {
      stackName: this.stackName,
      webSocketUrl: Fn.join('', ['wss://', host(webSocketApi), '/', stageName]),
      webhookUrl: Fn.join('', ['https://', host(httpApi)]),
      webSocketApiId: webSocketApi,
      webSocketStage: stageName,
      webhookApiId: httpApi,
      webhookStage: '$default',
      authorizeFunctionName: functions.authorize.functionName,
      connectFunctionName: functions.connect.functionName,
      disconnectFunctionName: functions.disconnect.functionName,
      messageFunctionName: functions.message.functionName,
      ingestFunctionName: functions.http.functionName,
      deliverFunctionName: functions.deliver.functionName,
      queueUrl: queues.queue.queueUrl,
      queueName: queues.queue.queueName,
      deadLetterQueueUrl: queues.deadLetterQueue.queueUrl,
      deadLetterQueueName: queues.deadLetterQueue.queueName,
      tableName: this.#table.tableName,
      tokenSecretArn: secret.secretArn,
      webhookSecretArn: secret.secretArn,
    };
    for (const [key, value] of Object.entries(outputs)) {
      new CfnOutput(this, outputNames[key as keyof typeof outputNames], { value });
    }
  }

  /** Small limits, so that a few writes exceed them. */
  #addProvisionedTable(): void {
    const table = new Table(this, 'ProvisionedTable', {
      tableName: `${this.stackName}-provisioned`,
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      billingMode: BillingMode.PROVISIONED,
      readCapacity: provisionedUnits.table,
      writeCapacity: provisionedUnits.table,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    table.addGlobalSecondaryIndex({
      indexName: 'small',
      partitionKey: { name: 'indexed', type: AttributeType.STRING },
      readCapacity: provisionedUnits.index,
      writeCapacity: provisionedUnits.index,
    });
  }

  #addFunctions(): Probes {
    return {
      authorize: this.#add('authorize', 'authorize'),
      connect: this.#add('connect', 'connect'),
      disconnect: this.#add('disconnect', 'disconnect'),
      message: this.#add('message', 'message', { timeoutSeconds: messageTimeoutSeconds }),
      http: this.#add('http', 'http'),
      deliver: this.#add('deliver', 'deliver', { timeoutSeconds: queueVisibilitySeconds }),
      /** Reserved concurrency 0: every invocation is refused. */
      never: this.#add('never', 'paced', { reservedConcurrency: 0 }),
      /** Reserved concurrency and a known duration: a known capacity. */
      paced: this.#add('paced', 'paced', this.#variant === 'main' ? { reservedConcurrency: pacedConcurrency } : {}),
      pacedConsumer: this.#add('pacedConsumer', 'paced'),
      streamed: this.#addStreamed(),
      slowInit: this.#add('slowInit', 'paced', { environment: { INIT_MS: String(initMs) } }),
    };
  }

  /** Sees only changes of rows whose key says so: other functions write into the same table. */
  #addStreamed(): LambdaFunction {
    const streamed = this.#add('streamed', 'streamed');
    const filters = [
      FilterCriteria.filter({ dynamodb: { Keys: { pk: { S: FilterRule.beginsWith(streamedPrefix) } } } }),
    ];
    const eventSourceArn = this.#table.tableStreamArn ?? '';
    const startingPosition = StartingPosition.TRIM_HORIZON;
    streamed.addEventSourceMapping('Stream', { eventSourceArn, startingPosition, batchSize: 10, filters });
    this.#table.grantStreamRead(streamed);
    return streamed;
  }

  #add(
    name: string,
    probe: ProbeName,
    options: { reservedConcurrency?: number; timeoutSeconds?: number; environment?: Record<string, string> } = {},
  ): LambdaFunction {
    const { reservedConcurrency, timeoutSeconds = 5 } = options;
    const added = new LambdaFunction(this, `${name}Function`, {
      functionName: `${this.stackName}-${name}`,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code: Code.fromAsset(`${this.#bundles}/${probe}`),
      memorySize: 256,
      timeout: Duration.seconds(timeoutSeconds),
      environment: {
        TABLE_NAME: this.#table.tableName,
        HOLD_MS: String(name === 'paced' ? holdMs.paced : holdMs.pacedConsumer),
        ...options.environment,
      },
      ...(reservedConcurrency !== undefined && { reservedConcurrentExecutions: reservedConcurrency }),
    });
    this.#table.grantWriteData(added);
    return added;
  }

  #addQueues(functions: Pick<Probes, 'deliver' | 'pacedConsumer' | 'never' | 'http'>) {
    const visibilityTimeout = Duration.seconds(queueVisibilitySeconds);
    const deadLetterQueue = new Queue(this, 'DeadLetterQueue', { queueName: `${this.stackName}-dead` });
    const queue = new Queue(this, 'Queue', {
      queueName: `${this.stackName}-queue`,
      visibilityTimeout,
      deadLetterQueue: { queue: deadLetterQueue, maxReceiveCount },
    });
    functions.deliver.addEventSource(
      new SqsEventSource(queue, {
        batchSize: 10,
        reportBatchItemFailures: true,
        metricsConfig: { metrics: [MetricType.EVENT_COUNT] },
      }),
    );
    const paced = new Queue(this, 'PacedQueue', {
      queueName: `${this.stackName}-paced`,
      visibilityTimeout: Duration.seconds(30),
    });
    functions.pacedConsumer.addEventSource(
      new SqsEventSource(paced, { batchSize: 1, maxConcurrency: maximumConcurrency }),
    );
    const windowedQueue = new Queue(this, 'WindowedQueue', {
      queueName: `${this.stackName}-windowed`,
      visibilityTimeout: Duration.seconds(30),
    });
    functions.deliver.addEventSource(
      new SqsEventSource(windowedQueue, {
        batchSize: windowed.batchSize,
        maxBatchingWindow: Duration.seconds(windowed.windowSeconds),
      }),
    );
    const neverQueue = new Queue(this, 'NeverQueue', {
      queueName: `${this.stackName}-never`,
      visibilityTimeout: Duration.seconds(5),
      deadLetterQueue: { queue: deadLetterQueue, maxReceiveCount },
    });
    functions.never.addEventSource(new SqsEventSource(neverQueue, { batchSize: 1 }));
    const records = new SqsDestination(
      new Queue(this, 'recordsQueue', { queueName: `${this.stackName}-records`, visibilityTimeout }),
    );
    functions.never.configureAsyncInvoke({ onFailure: records });
    functions.http.configureAsyncInvoke({ onSuccess: records });
    // No function reads these: for cases about senders and receivers, and for metrics of a queue that only one case uses.
    for (const name of ['idle', 'metered', 'empty']) {
      new Queue(this, `${name}Queue`, { queueName: `${this.stackName}-${name}`, visibilityTimeout });
    }
    const queueName = `${this.stackName}-ordered.fifo`;
    new Queue(this, 'OrderedQueue', { queueName, fifo: true, contentBasedDeduplication: true, visibilityTimeout });
    return { queue, deadLetterQueue };
  }
}

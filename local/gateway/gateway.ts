/** Puts the gateway's parts together: APIs, functions, pollers, CloudWatch, secrets. */
import { createServer } from 'node:http';
import { createCloudWatchHandler } from '../cloudwatch/handler.ts';
import { MetricStore } from '../cloudwatch/store/metric-store.ts';
import { FaultControl } from '../interference/control-endpoint.ts';
import { FaultRelay } from '../interference/fault-relay.ts';
import type { SetFault } from '../interference/faults.ts';
import { awsCallOf, connectionsOperation, interposeFaults } from '../interference/http-interference.ts';
import { faultsFired, startInterference } from '../interference/interference.ts';
import { closeChosen } from '../interference/route-interference.ts';
import { AsyncInvocations } from '../lambda/async-invocations.ts';
import { InvokeApi } from '../lambda/invoke-api.ts';
import { LambdaService } from '../lambda/lambda-service.ts';
import type { RunningPart } from '../process/child.ts';
import { listen, localHost } from '../process/listen.ts';
import type { GatewayConfiguration, GatewayReady, MetricBatch } from '../process/messages.ts';
import { type DecisionLog, openDecisionLog, withDecisions } from '../quota/decision-log.ts';
import type { Limits } from '../quota/limits.ts';
import { Refusals } from '../quota/refusals.ts';
import { scaleStack } from '../quota/scale-stack.ts';
import { ServiceQuotas } from '../quota/service-quotas.ts';
import { SecretsService } from '../secrets/secrets-service.ts';
import { EventSourceMetrics } from '../sqs/event-source-metrics.ts';
import { EventSourcePoller } from '../sqs/event-source-poller.ts';
import { SqsClient } from '../sqs/sqs-client.ts';
import type { FunctionModel, StackModel } from '../template/model.ts';
import { readStackModel } from '../template/stack-model.ts';
import { ApiMetrics } from './api-metrics.ts';
import { serveAws } from './aws-endpoint.ts';
import { ConnectionsApi, connectionIdOf } from './connections-api/connections-api.ts';
import { localCredentials } from './connections-api/sigv4.ts';
import { Edges } from './edge/edges.ts';
import { FunctionLogs } from './function-logs.ts';
import { createGatewayServer } from './gateway-server.ts';
import { HttpApi } from './http/http-api.ts';
import { publishLocalMetrics } from './local-metrics.ts';
import { SocketHolder } from './sockets/socket-holder.ts';
import { boundSockets, connectionRoom } from './sockets/socket-room.ts';
import { GatewayThrottles } from './throttles.ts';
import { WebSocketApi } from './websocket/websocket-api.ts';

/** @param spreadFaults asks the supervisor to tell every process of new faults; absent where this is the only one. */
export async function startGateway(
  configuration: GatewayConfiguration,
  spreadFaults?: (faults: readonly SetFault[]) => void,
): Promise<RunningPart<GatewayReady>> {
  const { limits, gatewayProcesses, logFolder, dynamodbUrl, sqsUrl, region, accountId } = configuration;
  const store = new MetricStore();
  const logs = new FunctionLogs(configuration.logFolder, store);
  const gatewayServer = createGatewayServer(limits.assumptions);
  const single = gatewayProcesses === 1;
  const corePort = await listen(gatewayServer, single ? configuration.ports.gateway : 0, 'gateway');
  const { gateway: port } = configuration.ports;
  const edges = single
    ? null
    : await Edges.start({ count: gatewayProcesses, port, corePort, limits, logFolder, onFailed: fail });
  const gatewayAddress = `${localHost}:${edges?.port ?? corePort}`;
  const httpAddress = `${localHost}:${corePort}`;
  const stack = scaleStack(readStackModel({ ...configuration, gatewayAddress, httpAddress }), limits.quotaScale);
  const { webSocketApi, httpApi } = stack;
  if (!webSocketApi || !httpApi)
    throw new Error('The local target needs one WebSocket API and one HTTP API in the stack.');

  const secrets = new SecretsService(stack.secrets, Date.now());
  const awsServer = createServer({ keepAliveTimeout: 75_000 });
  const awsUrl = `http://${localHost}:${await listen(awsServer, configuration.ports.aws, 'aws')}`;
  const gatewayUrl = `http://${httpAddress}`;
  const endpoints = { dynamodbUrl, sqsUrl, awsUrl, callbackUrl: `${gatewayUrl}/${webSocketApi.stage}` };

  const interference = startInterference(configuration.interference, 'gateway');
  const relay = new FaultRelay(interference, spreadFaults ?? null);
  const collect = () => {
    for (const batch of interference.drain(Date.now())) putBatch(store, decisions, batch, faultControl);
  };
  const faultControl: FaultControl = new FaultControl({
    seed: configuration.interference?.seed ?? 0,
    interference,
    collect,
    nowMs: Date.now,
    apply: async (faults) => {
      await relay.spread(faults);
      closeChosen(interference, webSockets.connections);
    },
  });
  const refusals = new Refusals(Date.now);
  const decisions =
    configuration.logFolder === null
      ? null
      : openDecisionLog(configuration.logFolder, limits.decisionLogBytes, Date.now);
  const lambda = new LambdaService({
    functions: stack.functions,
    limits,
    refusals,
    platformVariables: (model) => platformVariables(model, region, endpoints),
    onLog: (functionName, text) => logs.write(functionName, text),
    metrics: store,
    interference,
  });
  const asynchronous = new AsyncInvocations({ lambda, limits, metrics: store, nowMs: Date.now });
  serveAws(awsServer, {
    secrets,
    serviceQuotas: new ServiceQuotas(limits, { region, accountId }),
    lambda: new InvokeApi({ functions: stack.functions, lambda, asynchronous, limits }),
    cloudwatch: createCloudWatchHandler(store, { now: Date.now }),
  });
  interposeFaults(awsServer, interference, { callOf: awsCallOf, latency: () => true });
  faultControl.serveOn(awsServer);
  const throttles = new GatewayThrottles(limits, refusals, performance.now());
  const sqs = new SqsClient(sqsUrl, region);
  const webSocketMetrics = new ApiMetrics(store, webSocketApi);
  const common = { accountId, lambda, limits, throttles, interference };
  const webSockets = new WebSocketApi({ ...common, api: webSocketApi, region, metrics: webSocketMetrics });
  const http = new HttpApi({ ...common, api: httpApi, sqs, metrics: new ApiMetrics(store, httpApi) });
  const { stage } = webSocketApi;
  const connections = new ConnectionsApi({
    webSocketApi: webSockets,
    stage,
    limits,
    throttles,
    metrics: webSocketMetrics,
    interference,
  });

  // No quota of AWS's: what a process of this machine can hold.
  const onRefused = () => refusals.count('machineConnections');
  const holder = new SocketHolder(limits, webSockets);
  const room = boundSockets(gatewayServer, connectionRoom(limits.connectionsPerProcess), onRefused);
  gatewayServer.on('upgrade', (request, socket, head) => {
    if (room.admits(socket)) holder.upgrade(request, socket, head);
  });
  edges?.serve(webSockets, onRefused);
  gatewayServer.on('request', (request, response) => {
    const connectionId = connectionIdOf(request.url ?? '/', stage);
    const handled =
      connectionId === null ? http.handle(request, response) : connections.handle(connectionId, request, response);
    // A client that went away in mid-request is no failure of the target.
    handled.catch(() => response.destroy());
  });
  interposeFaults(gatewayServer, interference, {
    callOf: ({ method, url = '/' }) =>
      connectionIdOf(url, stage) === null
        ? null
        : { service: 'connectionsApi', operation: connectionsOperation(method) },
  });
  const faultTimer = setInterval(() => {
    closeChosen(interference, webSockets.connections);
    collect();
  }, 1_000);
  const pollers = startPollers(stack, { lambda, sqs, sqsUrl, limits, store });
  const stopLocalMetrics = publishLocalMetrics({
    store: withDecisions(store, decisions),
    lambda,
    refusals,
    webSockets,
  });
  return {
    ready: {
      outputs: stack.outputs,
      secrets: secrets.values,
      endpoints: {
        cloudwatch: awsUrl,
        dynamodb: dynamodbUrl,
        sqs: sqsUrl,
        secretsManager: awsUrl,
        lambda: awsUrl,
        serviceQuotas: awsUrl,
        apiGatewayManagementApi: endpoints.callbackUrl,
      },
      processIds: edges?.processIds ?? [],
    },
    onMetrics(batches) {
      for (const batch of batches) putBatch(store, decisions, batch, faultControl);
    },
    onFaults: (faults) => relay.arrived(faults),
    async stop() {
      clearInterval(faultTimer);
      interference.close();
      stopLocalMetrics();
      webSockets.close();
      holder.close();
      asynchronous.close();
      gatewayServer.close();
      gatewayServer.closeAllConnections();
      // Together: a poller ends when its invocation does, and the functions' end is what ends a long one.
      await Promise.all([edges?.stop(), lambda.close(), ...pollers.map((poller) => poller.stop())]);
      sqs.close();
      awsServer.close();
      awsServer.closeAllConnections();
      await Promise.all([logs.close(), decisions?.close()]);
    },
  };
}

/** An unhandled rejection, which ends the process with this as its reason, and the target with it. */
function fail(reason: string): never {
  throw new Error(reason);
}

function putBatch(
  store: MetricStore,
  decisions: DecisionLog | null,
  batch: MetricBatch,
  faultControl: FaultControl,
): void {
  const series = store.series(batch.namespace, batch.name, batch.dimensions, batch.unit);
  for (const value of batch.values) {
    series.add(value, batch.timestampMs);
    decisions?.put({ ...batch, value });
    if (batch.name === faultsFired) faultControl.countFired(batch.dimensions.Fault ?? '', value);
  }
}

function startPollers(
  stack: StackModel,
  service: { lambda: LambdaService; sqs: SqsClient; sqsUrl: string; limits: Limits; store: MetricStore },
): EventSourcePoller[] {
  return stack.eventSources.map((source) => {
    const queue = stack.queues.find(({ arn }) => arn === source.queueArn);
    if (!queue) throw new Error(`The event source ${source.logicalId} names a queue that is not in the stack.`);
    return new EventSourcePoller({
      source,
      queueUrl: `${service.sqsUrl}/${stack.accountId}/${queue.queueName}`,
      region: stack.region,
      // SQS's default is 30 s.
      visibilityTimeoutMs: Number(queue.attributes.VisibilityTimeout ?? 30) * 1_000,
      scaling: service.limits,
      sqs: service.sqs,
      lambda: service.lambda,
      metrics:
        source.countedAs === undefined ? null : new EventSourceMetrics(service.store, source.countedAs, Date.now),
      onError: (error) => console.error(`Event source ${source.logicalId}:`, error),
    });
  });
}

/** The variables that Lambda itself sets, and an endpoint for each service, which every SDK reads. */
function platformVariables(
  model: FunctionModel,
  region: string,
  endpoints: { dynamodbUrl: string; sqsUrl: string; awsUrl: string; callbackUrl: string },
): Record<string, string> {
  return {
    TZ: ':UTC',
    LANG: 'en_US.UTF-8',
    PATH: process.env.PATH ?? '',
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: localCredentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: localCredentials.secretAccessKey,
    // This machine's own AWS configuration must not reach the functions.
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_FUNCTION_NAME: model.functionName,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(model.memoryMb),
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${model.functionName}`,
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    LAMBDA_TASK_ROOT: model.codeFolder,
    _HANDLER: model.handler,
    AWS_ENDPOINT_URL_DYNAMODB: endpoints.dynamodbUrl,
    AWS_ENDPOINT_URL_SQS: endpoints.sqsUrl,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: endpoints.awsUrl,
    AWS_ENDPOINT_URL_CLOUDWATCH: endpoints.awsUrl,
    AWS_ENDPOINT_URL_LAMBDA: endpoints.awsUrl,
    AWS_ENDPOINT_URL_SERVICE_QUOTAS: endpoints.awsUrl,
    AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI: endpoints.callbackUrl,
  };
}

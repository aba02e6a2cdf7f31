/** Assembles the gateway's parts: APIs, functions, pollers, CloudWatch, secrets. */
import { createCloudWatchHandler } from '../cloudwatch/handler.ts';
import { MetricStore } from '../cloudwatch/store/metric-store.ts';
import { createCustomResources } from '../custom-resources.ts';
import { EventService } from '../events/event-service.ts';
import { startSchedules } from '../events/schedules.ts';
import { FaultControl } from '../interference/control-endpoint.ts';
import { FaultRelay } from '../interference/fault-relay.ts';
import type { SetFault } from '../interference/faults.ts';
import { awsCallOf, faultLayer } from '../interference/http-interference.ts';
import { startInterference } from '../interference/interference.ts';
import { closeChosen } from '../interference/route-interference.ts';
import { AsyncInvocations } from '../lambda/async-invocations.ts';
import { watchCode } from '../lambda/code-watch.ts';
import { InvokeApi } from '../lambda/invoke-api.ts';
import { LambdaService } from '../lambda/lambda-service.ts';
import { localAddressOf } from '../lambda/node/aws-hosts.ts';
import { outcomeSender } from '../lambda/outcomes/outcome-sender.ts';
import { TlsFront } from '../lambda/tls-front/tls-front.ts';
import { type Notice, NoticeBoard } from '../notices.ts';
import type { RunningPart } from '../process/child.ts';
import { compose } from '../process/compose.ts';
import { refuseForeign } from '../process/foreign-requests.ts';
import type { GatewayConfiguration, GatewayReady } from '../process/messages.ts';
import { openDecisionLog, withDecisions } from '../quota/decision-log.ts';
import { Refusals } from '../quota/refusals.ts';
import { scaleStack } from '../quota/scale-stack.ts';
import { ServiceQuotas } from '../quota/service-quotas.ts';
import { SecretsService } from '../secrets/secrets-service.ts';
import { FailureCounts } from '../services/failure-counts.ts';
import { LogStore } from '../services/log-store.ts';
import { passOnTo } from '../services/pass-on.ts';
import { TopicService } from '../sns/topic-service.ts';
import { SqsClient } from '../sqs/sqs-client.ts';
import { startPollers } from '../sqs/start-pollers.ts';
import { startStreamPollers } from '../streams/start-stream-pollers.ts';
import type { FunctionModel } from '../template/model.ts';
import { readStackModel } from '../template/stack-model.ts';
import { serveApis } from './apis.ts';
import { awsListener } from './aws-endpoint.ts';
import { FunctionLogs } from './function-logs.ts';
import { Forwarder } from './integrations/forward.ts';
import { ServiceCalls } from './integrations/service-calls.ts';
import { closeServer, openListeners } from './listeners.ts';
import { publishLocalMetrics } from './local-metrics.ts';
import { MetricIntake } from './metric-intake.ts';
import { platformVariables } from './platform-variables.ts';
import { placesOf, servedApis } from './served-apis.ts';

const isNode = ({ runtime }: FunctionModel): boolean => runtime.startsWith('nodejs');

/** Faults are counted, and connections closed by them, this often. */
const faultRoundMs = 1_000;

/** What a gateway asks of, and tells, the supervisor; absent if it is the only process. */
export interface GatewaySupervision {
  /** Every process is to have these faults. */
  spreadFaults: (faults: readonly SetFault[]) => void;
  /** An edge process had to be killed. */
  onKilled: (name: string) => void;
  onNotices: (notices: readonly Notice[]) => void;
}

export async function startGateway(
  configuration: GatewayConfiguration,
  supervision?: GatewaySupervision,
): Promise<RunningPart<GatewayReady>> {
  const { limits, logFolder, dynamodbUrl, sqsUrl, region, accountId } = configuration;
  const ownIds = placesOf(readStackModel({ ...configuration, gatewayAddress: null })).own.map(({ apiId }) => apiId);
  const listeners = await openListeners(configuration, ownIds, supervision?.onKilled);
  const { gatewayAddress, httpAddress, awsUrl } = listeners;
  const ownAddresses = Object.fromEntries([...listeners.own].map(([id, { address }]) => [id, address]));
  const at = { gatewayAddress, httpAddress, ownAddresses };
  const stack = scaleStack(readStackModel({ ...configuration, ...at }), limits.quotaScale);
  const [webSocketApi] = stack.webSocketApis;
  const callbackUrl = webSocketApi && `http://${httpAddress}/${webSocketApi.stage}`;
  const urls = { dynamodbUrl, sqsUrl, awsUrl, ...(callbackUrl !== undefined && { callbackUrl }) };

  const store = new MetricStore();
  const failures = new FailureCounts();
  const notices = new NoticeBoard(configuration.notices === true ? (supervision?.onNotices ?? null) : null, (notice) =>
    failures.ofNotice(notice),
  );
  const logs = new FunctionLogs(logFolder, store);
  const recent = new LogStore(stack.functions.map(({ functionName }) => functionName));
  const decisions = logFolder === null ? null : openDecisionLog(logFolder, limits.decisionLogBytes, Date.now);
  const intake = new MetricIntake(store, decisions);
  listeners.edges?.reportMetrics((batches) => intake.put(batches));
  const refusals = new Refusals(Date.now);
  const secrets = new SecretsService(stack.secrets, Date.now);
  const interference = startInterference(configuration.interference, 'gateway');
  const collectFired = () => intake.put(interference.drain(Date.now()));

  const addresses = {
    gateway: gatewayAddress,
    api: httpAddress,
    dynamodb: new URL(dynamodbUrl).host,
    sqs: new URL(sqsUrl).host,
    aws: new URL(awsUrl).host,
    own: ownAddresses,
    ...(configuration.databaseAddresses && { databases: configuration.databaseAddresses }),
  };
  // Threads of Node.js need none: their TLS is this machine's to begin with.
  const front = stack.functions.every(isNode) ? null : await TlsFront.start(addresses);
  const lambda = new LambdaService({
    functions: stack.functions,
    limits,
    refusals,
    platformVariables: (model) => ({
      ...platformVariables(model, region, urls),
      ...(!isNode(model) && front?.variables),
      // On this machine a database has no certificate.
      ...(configuration.databaseAddresses && { PGSSLMODE: 'disable' }),
    }),
    addresses,
    onLog(functionName, text, requestId) {
      recent.write(functionName, text, Date.now());
      const shown = logs.write(functionName, text);
      if (shown !== '') notices.put({ kind: 'output', functionName, requestId, text: shown });
    },
    onFailure: (functionName, kind, line) => failures.ofFunction(functionName, kind, line),
    metrics: store,
    interference,
  });
  const stopWatching =
    configuration.watch === true &&
    watchCode({
      functions: stack.functions,
      onChange(functionNames) {
        lambda.renew(functionNames);
        notices.put({ kind: 'reloaded', functionNames });
      },
    });
  const sqs = new SqsClient(sqsUrl, region);
  const asynchronous = new AsyncInvocations({
    ...{ functions: stack.functions, lambda, limits, metrics: store, nowMs: Date.now },
    onEnded: (ended) => void tellOf(ended),
  });
  const topics = new TopicService({
    ...{ topics: stack.topics, accountId, sqs, sqsUrl, asynchronous },
    ...{ metrics: store, nowMs: Date.now },
  });
  const events = new EventService({
    ...{ buses: stack.eventBuses, rules: stack.rules, region, accountId, sqs, sqsUrl, asynchronous, topics },
    ...{ limits, refusals, metrics: store, nowMs: Date.now },
  });
  const eventsPlace = { service: events, region, accountId, nowMs: Date.now };
  const tellOf = outcomeSender(stack, {
    ...{ sqs, sqsUrl, topics, asynchronous, limits, metrics: store, nowMs: Date.now },
  });
  const forwarder = new Forwarder((host, port) => localAddressOf(host, port, addresses));
  const integrations = {
    lambda,
    forwarder,
    serviceCalls: new ServiceCalls({ sqs, topics, events: eventsPlace, forwarder, dynamodbUrl, region }),
    acceptAsync: (functionName: string, payload: string) => asynchronous.accept(functionName, payload),
  };
  const apis = serveApis(stack, listeners, {
    lambda,
    sqs,
    store,
    limits,
    refusals,
    interference,
    notices,
    services: integrations,
  });

  const relay = new FaultRelay(interference, supervision?.spreadFaults ?? null);
  const faultControl = new FaultControl({
    seed: configuration.interference?.seed ?? 0,
    timeScale: limits.timeScale,
    interference,
    fired: intake.fired,
    collect: collectFired,
    nowMs: Date.now,
    async apply(faults) {
      await relay.spread(faults);
      closeChosen(interference, apis.connections);
    },
  });
  const dynamodb = passOnTo(dynamodbUrl);
  const queues = passOnTo(sqsUrl);
  const served = servedApis(stack, at);
  const services = awsListener({
    stack,
    document: configuration.input.document,
    startedAtMs: Date.now(),
    accountConcurrency: limits.accountConcurrency,
    apiEndpoints: Object.fromEntries(served.map(({ logicalId, url }) => [logicalId, url])),
    logs: recent,
    dynamodb: dynamodb.listener,
    sqs: queues.listener,
    topics,
    events: eventsPlace,
    connectionsApi: apis.connectionsApi,
    secrets,
    serviceQuotas: new ServiceQuotas(limits, { region, accountId }),
    lambda: new InvokeApi({ functions: stack.functions, lambda, asynchronous, limits }),
    cloudwatch: createCloudWatchHandler(store, { now: Date.now }),
  });
  const faults = faultLayer(interference, { callOf: awsCallOf, latency: () => true });
  // The control endpoint before the faults: none may prevent faults from being cleared.
  listeners.awsServer.on(
    'request',
    compose([refuseForeign('tools'), faultControl.layer, failures.layer, faults], services),
  );

  const faultTimer = setInterval(() => {
    closeChosen(interference, apis.connections);
    collectFired();
  }, faultRoundMs);
  const pollers = [
    ...startPollers(stack, { lambda, sqs, sqsUrl, limits, store }),
    startStreamPollers(stack, { lambda, sqs, sqsUrl, dynamodbUrl, store }),
  ];
  const { stackName } = stack;
  const stackId = `arn:aws:cloudformation:${region}:${accountId}:stack/${stackName}/local`;
  await lambda.ready();
  await createCustomResources(stack.customResources, { lambda, stackId });
  const stopSchedules = startSchedules(stack.rules, { fire: (rule) => events.fire(rule), nowMs: Date.now });
  const openConnections = () => apis.connections.size;
  const stopLocalMetrics = publishLocalMetrics({
    store: withDecisions(store, decisions),
    lambda,
    refusals,
    openConnections,
  });
  return {
    ready: {
      endpointUrl: awsUrl,
      apis: served,
      outputs: stack.outputs,
      secrets: secrets.values,
      endpoints: {
        cloudwatch: awsUrl,
        dynamodb: dynamodbUrl,
        sqs: sqsUrl,
        secretsManager: awsUrl,
        lambda: awsUrl,
        serviceQuotas: awsUrl,
        ...(callbackUrl !== undefined && { apiGatewayManagementApi: callbackUrl }),
      },
      processIds: listeners.edges?.processIds ?? [],
    },
    onMetrics: (batches) => intake.put(batches),
    onFaults: (faults) => relay.arrived(faults),
    silentParts: async (limitMs) => (await listeners.edges?.silentParts(limitMs)) ?? [],
    async stop() {
      clearInterval(faultTimer);
      if (stopWatching) stopWatching();
      interference.close();
      stopLocalMetrics();
      stopSchedules();
      apis.close();
      asynchronous.close();
      topics.close();
      events.close();
      closeServer(listeners.gatewayServer);
      for (const { server } of listeners.own.values()) closeServer(server);
      // Together: a poller ends when its invocation does, and the functions' end is what ends a long one.
      await Promise.all([listeners.edges?.stop(), lambda.close(), ...pollers.map((poller) => poller.stop())]);
      sqs.close();
      dynamodb.close();
      queues.close();
      forwarder.close();
      front?.close();
      closeServer(listeners.awsServer);
      notices.flush();
      await Promise.all([logs.close(), decisions?.close()]);
    },
  };
}

/** A stack that anybody has deployed, found by its name: its graph, and where its WebSocket APIs answer. */

import { busesOnTheWay, busNameOf } from '../../../graph/event-buses.ts';
import { inOrder, type StackGraph } from '../../../graph/model.ts';
import { reachesOf } from '../../../graph/references.ts';
import { isOnTheWay } from '../../../graph/topics.ts';
import { UsageError } from '../../errors.ts';
import { askEach, clientsOf, type ServiceAccess } from './clients.ts';
import { describeEventRule } from './event-rules.ts';
import { describeFunctionUrl } from './function-urls.ts';
import { describeEventSource, describeFunction } from './functions.ts';
import { describeQueue, describeTable } from './queues-and-tables.ts';
import { describeRestApi } from './rest-apis.ts';
import { listResources, namesOf, ofTypes, tableTypes } from './stack-resources.ts';
import { describeTopic } from './topics.ts';
import { describeWebApi } from './web-apis.ts';

export interface DeployedStack {
  graph: StackGraph;
  region: string;
  /** `wss://…/stage` of each stage of each WebSocket API. */
  webSocketUrls: { api: string; url: string }[];
  /** Of each stage of each HTTP and REST API, and of each function that has a URL, as far as it is known. */
  httpUrls: { api: string; url: string }[];
}

/**
 * Reads a stack and those nested in it. Whatever of it is no API, function, queue, topic, event bus, rule, table or event source is left out.
 * @throws UsageError when there is no such stack or no region, or the caller's credentials may not read it; CrashError when AWS does not answer.
 */
export async function readDeployedStack(stackName: string, access: ServiceAccess): Promise<DeployedStack> {
  const clients = clientsOf(access);
  try {
    const region = await clients.cloudFormation.config.region().catch((cause: unknown) => {
      throw new UsageError('The stack’s region is not known: give --region, or set AWS_REGION.', { cause });
    });
    const resources = await listResources(clients, stackName, region);
    const names = namesOf(resources);
    const versions = ofTypes(resources, 'AWS::Lambda::Version', 'AWS::Lambda::Alias');
    const functions = await askEach(ofTypes(resources, 'AWS::Lambda::Function'), (each) =>
      describeFunction(clients, each, { names, versions }),
    );
    const webApis = await askEach(ofTypes(resources, 'AWS::ApiGatewayV2::Api'), (each) =>
      describeWebApi(clients, each, names),
    );
    const planIds = new Map(
      ofTypes(resources, 'AWS::ApiGateway::UsagePlan').map(({ id, physicalId }) => [physicalId, id]),
    );
    const restApis = await askEach(ofTypes(resources, 'AWS::ApiGateway::RestApi'), (each) =>
      describeRestApi(clients, each, { names, planIds }),
    );
    const functionUrls = await askEach(ofTypes(resources, 'AWS::Lambda::Url'), (each) =>
      describeFunctionUrl(clients, each, names),
    );
    const nodes = {
      apis: [...webApis.map(({ node }) => node), ...restApis, ...functionUrls.map(({ node }) => node)],
      functions: functions.map(({ node }) => node),
      queues: await askEach(ofTypes(resources, 'AWS::SQS::Queue'), (each) => describeQueue(clients, each, names)),
      tables: await askEach(ofTypes(resources, ...tableTypes), (each) => describeTable(clients, each)),
    };
    const declared = ofTypes(resources, 'AWS::SNS::Subscription');
    const described = await askEach(ofTypes(resources, 'AWS::SNS::Topic'), (each) =>
      describeTopic(clients, each, { names, declared }),
    );
    const rules = await askEach(ofTypes(resources, 'AWS::Events::Rule'), (each) =>
      describeEventRule(clients, each, names),
    );
    const ownBuses = ofTypes(resources, 'AWS::Events::EventBus').map(({ id, physicalId }) => ({
      id,
      name: busNameOf(physicalId),
    }));
    const eventBuses = busesOnTheWay(ownBuses, { ...nodes, rules });
    const topics = described.map(({ node }) => node);
    const subscriptions = described.flatMap((each) => each.subscriptions);
    const reaches = functions.flatMap(({ node, environment }) =>
      reachesOf(node.id, environment, { ...nodes, topics, eventBuses }),
    );
    const eventSources = await askEach(ofTypes(resources, 'AWS::Lambda::EventSourceMapping'), (each) =>
      describeEventSource(clients, each, names),
    );
    const graph = inOrder({
      stackName,
      ...nodes,
      topics: topics.filter(({ id }) => isOnTheWay(id, { ...nodes, reaches, subscriptions, rules })),
      subscriptions,
      eventBuses,
      rules,
      eventSources: eventSources.filter((source) => source !== null),
      reaches,
    });
    const webSocketUrls = webApis.flatMap(({ node, endpoint }) =>
      node.kind === 'webSocket' && endpoint !== null
        ? // An emulator may say http for it.
          node.stages.map((stage) => ({ api: node.id, url: `${endpoint.replace(/^http/, 'ws')}/${stage}` }))
        : [],
    );
    const httpUrls = [
      ...webApis.flatMap(({ node, endpoint }) =>
        node.kind === 'http' && endpoint !== null ? node.stages.map((stage) => stageUrl(node.id, endpoint, stage)) : [],
      ),
      ...restApis.flatMap(({ id, apiId, stages }) =>
        stages.map((stage) => stageUrl(id, `https://${apiId}.execute-api.${region}.amazonaws.com`, stage)),
      ),
      ...functionUrls.map(({ node, url }) => ({ api: node.id, url })),
    ];
    return { graph, region, webSocketUrls, httpUrls };
  } finally {
    clients.destroy();
  }
}

/** The default stage has no part in the path. */
const stageUrl = (api: string, endpoint: string, stage: string) => ({
  api,
  url: stage === '$default' ? endpoint : `${endpoint}/${stage}`,
});

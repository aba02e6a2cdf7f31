/** A stack of the user's own that is planned for without loading it: its settings from its graph, and where load enters it. */

import type { Deployment } from '../../capacity/headroom/deployment.ts';
import { deploymentOfGraph } from '../../capacity/headroom/graph-deployment.ts';
import {
  type EnteredApis,
  enteredApis,
  isFunctionUrl,
  knownRoutes,
  stageIn,
  type TakenRoute,
} from '../../graph/entered.ts';
import { routeOfMessage } from '../../graph/message-route.ts';
import type { StackGraph } from '../../graph/model.ts';
import { routeOfPost } from '../../graph/request-route.ts';
import { UsageError } from '../errors.ts';
import { sentSchema } from '../request/sent-routes.ts';
import { type OwnTemplateOptions, readTemplateOptions, templateOnly } from '../request/template.ts';
import { readDeployedStack } from './deployed/deployed-stack.ts';
import { type EndpointDescription, type EndpointOptions, endpointFrom, readEndpoint } from './endpoint.ts';
import { inspectTemplate } from './local-stack.ts';
import { addressOf, futureAddresses, type StackAddresses, webhookUrlOf } from './stack-addresses.ts';

export interface PlannedStackOptions extends EndpointOptions, OwnTemplateOptions {}

export interface PlannedStack {
  /** As sentences name it: `the stack my-chat`, or a URL. */
  shown: string;
  deployment: Deployment;
  /** Null: of a URL alone nothing else is known. */
  inside: { graph: StackGraph; entered: EnteredApis } | null;
  /** What was taken for granted. */
  notes: string[];
}

type Environment = NodeJS.ProcessEnv;

/** Nothing is sent: of the variables that options name, only those that say where a URL leads need be set. */
function withoutSecrets(environment: Environment, options: PlannedStackOptions): Environment {
  const places = [options.url, options.webhookUrl].map((url) => url?.replace(/\?.*$/s, '').replace(/\/\/.*@/s, '//'));
  const needed = variablesIn(places);
  const others = variablesIn(options).filter((name) => !needed.includes(name));
  const unset = ['LOADLINE_WEBHOOK_SECRET', ...others].filter((name) => !environment[name]);
  return { ...environment, ...Object.fromEntries(unset.map((name) => [name, 'none'])) };
}

/** The names of `${NAME}` and `env:NAME` within texts. */
const variablesIn = (texts: unknown): string[] =>
  [...JSON.stringify(texts).matchAll(/\$\{([A-Z_][A-Z0-9_]*)\}|\benv:([A-Za-z_]\w*)/g)].map(
    ([, inText, whole]) => inText ?? whole ?? '',
  );

/**
 * What --template, --app, --stack or --url name; null without any.
 * @throws UsageError for options that do not go together or a stack that cannot be read; CrashError when AWS does not answer.
 */
export async function readPlannedStack(
  options: PlannedStackOptions,
  environment: Environment,
): Promise<PlannedStack | null> {
  const stack = await readOwnStack(options, environment);
  if (stack !== null) return plannedStack(stack, options, environment);
  if (options.region !== undefined)
    throw new UsageError('--region is that of a stack of your own: add --stack, --template or --app.');
  const endpoint = readEndpoint(options, withoutSecrets(environment, options));
  return endpoint && plannedEndpoint(endpoint);
}

/** What --template, --app or --stack name, described and neither served nor loaded; null without any. @throws as {@link readPlannedStack}. */
export async function readOwnStack(options: OwnTemplateOptions, environment: Environment): Promise<ReadStack | null> {
  const own = readTemplateOptions(options, { environment, alone: templateOnly });
  if (own !== null) {
    const graph = await inspectTemplate(own);
    return { graph, region: own.region, addresses: futureAddresses(graph) };
  }
  if (options.stack === undefined) return null;
  const { graph, region, webSocketUrls, httpUrls } = await readDeployedStack(options.stack, { region: options.region });
  return {
    ...{ graph, region },
    addresses: { stackName: graph.stackName, webSockets: webSocketUrls, http: httpUrls },
  };
}

/** A stack that was read, and nothing of it loaded. */
interface ReadStack {
  graph: StackGraph;
  region: string;
  addresses: StackAddresses;
}

/** The plan's view of a stack that was read: where load enters it, and what its settings make of it. @throws UsageError for addresses that are not its own. */
export function plannedStack(
  { graph, region, addresses }: ReadStack,
  options: PlannedStackOptions,
  environment: Environment,
): PlannedStack {
  const hasWebSockets = options.url !== undefined || addresses.webSockets.length > 0;
  const endpoint = hasWebSockets ? endpointFrom(options, withoutSecrets(environment, options), addresses) : null;
  const [hook, ...others] = addresses.http;
  const httpApis = [...new Set(addresses.http.map(({ api }) => api))];
  const given = endpoint?.webhookUrl ?? (options.webhookUrl && webhookUrlOf(addresses, options.webhookUrl));
  const webhookUrl = given || (others.length === 0 ? hook?.url : undefined) || null;
  const urls = { webSocketUrl: endpoint?.webSocketUrl ?? null, webhookUrl };
  const entered = enteredBy(urls, { graph, addresses, onlyHttp: given || httpApis.length > 1 ? null : httpApis[0] });
  const sent = sentSchema.parse(endpoint?.step ?? {});
  const messages = sent.message === undefined ? [] : [sent.message, ...sent.alsoMessages];
  const posts = given ? [given, ...sent.alsoWebhookUrls] : [];
  const routes = {
    message: takenBy(messages, sent.messageMix, {
      ...{ graph, id: entered.webSocket },
      find: (api, text) => routeOfMessage(api, text),
    }),
    webhook: takenBy(posts, sent.webhookMix, {
      ...{ graph, id: entered.webhook },
      find: (api, url) => routeOfPost(api, url, entered.stages.webhook ?? stageOutside(url, addresses)),
    }),
  };
  const whole = { ...entered, routes };
  const chat = graph.apis.find(({ id }) => id === entered.webSocket);
  const untaken = chat === undefined ? 0 : messages.filter((text) => routeOfMessage(chat, text) === null).length;
  return {
    shown: `the stack ${graph.stackName}`,
    deployment: deploymentOfGraph(graph, whole, region),
    inside: { graph, entered: whole },
    notes: [
      ...(untaken > 0
        ? [
            `No route of ${chat?.id} takes ${messages.length === 1 ? 'the message' : `${untaken} of the ${messages.length} messages`}, and it has no $default.`,
          ]
        : []),
      ...(!given && entered.webhook !== null
        ? [
            `Webhooks are taken to come to ${entered.webhook}, the only one that takes them: --webhook-url says another.`,
          ]
        : []),
      ...(httpApis.length > 1 && entered.webhook === null
        ? [
            `Which of its ${httpApis.length} HTTP and REST APIs and URLs of functions takes webhooks is not known: --webhook-url says it.`,
          ]
        : []),
    ],
  };
}

/** The API at whose address a URL begins; else as that of a run. `onlyHttp`: where no URL says it. */
function enteredBy(
  { webSocketUrl, webhookUrl }: { webSocketUrl: string | null; webhookUrl: string | null },
  { graph, addresses, onlyHttp }: Pick<ReadStack, 'graph' | 'addresses'> & { onlyHttp: string | null | undefined },
) {
  const entered = enteredApis(graph, { webSocketUrl, webhookUrl });
  const webSocket = addressOf(webSocketUrl, addresses.webSockets)?.api ?? entered.webSocket;
  const webhook = addressOf(webhookUrl, addresses.http)?.api ?? entered.webhook ?? onlyHttp ?? null;
  const stageOf = (id: string | null, url: string | null) =>
    stageIn(url, graph.apis.find((api) => api.id === id) ?? null);
  return {
    ...{ webSocket, webhook },
    stages: { webSocket: stageOf(webSocket, webSocketUrl), webhook: stageOf(webhook, webhookUrl) },
  };
}

/** Of an API of several stages: what follows an address without one is the path of the route. */
const stageOutside = (url: string, { http }: StackAddresses): string | null =>
  addressOf(url, http) === undefined ? null : '$default';

type Api = StackGraph['apis'][number];

/** Null: nothing says what is sent, or to which API. */
function takenBy(
  sent: readonly string[],
  weights: readonly number[],
  { graph, id, find }: { graph: StackGraph; id: string | null; find: (api: Api, text: string) => string | null },
): readonly TakenRoute[] | null {
  const api = graph.apis.find((each) => each.id === id);
  if (api === undefined) return null;
  return knownRoutes(sent.map((text, n) => ({ key: find(api, text), weight: weights[n] ?? 1 })));
}

/** Of a URL alone the region, where it is one of AWS's. */
function plannedEndpoint({ webSocketUrl, webhookUrl, shown }: EndpointDescription): PlannedStack {
  const { hostname } = new URL(webSocketUrl);
  const region = /\.execute-api\.([a-z0-9-]+)\.amazonaws\.com/.exec(hostname)?.[1];
  const api = { throttle: null, routes: 0, stages: 1, accessLogs: false, detailedMetrics: false };
  return {
    shown: shown.webSocketUrl,
    deployment: {
      region: region ?? 'us-east-1',
      webSocket: { id: hostname, kind: 'webSocket', ...api },
      webhook:
        webhookUrl === null
          ? null
          : {
              id: new URL(webhookUrl).hostname,
              kind: isFunctionUrl(webhookUrl) ? 'functionUrl' : 'http',
              ...api,
            },
      ...{ functions: [], queues: [], tables: [] },
    },
    inside: null,
    notes: [
      `Nothing is known of what is behind ${shown.webSocketUrl}: quotas and costs are those of API Gateway${region === undefined ? ', if it is one' : ''}, and of nothing else. --stack or --template says more.`,
    ],
  };
}

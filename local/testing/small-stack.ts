/** A small stack of hand-written handlers, for tests of what the target does with good and bad ones. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { startGateway } from '../gateway/gateway.ts';
import { loadTemplate } from '../input/load-template.ts';
import type { LimitsInput } from '../quota/limits.ts';
import { resolveLimits } from '../quota/resolve-limits.ts';

export interface SmallStackOptions {
  /** Source of each function: an ES module that exports `handler`, or its files by their paths. */
  functions: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  /** Route key → name of the function. The key of a two-way route ends in ` (two-way)`. */
  webSocketRoutes: Readonly<Record<string, string>>;
  /** Function that authorizes $connect, with the query parameter `token` as its identity source. */
  authorizer?: string;
  httpRoutes?: Readonly<Record<string, string>>;
  /** Properties of a function other than its code. */
  functionProperties?: Readonly<Record<string, object>>;
  stageProperties?: object;
  /** Properties of the integration of a function, and of the authorizer, in addition to the required ones. */
  integrationProperties?: Readonly<Record<string, object>>;
  authorizerProperties?: object;
  /** Further resources of the template. */
  resources?: Readonly<Record<string, TemplateResource>>;
  limits?: LimitsInput;
  gatewayProcesses?: number;
  gatewayPort?: number;
}

interface TemplateResource {
  Type: string;
  Properties: object;
  Metadata?: object;
}

const arnOf = (name: string) => ({ 'Fn::GetAtt': [name, 'Arn'] });

/** Writes the template and the functions' code into a separate folder. */
export function writeSmallStack(options: Omit<SmallStackOptions, 'limits' | 'gatewayProcesses' | 'gatewayPort'>) {
  const folder = mkdtempSync(join(tmpdir(), 'loadline-small-stack-'));
  for (const [name, source] of Object.entries(options.functions)) {
    const files = typeof source === 'string' ? { 'index.mjs': source } : source;
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(join(folder, name, dirname(path)), { recursive: true });
      // Executable, as a bootstrap has to be.
      writeFileSync(join(folder, name, path), text, { mode: 0o755 });
    }
  }
  const templatePath = join(folder, 'template.json');
  writeFileSync(templatePath, JSON.stringify(templateOf(options)));
  return {
    choice: { kind: 'template', path: templatePath } as const,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Serves it in this process, without DynamoDB and SQS. */
export async function startSmallStack(options: SmallStackOptions) {
  const { remove, choice } = writeSmallStack(options);
  const { input } = await loadTemplate({ choice, region: 'us-east-1' });
  const accountId = '000000000000';
  const gateway = await startGateway({
    ports: { gateway: options.gatewayPort ?? 0, aws: 0 },
    gatewayProcesses: options.gatewayProcesses ?? 1,
    dynamodbUrl: 'http://127.0.0.1:9',
    sqsUrl: 'http://127.0.0.1:9',
    stackName: 'Small',
    region: 'us-east-1',
    accountId,
    input,
    limits: resolveLimits(options.limits),
    logFolder: null,
  }).catch((error) => {
    remove();
    throw error;
  });
  const { outputs } = gateway.ready;
  return {
    target: {
      ...gateway.ready,
      accountId,
      webSocketUrl: outputs.WebSocketUrl ?? '',
      webSocketApiId: outputs.WebSocketApiId ?? '',
      webhookUrl: outputs.HttpUrl ?? '',
      secretArn: outputs.SecretArn ?? '',
    },
    async stop() {
      await gateway.stop();
      remove();
    },
  };
}

function templateOf({
  functions,
  functionProperties = {},
  webSocketRoutes,
  httpRoutes = {},
  ...options
}: SmallStackOptions) {
  const ApiId = { Ref: 'WebSocketApi' };
  const stage = {
    DefaultRouteSettings: { ThrottlingRateLimit: 5_000, ThrottlingBurstLimit: 2_500 },
    ...options.stageProperties,
  };
  const resources: Record<string, TemplateResource> = {
    ...options.resources,
    WebSocketApi: {
      Type: 'AWS::ApiGatewayV2::Api',
      Properties: { ProtocolType: 'WEBSOCKET', RouteSelectionExpression: '$request.body.action' },
    },
    WsStage: { Type: 'AWS::ApiGatewayV2::Stage', Properties: { ApiId, StageName: 'test', ...stage } },
    HttpApi: { Type: 'AWS::ApiGatewayV2::Api', Properties: { ProtocolType: 'HTTP' } },
    HttpStage: { Type: 'AWS::ApiGatewayV2::Stage', Properties: { ApiId: { Ref: 'HttpApi' }, StageName: '$default' } },
    Secret: { Type: 'AWS::SecretsManager::Secret', Properties: { GenerateSecretString: { ExcludePunctuation: true } } },
  };
  for (const name of Object.keys(functions)) {
    resources[name] = {
      Type: 'AWS::Lambda::Function',
      Properties: { Handler: 'index.handler', Runtime: 'nodejs24.x', ...functionProperties[name] },
      Metadata: { 'aws:asset:path': name },
    };
    resources[`${name}Permission`] = {
      Type: 'AWS::Lambda::Permission',
      Properties: { Action: 'lambda:InvokeFunction', FunctionName: arnOf(name), Principal: 'apigateway.amazonaws.com' },
    };
    resources[`${name}Integration`] = {
      Type: 'AWS::ApiGatewayV2::Integration',
      Properties: {
        ApiId,
        IntegrationType: 'AWS_PROXY',
        IntegrationUri: arnOf(name),
        PayloadFormatVersion: '2.0',
        ...options.integrationProperties?.[name],
      },
    };
  }
  if (options.authorizer !== undefined) {
    const AuthorizerUri = arnOf(options.authorizer);
    const IdentitySource = ['route.request.querystring.token'];
    resources.Authorizer = {
      Type: 'AWS::ApiGatewayV2::Authorizer',
      Properties: { ApiId, AuthorizerType: 'REQUEST', AuthorizerUri, IdentitySource, ...options.authorizerProperties },
    };
  }
  const authorization =
    options.authorizer === undefined ? {} : { AuthorizationType: 'CUSTOM', AuthorizerId: { Ref: 'Authorizer' } };
  for (const [index, [key, name]] of Object.entries(webSocketRoutes).entries()) {
    const RouteKey = key.replace(' (two-way)', '');
    const twoWay = key.endsWith('(two-way)');
    resources[`Route${index}`] = {
      Type: 'AWS::ApiGatewayV2::Route',
      Properties: {
        ApiId,
        RouteKey,
        Target: `integrations/${name}Integration`,
        ...(twoWay && { RouteResponseSelectionExpression: '$default' }),
        ...(RouteKey === '$connect' && authorization),
      },
    };
    if (twoWay) {
      const RouteId = { Ref: `Route${index}` };
      resources[`Response${index}`] = {
        Type: 'AWS::ApiGatewayV2::RouteResponse',
        Properties: { ApiId, RouteId, RouteResponseKey: '$default' },
      };
    }
  }
  for (const [index, [RouteKey, name]] of Object.entries(httpRoutes).entries()) {
    resources[`HttpRoute${index}`] = {
      Type: 'AWS::ApiGatewayV2::Route',
      Properties: { ApiId: { Ref: 'HttpApi' }, RouteKey, Target: `integrations/${name}Integration` },
    };
  }
  const outputs = {
    SecretArn: { Value: { Ref: 'Secret' } },
    WebSocketApiId: { Value: ApiId },
    WebSocketUrl: { Value: { 'Fn::Join': ['', [{ 'Fn::GetAtt': ['WebSocketApi', 'ApiEndpoint'] }, '/test']] } },
    HttpUrl: { Value: { 'Fn::GetAtt': ['HttpApi', 'ApiEndpoint'] } },
  };
  return { Resources: resources, Outputs: outputs };
}

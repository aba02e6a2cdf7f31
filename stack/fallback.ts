/** What clients ask over HTTP: the stage of the rollout, and events for who polls or was away. Its API is apart from the webhooks', whose throttle is theirs. */
import { CfnOutput, Duration } from 'aws-cdk-lib';
import { CorsHttpMethod, HttpApi, HttpMethod, HttpStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import { AccessLogs } from './apis/access-logs.ts';
import { apiAddress } from './apis/api-address.ts';
import type { HandlerFunction } from './functions.ts';
import { setLogicalId } from './logical-id.ts';
import type { PostgresStore } from './postgres/postgres-store.ts';
import type { StackSettings } from './settings/settings.ts';
import { holdSecondsOf } from './settings/sync-fallback-settings.ts';
import { outputNames } from './target.ts';

const stageName = '$default';
/** As long as Chromium remembers a preflight at most: each costs a request. */
const preflightHours = 2;

/** Of the functions that keep and read recent events; without the setting, nothing. */
export const recentEventsEnvironment = ({ fallback }: StackSettings): Record<string, string> =>
  fallback === null ? {} : { RECENT_EVENTS_SECONDS: String(fallback.recentSeconds) };

/** Of what serves them. */
export function servedEventsEnvironment(settings: StackSettings): Record<string, string> {
  const holdSeconds = holdSecondsOf(settings);
  return {
    ...recentEventsEnvironment(settings),
    ...(holdSeconds > 0 && { HOLD_SECONDS: String(holdSeconds) }),
  };
}

interface FallbackProps {
  settings: StackSettings;
  /** Null: the store is in PostgreSQL. */
  table: Table | null;
  /** Null: it is in DynamoDB. */
  database: PostgresStore | null;
  /** The secret of tokens. */
  token: { secretArn: string };
  make: (handler: 'fallback', environment: Record<string, string>) => HandlerFunction;
  /** Keeps each event that it pushes. */
  deliver: HandlerFunction;
}

export class Fallback extends Construct {
  readonly function: HandlerFunction;

  /** Null: the settings have none. */
  static of(scope: Construct, props: FallbackProps): Fallback | null {
    const { fallback } = props.settings;
    return fallback === null ? null : new Fallback(scope, props, fallback);
  }

  private constructor(
    scope: Construct,
    { settings, table, database, token, make, deliver }: FallbackProps,
    { origins, throttle }: NonNullable<StackSettings['fallback']>,
  ) {
    super(scope, 'FallbackApi');
    this.function = make('fallback', {
      ...(table ? { TABLE_NAME: table.tableName } : database?.environment),
      TOKEN_SECRET_ARN: token.secretArn,
      MAX_TOKEN_LIFETIME_SECONDS: String(settings.token.maxLifetimeSeconds),
      ...servedEventsEnvironment(settings),
    });
    if (table) {
      deliver.allow(['dynamodb:PutItem'], table.tableArn);
      this.function.allow(['dynamodb:Query', 'dynamodb:GetItem'], table.tableArn);
    }
    database?.allowSignIn(this.function.role);
    this.function.allow(['secretsmanager:GetSecretValue'], token.secretArn);

    const api = new HttpApi(this, 'Api', {
      apiName: `${settings.stackName}-fallback`,
      createDefaultStage: false,
      corsPreflight: {
        allowOrigins: origins,
        allowMethods: [CorsHttpMethod.GET],
        allowHeaders: ['authorization', 'x-after', 'x-wait', 'x-seen'],
        exposeHeaders: ['retry-after'],
        maxAge: Duration.hours(preflightHours),
      },
    });
    setLogicalId(api, 'fallbackApi');
    new HttpStage(this, 'Stage', {
      httpApi: api,
      stageName,
      autoDeploy: true,
      ...(settings.accessLogs.webhook && {
        accessLogSettings: new AccessLogs(this, 'AccessLogs', 'webhook', settings.logRetentionDays).settings,
      }),
      detailedMetricsEnabled: settings.detailedMetrics,
      throttle: { rateLimit: throttle.ratePerSecond, burstLimit: throttle.burst },
    });
    const integration = new HttpLambdaIntegration('Fallback', this.function.function);
    for (const path of ['/config', '/events']) api.addRoutes({ path, methods: [HttpMethod.GET], integration });
    const url = apiAddress(settings, { scheme: 'https', apiId: api.apiId, stage: stageName });
    new CfnOutput(this, 'Url', { value: url }).overrideLogicalId(outputNames.fallbackUrl);
  }
}

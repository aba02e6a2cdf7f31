/**
 * What a table of DynamoDB needs nobody for: the tables are made before anybody connects, expired rows are deleted, and finished events are told. Functions do
 * it whoever reads and writes the rows (docs/adr/0045). With the setting `fallback` one more sets the stage of the rollout, which would be a row that anybody puts.
 */
import { CustomResource, Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { Construct } from 'constructs';
import type { HandlerFunction } from '../functions.ts';
import type { PostgresHandlerName } from '../handler-names.ts';
import type { PostgresStore } from './postgres-store.ts';

/** Expired rows cost room, and time of reads that skip them. */
const expiryInterval = Duration.minutes(5);

export interface StoreUpkeep {
  /** Whoever uses the tables comes after it. */
  migrations: CustomResource;
  functions: Record<Exclude<PostgresHandlerName, 'rollout'>, HandlerFunction>;
  /** Sets the stage of the rollout; null: there is none. No alarm watches it: whoever invokes it is told of its failure. */
  rollout: HandlerFunction | null;
}

export function storeUpkeep(
  scope: Construct,
  database: PostgresStore,
  {
    make,
    hasStage,
  }: {
    make: (handler: PostgresHandlerName, environment: Record<string, string>) => HandlerFunction;
    /** Clients ask for the stage of a rollout. */
    hasStage: boolean;
  },
): StoreUpkeep {
  const migrate = make('migrate', database.ownerEnvironment);
  for (const { secretArn } of [database.ownerSecret, database.appSecret])
    migrate.allow(['secretsmanager:GetSecretValue'], secretArn);
  const migrations = new CustomResource(scope, 'Migrations', {
    resourceType: 'Custom::Migrations',
    serviceToken: migrate.function.functionArn,
    // Again whenever the code of the function has changed, or the connections that it divides.
    properties: { Version: migrate.function.currentVersion.version, Size: database.size },
  });
  database.makeFirst(migrations);
  const expire = make('expire', database.upkeepEnvironment);
  const finished = make('finished', database.upkeepEnvironment);
  const rollout = hasStage ? make('rollout', database.upkeepEnvironment) : null;
  for (const each of [expire, finished, rollout]) if (each) database.allowUpkeep(each.role);
  new Rule(scope, 'Expiry', {
    description: 'Deletes expired rows of the connection store',
    schedule: Schedule.rate(expiryInterval),
    targets: [new LambdaFunction(expire.function)],
  });
  return { migrations, functions: { migrate, expire, finished }, rollout };
}

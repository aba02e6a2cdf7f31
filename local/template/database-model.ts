/** Databases of RDS for PostgreSQL, and the proxies in front of them. Pure. */
import { defaultMaxConnections, memoryGibOf } from '../../aws/rds-instances.ts';
import { type PropertyReader, propertiesOf } from '../../template/properties.ts';
import { isObject } from '../../template/template-error.ts';
import type { DatabaseModel, DatabaseProxyModel } from './model.ts';
import type { TemplateResource } from './resources.ts';

interface Identities {
  refOf: (logicalId: string) => string;
  attributeOf: (logicalId: string, name: string) => string;
}

/** RDS's defaults, and PostgreSQL's port. */
const defaultPort = 5432;
const defaultOwner = 'postgres';

/** @throws {TemplateError} for another engine, and for a class whose connections are not known. */
export function databaseOf(
  resource: TemplateResource,
  parameters: readonly TemplateResource[],
  { refOf, attributeOf }: Identities,
): DatabaseModel {
  const read = propertiesOf(resource);
  const engine = read.neededText('Engine');
  if (engine !== 'postgres') throw read.error('Engine', `${engine} is not supported: postgres only`);
  const { logicalId } = resource;
  const instanceClass = read.neededText('DBInstanceClass');
  return {
    logicalId,
    name: refOf(logicalId),
    host: attributeOf(logicalId, 'Endpoint.Address'),
    port: read.number('Port') ?? defaultPort,
    // Without one RDS makes none but that of the engine.
    database: read.text('DBName') ?? 'postgres',
    owner: read.text('MasterUsername') ?? defaultOwner,
    instanceClass,
    multiAz: read.flag('MultiAZ') ?? false,
    maxConnections: maxConnectionsOf(read, instanceClass, parameters, refOf),
  };
}

function maxConnectionsOf(
  read: PropertyReader,
  instanceClass: string,
  parameters: readonly TemplateResource[],
  refOf: Identities['refOf'],
): number {
  const group = parameters.find(({ logicalId }) => refOf(logicalId) === read.text('DBParameterGroupName'));
  const given = group && propertiesOf(group).json('Parameters');
  const stated = isObject(given) ? Number(given.max_connections) : Number.NaN;
  if (Number.isInteger(stated)) return stated;
  const memoryGib = memoryGibOf(instanceClass);
  if (memoryGib === null)
    throw read.error(
      'DBInstanceClass',
      `how many connections ${instanceClass} takes is not known: set max_connections in a parameter group`,
    );
  return defaultMaxConnections(memoryGib);
}

/** RDS's defaults for PostgreSQL. RDS API reference, ConnectionPoolConfiguration, read November 2026. */
const pool = { mostPercent: 100, borrowTimeoutSeconds: 120 };

/** @throws {TemplateError} for one whose database is not of the stack. */
export function databaseProxyOf(
  resource: TemplateResource,
  targets: readonly TemplateResource[],
  databases: readonly DatabaseModel[],
  { refOf, attributeOf }: Identities,
): DatabaseProxyModel {
  const read = propertiesOf(resource);
  const { logicalId } = resource;
  const name = refOf(logicalId);
  const group = targets.find((target) => propertiesOf(target).text('DBProxyName') === name);
  const ids = group ? propertiesOf(group).texts('DBInstanceIdentifiers') : [];
  const database = databases.find((each) => ids.includes(each.name));
  if (database === undefined)
    throw read.error('DBProxyName', 'needs an AWS::RDS::DBProxyTargetGroup with a database of the stack');
  const given = group && propertiesOf(group).json('ConnectionPoolConfigurationInfo');
  const settings = isObject(given) ? given : {};
  return {
    logicalId,
    name,
    host: attributeOf(logicalId, 'Endpoint'),
    database: database.logicalId,
    mostPercent: Number(settings.MaxConnectionsPercent ?? pool.mostPercent),
    borrowTimeoutMs: Number(settings.ConnectionBorrowTimeout ?? pool.borrowTimeoutSeconds) * 1_000,
  };
}

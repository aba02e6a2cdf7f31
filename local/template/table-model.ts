/** Tables: AWS::DynamoDB::Table, and GlobalTable (CDK's TableV2) as the table that it is in its own Region. Pure. */
import { type PropertyReader, propertiesOf } from '../../template/properties.ts';
import { isObject, type Json } from '../../template/template-error.ts';
import type { TableModel } from './model.ts';
import type { TemplateResource } from './resources.ts';

type Fields = Record<string, Json>;

const views = ['KEYS_ONLY', 'NEW_IMAGE', 'OLD_IMAGE', 'NEW_AND_OLD_IMAGES'] as const;

export function tableOf(
  resource: TemplateResource,
  { tableName, arn, streamArn, region }: { tableName: string; arn: string; streamArn: string; region: string },
): TableModel {
  const read = propertiesOf(resource);
  const { StreamSpecification: _stream, ...properties } = resource.properties;
  const createTable =
    resource.type === 'AWS::DynamoDB::GlobalTable' ? ofGlobalTable(properties, region) : { ...properties };
  for (const name of ['ProvisionedThroughput', 'OnDemandThroughput'])
    if (createTable[name] !== undefined) createTable[name] = numbers(createTable[name]);
  const indexes = createTable.GlobalSecondaryIndexes;
  if (Array.isArray(indexes)) createTable.GlobalSecondaryIndexes = indexes.map(withNumbers);
  return {
    logicalId: resource.logicalId,
    tableName,
    arn,
    createTable: { ...createTable, TableName: tableName },
    stream: streamOf(read, streamArn),
  };
}

/** Table streams have a view; a global table without one that it writes has new and old images, as its replicas need them. */
function streamOf(read: PropertyReader, arn: string): TableModel['stream'] {
  const given = read.json('StreamSpecification');
  if (!isObject(given)) return null;
  const view = views.find((one) => one === (given.StreamViewType ?? 'NEW_AND_OLD_IMAGES'));
  if (view === undefined) throw read.error('StreamSpecification.StreamViewType', `needs one of ${views.join(', ')}`);
  return { arn, view };
}

/** Its own Region's replica decides the reads; writes are the same everywhere. Auto scaling is not modelled: the least that it would keep. */
function ofGlobalTable(properties: Readonly<Fields>, region: string): Fields {
  const {
    Replicas,
    WriteProvisionedThroughputSettings: write,
    WriteOnDemandThroughputSettings: writeOnDemand,
    GlobalSecondaryIndexes: indexes,
    ...same
  } = properties;
  const replicas = (Array.isArray(Replicas) ? Replicas : []).filter(isObject);
  const replica = replicas.find(({ Region }) => Region === region) ?? replicas[0] ?? {};
  const provisioned =
    properties.BillingMode === 'PROVISIONED' || (properties.BillingMode === undefined && write !== undefined);
  const onDemand = {
    ...onlyDefined('MaxReadRequestUnits', field(replica.ReadOnDemandThroughputSettings, 'MaxReadRequestUnits')),
    ...onlyDefined('MaxWriteRequestUnits', field(writeOnDemand, 'MaxWriteRequestUnits')),
  };
  const replicaIndexes = (Array.isArray(replica.GlobalSecondaryIndexes) ? replica.GlobalSecondaryIndexes : []).filter(
    isObject,
  );
  return {
    ...same,
    BillingMode: provisioned ? 'PROVISIONED' : 'PAY_PER_REQUEST',
    ...(provisioned && { ProvisionedThroughput: throughput(replica.ReadProvisionedThroughputSettings, write) }),
    ...(Object.keys(onDemand).length > 0 && { OnDemandThroughput: onDemand }),
    ...(Array.isArray(indexes) && {
      GlobalSecondaryIndexes: indexes.filter(isObject).map((index): Fields => {
        const {
          WriteProvisionedThroughputSettings: indexWrite,
          WriteOnDemandThroughputSettings: _onDemand,
          ...rest
        } = index;
        const ofReplica = replicaIndexes.find(({ IndexName }) => IndexName === index.IndexName) ?? {};
        const units = throughput(ofReplica.ReadProvisionedThroughputSettings, indexWrite ?? write);
        return provisioned ? { ...rest, ProvisionedThroughput: units } : rest;
      }),
    }),
  };
}

function throughput(read: Json | undefined, write: Json | undefined): Fields {
  return {
    ReadCapacityUnits: unitsOf(read, 'ReadCapacityUnits', 'ReadCapacityAutoScalingSettings'),
    WriteCapacityUnits: unitsOf(write, 'WriteCapacityUnits', 'WriteCapacityAutoScalingSettings'),
  };
}

function unitsOf(settings: Json | undefined, fixed: string, scaling: string): number {
  const scaled = field(settings, scaling);
  return Number(field(settings, fixed) ?? field(scaled, 'SeedCapacity') ?? field(scaled, 'MinCapacity') ?? 1);
}

const field = (value: Json | undefined, name: string): Json | undefined => (isObject(value) ? value[name] : undefined);
const onlyDefined = (name: string, value: Json | undefined): Fields => (value === undefined ? {} : { [name]: value });

/** CloudFormation takes texts for numbers, CreateTable does not. */
function numbers(value: Json | undefined): Json {
  return isObject(value)
    ? Object.fromEntries(Object.entries(value).map(([name, item]) => [name, Number(item)]))
    : (value ?? null);
}

function withNumbers(index: Json): Json {
  return isObject(index) && index.ProvisionedThroughput !== undefined
    ? { ...index, ProvisionedThroughput: numbers(index.ProvisionedThroughput) }
    : index;
}

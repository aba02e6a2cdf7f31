/**
 * Which service a request to the common endpoint is for: by its target (AWS JSON), the scope of its signature, or its path. Pure.
 * Sources: IAM user guide, "Elements of an AWS API request signature"; botocore's service models (targetPrefix, signingName), read November 2026.
 */
import type { IncomingHttpHeaders } from 'node:http';

/** Those that are served here, by what SDKs call them. */
export type ServiceName =
  | 'apigateway'
  | 'cloudformation'
  | 'cloudwatch'
  | 'dynamodb'
  | 'events'
  | 'execute-api'
  | 'lambda'
  | 'logs'
  | 'secretsmanager'
  | 'servicequotas'
  | 'sns'
  | 'sqs'
  | 'ssm'
  | 'sts';

const byTarget: Readonly<Record<string, ServiceName>> = {
  AWSEvents: 'events',
  AmazonSQS: 'sqs',
  AmazonSSM: 'ssm',
  DynamoDBStreams_20120810: 'dynamodb',
  DynamoDB_20120810: 'dynamodb',
  GraniteServiceVersion20100801: 'cloudwatch',
  Logs_20140328: 'logs',
  ServiceQuotasV20190624: 'servicequotas',
  secretsmanager: 'secretsmanager',
};

const bySigningName: Readonly<Record<string, ServiceName>> = {
  apigateway: 'apigateway',
  cloudformation: 'cloudformation',
  dynamodb: 'dynamodb',
  events: 'events',
  'execute-api': 'execute-api',
  lambda: 'lambda',
  logs: 'logs',
  monitoring: 'cloudwatch',
  secretsmanager: 'secretsmanager',
  servicequotas: 'servicequotas',
  sns: 'sns',
  sqs: 'sqs',
  ssm: 'ssm',
  sts: 'sts',
};

export type Addressee = { kind: 'known'; service: ServiceName } | { kind: 'unknown'; name: string };

/** Lambda's paths begin with the date of an API version. */
const lambdaPath = /^\/20\d\d-\d\d-\d\d\//;

/** Without any of the three it is CloudWatch's, which says what is missing. */
export function serviceOf(requestTarget: string, headers: IncomingHttpHeaders): Addressee {
  const target = String(headers['x-amz-target'] ?? '');
  const prefix = target.slice(0, target.lastIndexOf('.'));
  const targeted = Object.hasOwn(byTarget, prefix) ? byTarget[prefix] : undefined;
  if (targeted) return { kind: 'known', service: targeted };
  const signed = signingName(requestTarget, headers);
  const known = signed !== null && Object.hasOwn(bySigningName, signed) ? bySigningName[signed] : undefined;
  // A target of another service than that of the scope is no service's here.
  if (known && prefix === '') return { kind: 'known', service: known };
  if (prefix !== '') return { kind: 'unknown', name: signed ?? prefix };
  if (signed !== null) return { kind: 'unknown', name: signed };
  if (lambdaPath.test(requestTarget)) return { kind: 'known', service: 'lambda' };
  return { kind: 'known', service: 'cloudwatch' };
}

/** Of the header, or of a presigned URL. */
function signingName(requestTarget: string, { authorization = '' }: IncomingHttpHeaders): string | null {
  const inHeader = /Credential=[^/, ]+\/\d{8}\/[^/]+\/([^/]+)\//.exec(authorization)?.[1];
  if (inHeader !== undefined) return inHeader;
  const inQuery = /[?&]X-Amz-Credential=([^&]+)/i.exec(requestTarget)?.[1];
  return inQuery === undefined ? null : (decodeURIComponent(inQuery).split('/')[3] ?? null);
}

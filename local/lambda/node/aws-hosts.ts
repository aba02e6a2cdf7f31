/** The names of AWS's endpoints that this machine stands in for. Pure, and small: every environment's thread loads it. */

/** `host:port` of what serves each of them. */
export interface LocalAddresses {
  /** Of the APIs, as clients see it: the domain name of events. */
  gateway: string;
  /** Of HTTP requests to the APIs, and of @connections. */
  api: string;
  dynamodb: string;
  sqs: string;
  /** Of all other services. */
  aws: string;
  /** Of APIs and of functions' URLs that have an address of their own, by the first label of their host. */
  own: Readonly<Record<string, string>>;
  /** Of databases and their proxies, by host. Absent: there are none. */
  databases?: Readonly<Record<string, string>>;
}

/** `<service>.<region>.amazonaws.com`; the region is missing from old names. */
const awsHost = /^([a-z0-9-]+?)(?:-fips)?(?:\.[a-z0-9-]+)?\.(?:amazonaws\.com(?:\.cn)?|api\.aws)$/;
const apiHost = /^[a-z0-9-]+\.execute-api\.[a-z0-9-]+\.(?:amazonaws\.com(?:\.cn)?|api\.aws)$/;
const urlHost = /^[a-z0-9]+\.lambda-url\.[a-z0-9-]+\.on\.aws$/;
const tableHost = /^(?:[0-9]{12}\.ddb|dynamodb)\.[a-z0-9-]+\.(?:amazonaws\.com(?:\.cn)?|api\.aws)$/;
const queueHost = /^(?:sqs\.[a-z0-9-]+|(?:[a-z0-9-]+\.)?queue)\.amazonaws\.com(?:\.cn)?$/;
/** Services of the one port for all. Others, such as the public keys of a user pool, stay where they are. */
const otherServices = new Set([
  ...[
    'apigateway',
    'cloudformation',
    'events',
    'lambda',
    'logs',
    'monitoring',
    'secretsmanager',
    'servicequotas',
    'sns',
  ],
  ...['ssm', 'sts'],
]);

/** Which address stands in for this host; null for every other host. */
export function standIn(host: string): Exclude<keyof LocalAddresses, 'gateway' | 'own' | 'databases'> | null {
  if (apiHost.test(host) || urlHost.test(host)) return 'api';
  if (tableHost.test(host)) return 'dynamodb';
  if (queueHost.test(host)) return 'sqs';
  const service = awsHost.exec(host)?.[1];
  return service !== undefined && otherServices.has(service) ? 'aws' : null;
}

/** The local address of a TLS connection to this host and port; null if it is none of this target's. */
export function localAddressOf(host: string, port: number, addresses: LocalAddresses): string | null {
  const name = host.toLowerCase();
  if (port === 443) {
    const service = standIn(name);
    const own = service === 'api' ? addresses.own[name.split('.', 1)[0] ?? ''] : undefined;
    return own ?? (service && addresses[service]);
  }
  const loopback = name === 'localhost' ? '127.0.0.1' : name;
  const own = `${loopback}:${port}`;
  // `https://${domainName}/${stage}`, as handlers build it for @connections.
  if (own === addresses.gateway || own === addresses.api) return addresses.api;
  const all = [addresses.dynamodb, addresses.sqs, addresses.aws, ...Object.values(addresses.own)];
  return all.find((address) => address === own) ?? null;
}

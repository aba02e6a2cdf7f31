/** The environment of a task: that of its container, with this machine's addresses in the place of AWS's. Pure. */
import { serviceVariables } from '../gateway/platform-variables.ts';
import type { CacheModel, TaskModel } from '../template/servers/server-model.ts';
import { databaseVariable } from './task-databases.ts';

interface CacheAddress {
  model: CacheModel;
  /** `host:port` on this machine. */
  address: string;
}

interface Place {
  region: string;
  endpoints: Parameters<typeof serviceVariables>[1];
  caches: readonly CacheAddress[];
  /** Of databases and their proxies: host → `host:port` on this machine. */
  databaseAddresses: Readonly<Record<string, string>>;
}

export function taskVariables({ environment }: TaskModel, place: Place): Record<string, string> {
  const own = Object.entries(environment).map(([name, value]) => [name, withLocalCaches(value, place.caches)]);
  return {
    ...serviceVariables(place.region, place.endpoints),
    ...Object.fromEntries(own),
    ...(Object.keys(place.databaseAddresses).length > 0 && databaseVariables(place.databaseAddresses)),
  };
}

/** On this machine a database has no certificate, and so nobody needs those of RDS. */
const databaseVariables = (addresses: Readonly<Record<string, string>>) => ({
  [databaseVariable]: JSON.stringify(addresses),
  PGSSLMODE: 'disable',
  NODE_EXTRA_CA_CERTS: '',
});

/** There is no TLS on this machine: `rediss` becomes `redis`. */
function withLocalCaches(value: string, caches: readonly CacheAddress[]): string {
  return caches.reduce((text, { model, address }) => {
    const there = `${model.host}:${model.port}`;
    return text
      .replaceAll(`rediss://${there}`, `redis://${address}`)
      .replaceAll(`valkeys://${there}`, `valkey://${address}`)
      .replaceAll(there, address)
      .replaceAll(model.host, address.replace(/:\d+$/, ''));
  }, value);
}

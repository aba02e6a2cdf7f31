import type { WebhookOwner } from '../webhooks/webhook-request.ts';
import { type Device, newDevice, tabOf, type User } from './device.ts';

export interface Population {
  users: User[];
  /** In the order in which they connect. */
  devices: Device[];
  /** Users without a connection for whom webhooks are posted. */
  offlineOwners: User[];
}

/** For whom webhooks are where nobody connects. */
const ownersWithoutConnections = 100;

/**
 * The users and devices of a fleet: `connections` devices shared out over connections / tabsPerUser users as evenly as whole numbers allow.
 * With 1.25 tabs a user every fourth user has two.
 */
export function populate(options: {
  /** Prefix of the user ids: names the run and the fleet. */
  prefix: string;
  connections: number;
  tabsPerUser: number;
  /** Share (0 to 1) of webhooks whose owner has no connection; above 0 there is at least one such owner. */
  offlineShare: number;
}): Population {
  const { prefix, connections, tabsPerUser, offlineShare } = options;
  const count = Math.min(connections, Math.max(1, Math.round(connections / tabsPerUser)));
  const users = Array.from({ length: count }, (_, n): User => ({ id: `${prefix}-${n}`, index: n, devices: [] }));
  const devices: Device[] = [];
  users.forEach((user, n) => {
    const tabs = Math.floor(((n + 1) * connections) / count) - Math.floor((n * connections) / count);
    for (let tab = 0; tab < tabs; tab++) {
      const device = newDevice(user, devices.length);
      user.devices.push(device);
      devices.push(device);
    }
  });
  const offlineOwners = Array.from(
    { length: connections === 0 ? ownersWithoutConnections : Math.ceil(count * offlineShare) },
    (_, n): User => ({
      id: `${prefix}-offline-${n}`,
      index: count + n,
      devices: [],
    }),
  );
  return { users, devices, offlineOwners };
}

/** For whom webhooks are: those that are connected, and those that are not. */
export function ownersOf(
  { users, devices, offlineOwners }: Population,
  owner: WebhookOwner,
): { online: User[]; offline: User[] } {
  if (devices.length === 0) return { online: [], offline: offlineOwners };
  switch (owner) {
    case 'user':
      return { online: users, offline: offlineOwners };
    case 'tab': {
      const online = devices.map((device) => ({ ...device.user, devices: [device], tab: tabOf(device) }));
      return { online, offline: offlineOwners };
    }
    case 'everyone':
      return { online: [{ id: 'everyone', index: 0, devices, isEveryone: true }], offline: [] };
  }
}

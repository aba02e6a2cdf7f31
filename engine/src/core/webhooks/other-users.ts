/** Whether a push is another user's: what may be said of that depends on what the target can know of users. */
import type { Device, User } from '../connections/device.ts';
import { upgradeTexts } from '../connections/upgrade.ts';
import type { FleetSpec } from '../fleet/fleet-spec.ts';
import { placeholdersOf } from '../messages/template.ts';

/** Of an event of this owner (null: not one of this fleet) that has arrived at this device. */
export type IsOfOtherUser = (owner: User | null, eventId: string, device: Device) => boolean;

/** `run`: the beginning of every event id of the run; `fleet`: of this fleet. */
export function otherUsers(spec: FleetSpec, ids: { run: string; fleet: string }): IsOfOtherUser {
  if (!areToldApart(spec)) return () => false;
  const { length: rows } = spec.feed ?? [];
  // Users who share a row of the feed are one user to the target.
  const isSame = (a: User, b: User) => a.id === b.id || (rows > 0 && a.index % rows === b.index % rows);
  return (owner, eventId, { user }) => {
    if (owner !== null) return !isSame(owner, user);
    // One of this fleet may have been forgotten since. Rows of a feed may be those of another fleet as well.
    if (eventId.startsWith(ids.fleet) || rows > 0) return false;
    // The reference stack pushes nothing but events of an owner, whoever posted them; what else a target pushes to everybody is its own affair.
    return (spec.protocol === null && !spec.webhook) || eventId.startsWith(ids.run);
  };
}

const namesUser = (text: string): boolean =>
  placeholdersOf(text).some((name) => name === 'user' || name === 'tab' || name.startsWith('feed.'));

/** Whether a webhook says whose it is, and a connection whose it is. */
function areToldApart(spec: FleetSpec): boolean {
  const { webhook, webhookUrl, protocol, token, tokenSecret } = spec;
  const namesOwner = !webhook || [webhookUrl ?? '', webhook.body, ...Object.values(webhook.headers)].some(namesUser);
  const hasOwnToken = token ? token.kind === 'command' : tokenSecret !== null;
  const isNamed = hasOwnToken || [...upgradeTexts(spec), protocol?.message ?? ''].some(namesUser);
  return webhook?.owner !== 'everyone' && namesOwner && isNamed;
}

/** The part of a fleet that asks over HTTP. */
import type { Connections } from '../connections/connections.ts';
import type { Device } from '../connections/device.ts';
import type { FleetSpec } from '../fleet/fleet-spec.ts';
import type { Platform } from '../fleet/platform.ts';
import type { Tally } from '../measure/tally.ts';
import { seededRandom } from '../schedule/random.ts';
import type { Ledger } from '../webhooks/ledger.ts';
import { asksOverHttp, Polling } from './polling.ts';
import { TabRequests } from './tab-requests.ts';

/** The longest that a stack holds a read (stack/settings/sync-fallback-settings.ts). */
const longestHoldSeconds = 25;

/** Null: none of its tabs asks anything over HTTP. `connect`: opens the connection of a tab that is to have one again. */
export function fleetPolling(
  { load, fallbackUrl }: Pick<FleetSpec, 'load' | 'fallbackUrl'>,
  fleet: {
    platform: Platform;
    tally: Tally;
    devices: readonly Device[];
    tokens: ReadonlyMap<string, string>;
    ledger: Ledger;
    connections: Connections;
    connect: (device: Device, dueMicros: number) => void;
  },
): Polling | null {
  if (fallbackUrl === undefined || fallbackUrl === null || !asksOverHttp(load)) return null;
  const { platform, tally, devices, tokens, ledger, connections, connect } = fleet;
  const { clock, openPostConnection: open } = platform;
  const timeoutSeconds = load.timeoutSeconds + longestHoldSeconds;
  return new Polling({
    ...{ clock, tally, load, devices, tokens, random: seededRandom(load.seed + 701) },
    requests: new TabRequests({ clock, tally, open, url: fallbackUrl, timeoutSeconds }),
    onEvent: (device, eventId, atMicros) => ledger.pushed(device, eventId, atMicros, 'poll'),
    onRolledBack: (device) => {
      device.reopens = false;
      connections.rollBack(device);
    },
    onBack: (device, nowMicros) => {
      if (device.state === 'ended') connect(device, nowMicros);
      // Its close has not been answered yet.
      else if (device.state === 'closing') device.reopens = true;
    },
  });
}

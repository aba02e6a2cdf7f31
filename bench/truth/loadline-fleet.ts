import type { FleetLoad } from '../../engine/src/core/fleet/fleet-spec.ts';
import { startFleet } from '../../engine/src/processes/fleet-start.ts';
import type { ClientRecord } from '../../engine/src/records.ts';
import { quietLoad } from '../../engine/src/step/quiet-load.fixture.ts';

const plainLoad: FleetLoad = {
  ...quietLoad,
  connections: 50,
  tabsPerUser: 1,
  connectRatePerSecond: 500,
  steadySeconds: 10,
  drainSeconds: 10,
  messageRatePerSecond: 0,
  messageBytes: 64,
  webhookRatePerSecond: 0,
  webhookBytes: 1_024,
  replayShare: 0,
  offlineShare: 0,
  timeoutSeconds: 10,
  seed: 1,
};

/** Runs our load core in a thread, as the engine does, and returns its records. */
export async function runLoadline(
  { webSocketUrl, webhookUrl }: { webSocketUrl: string; webhookUrl: string },
  load: Partial<FleetLoad>,
  options: { secrets?: { token: string; webhook: string } } = {},
): Promise<ClientRecord[]> {
  const records: ClientRecord[] = [];
  const spec = {
    fleet: 'truth',
    runTag: 'truth',
    webSocketUrl,
    webhookUrl,
    tokenSecret: options.secrets?.token ?? null,
    webhookSecret: options.secrets?.webhook ?? 'secret',
    localAddresses: [],
    headers: {},
    subprotocols: [],
    protocol: null,
    hooksModule: null,
    load: { ...plainLoad, ...load },
  };
  const onRecord = (record: ClientRecord) => void records.push(record);
  const result = await startFleet(
    'threads',
    { spec, recordFile: null },
    { signal: new AbortController().signal, onRecord },
  );
  if (result.kind === 'failed') throw new Error(result.sentence);
  return records;
}

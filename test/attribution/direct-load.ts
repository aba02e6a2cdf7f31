/** The load core applied to a target without Artillery, whose start would be most of a short trial. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startFleet } from '../../engine/src/processes/fleet-start.ts';
import { parseFleetStep } from '../../engine/src/step/fleet-step.ts';
import { quietLoad } from '../../engine/src/step/quiet-load.fixture.ts';
import { runFileNames } from '../../record/run-folder.ts';
import type { LoadOutcome, LoadRequest } from '../../run/load/load.ts';

/** Whose load it is: it has no messages of its own. */
export const directScenario = fileURLToPath(new URL('../../scenarios/sync.yml', import.meta.url));

let runs = 0;

/** Messages of an endpoint's own, as a scenario's step has them. */
function protocolOf(description: LoadRequest['target']['description']) {
  if (description.kind !== 'endpoint') return null;
  const parsed = parseFleetStep(
    { connections: 1, steadySeconds: 1, ...description.step },
    {
      ...{ target: description.webSocketUrl, machine: { cores: 1, maxDescriptors: 1_024 }, worker: null },
      foreign: description.step,
      readFile: (path) => readFileSync(path, 'utf8'),
    },
  );
  if (parsed.kind === 'invalid') throw new Error(parsed.problem);
  return parsed.step.protocol;
}

export async function applyDirectly({ folder, runId, workload, target, signal }: LoadRequest): Promise<LoadOutcome> {
  runs += 1;
  const { webSocketUrl, webhookUrl, tokenSecret, webhookSecret } = target.description;
  const spec = {
    fleet: 'trial',
    runTag: `r${process.pid}-${runs}`,
    webSocketUrl,
    webhookUrl,
    tokenSecret,
    webhookSecret: webhookSecret ?? '',
    localAddresses: [],
    headers: {},
    subprotocols: [],
    protocol: protocolOf(target.description),
    hooksModule: null,
    load: { ...quietLoad, ...workload },
  };
  const result = await startFleet(
    'threads',
    { spec, recordFile: { path: join(folder, runFileNames.client), run: runId } },
    { signal, onRecord: () => {} },
  );
  switch (result.kind) {
    case 'completed':
      return { kind: 'completed' };
    case 'aborted':
      return { kind: 'interrupted', signal: String(signal.reason) };
    case 'failed':
      return { kind: 'crashed', part: 'engine', reason: result.sentence };
  }
}

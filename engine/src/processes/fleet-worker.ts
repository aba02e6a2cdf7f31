/** What a fleet's thread and a fleet's process have in common. */
import { secretsOfTarget } from '../concealment.ts';
import { runFleet } from '../core/fleet/fleet.ts';
import type { FleetResult, FleetSpec } from '../core/fleet/fleet-spec.ts';
import type { ClientRecord } from '../records.ts';
import { concealerOf, concealRecord } from './concealed-record.ts';
import { RecordFile, type RecordFileOrder } from './record-file.ts';

/** What a fleet is started with. */
export interface FleetOrder {
  spec: FleetSpec;
  /** Null: lines are only passed on. */
  recordFile: RecordFileOrder | null;
}

/** What it reports. */
export type FleetMessage = { kind: 'record'; record: ClientRecord } | { kind: 'ended'; result: FleetResult };

/** Runs the fleet and sends its records and its result. Never rejects: an error is a failed fleet. */
export async function carryOut(
  { spec, recordFile }: FleetOrder,
  options: { signal: AbortSignal; send: (message: FleetMessage) => void },
): Promise<void> {
  const conceal = concealerOf(secretsOfTarget(spec));
  let file: RecordFile | null = null;
  let result: FleetResult;
  try {
    file = recordFile === null ? null : new RecordFile(recordFile);
    result = await runFleet(spec, {
      signal: options.signal,
      onRecord: (measured) => {
        const record = concealRecord(measured, conceal);
        file?.append(record);
        options.send({ kind: 'record', record });
      },
    });
  } catch (error) {
    result = { kind: 'failed', sentence: error instanceof Error ? error.message : String(error) };
  } finally {
    file?.close();
  }
  if (result.kind === 'failed') result = { kind: 'failed', sentence: conceal(result.sentence) };
  options.send({ kind: 'ended', result });
}

/** What a fleet's thread and a fleet's process do alike. */
import { runFleet } from '../core/fleet/fleet.ts';
import type { FleetResult, FleetSpec } from '../core/fleet/fleet-spec.ts';
import type { ClientRecord } from '../records.ts';
import { RecordFile } from './record-file.ts';

/** What a fleet is started with. */
export interface FleetOrder {
  spec: FleetSpec;
  /** Path of client.ndjson; null: lines are only told. */
  recordFile: string | null;
}

/** What it tells. */
export type FleetMessage = { kind: 'record'; record: ClientRecord } | { kind: 'ended'; result: FleetResult };

/** Runs the fleet and tells all of it. Never rejects: what goes wrong is a failed fleet. */
export async function carryOut(
  { spec, recordFile }: FleetOrder,
  options: { signal: AbortSignal; tell: (message: FleetMessage) => void },
): Promise<void> {
  let file: RecordFile | null = null;
  let result: FleetResult;
  try {
    file = recordFile === null ? null : new RecordFile(recordFile);
    result = await runFleet(spec, {
      signal: options.signal,
      onRecord: (record) => {
        file?.append(record);
        options.tell({ kind: 'record', record });
      },
    });
  } catch (error) {
    result = { kind: 'failed', sentence: error instanceof Error ? error.message : String(error) };
  } finally {
    file?.close();
  }
  options.tell({ kind: 'ended', result });
}

/** What is modelled on top of the local target: service latencies and faults. */
import { existsSync } from 'node:fs';
import {
  type FaultsFile,
  faultsFileSchema,
  type LatencyProfile,
  latencyProfileNames,
  latencyProfileSchema,
  namedLatencyProfile,
} from '../../local/start.ts';
import { nearestKey } from '../../scenarios/yaml/nearest-key.ts';
import { UsageError } from '../errors.ts';
import { readYamlFile } from '../input-file.ts';

export interface InterferenceOptions {
  latency?: string;
  faults?: string;
}

/**
 * The options as parsed for `startLocalTarget`.
 * @throws UsageError with a line for each problem of a file: `file:line:column: sentence`.
 */
export function readInterference({ latency, faults }: InterferenceOptions): {
  latency?: LatencyProfile;
  faults?: FaultsFile;
} {
  return {
    ...(latency !== undefined && { latency: profileOf(latency) }),
    ...(faults !== undefined && { faults: readYamlFile(faults, 'faults file', faultsFileSchema) }),
  };
}

function profileOf(given: string): LatencyProfile {
  const name = latencyProfileNames.find((known) => known === given);
  const meant = isPath(given) ? null : nearestKey(given, latencyProfileNames);
  if (name === undefined && meant !== null)
    throw new UsageError(`--latency ${given}: there is no such profile or file. Did you mean "${meant}"?`);
  return name === undefined
    ? readYamlFile(given, 'latency profile (none, typical, or a file)', latencyProfileSchema)
    : namedLatencyProfile(name);
}

const isPath = (given: string): boolean => /[/\\.]/.test(given) || existsSync(given);

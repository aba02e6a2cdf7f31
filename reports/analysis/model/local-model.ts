/** What was modelled or broken on purpose in a local target, for a title. */
import type { LocalModel } from '../../../record/run.ts';

/** `, latency profile typical (modelled), with faults`; empty when nothing was added. */
export function describeLocalModel(model: LocalModel | null): string {
  if (model === null) return '';
  const { latencyProfile, faults } = model;
  const profile = latencyProfile.latencies.length === 0 ? '' : `, latency profile ${latencyProfile.name} (modelled)`;
  return `${profile}${faults.length === 0 ? '' : ', with faults'}`;
}

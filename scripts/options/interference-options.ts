/** The options for what is modelled on top of the local target: service latencies and faults. */
import type { Command } from 'commander';

export function addInterferenceOptions(command: Command): Command {
  return command
    .option(
      '--latency <profile>',
      'modelled service latency: none, typical, or a YAML file of distributions; default: none',
    )
    .option('--faults <file>', 'YAML file of faults that the local target injects (docs/faults.md)');
}

/** What `loadline search` can be asked beside what a run can be. */
import type { Command } from 'commander';
import { variables } from '../../run/search/varied-workload.ts';
import { positiveNumber, sloValue } from './values.ts';

/** Without --max a search ends at this many times the plan's load. */
export const defaultMaxFactor = 64;

export function addSearchOptions(command: Command): Command {
  return command
    .option('--vary <what>', `load to vary: ${variables.join(', ')}`)
    .option('--start <load>', "first load; default: the plan's", positiveNumber)
    .option('--max <load>', `largest load to try; default: ${defaultMaxFactor} times the first`, positiveNumber)
    .option(
      '--width <share>',
      'relative width of the bracket at which the search ends: 0.05 is 5%',
      positiveNumber,
      0.05,
    )
    .option(
      '--slo <name=value>',
      "objective in place of the plan's, for example deliveryP99Ms=1000; repeatable",
      sloValue,
    )
    .option('--searches <folder>', 'folder for search folders', 'searches')
    .option(
      '--resume <folder>',
      'resumes an interrupted search with its own options; completed trials are not repeated',
    );
}

import { Argument, type Command } from 'commander';
import { helpEnd } from '../exit-code.ts';
import { addLoadOptions } from '../options/load-options.ts';
import { measuredLoad, refuseWithoutMeasure } from '../options/measure-options.ts';
import { defaultPlan, defaultPlanName } from '../options/plan-option.ts';
import { profileOption, runOption } from '../options/run-basis.ts';
import type { Terminal } from '../terminal.ts';

export function addChooseCommand(program: Command, terminal: Terminal): void {
  const command = program
    .command('choose')
    .description(
      'Functions or a service of tasks, for a usage plan, today and at each stage: which holds, what binds, what a month costs, from which size on the other is cheaper, what each fails at, and what changing later costs.',
    )
    .addArgument(new Argument('[plan]', 'usage plan').default(defaultPlan, defaultPlanName))
    .addOption(runOption('coefficients'))
    .addOption(profileOption)
    .option(
      '--settings <file>',
      "YAML file of the reference stack's settings, those of `server` among them; default: the stack's",
    )
    .option(
      '--measure',
      'first measure every variant on this machine, one after the other, under the plan’s load: about ten minutes; a valid run of the same load, version and machine is not made again',
    )
    .option('--again', 'with --measure: also what was measured before')
    .option('--runs <folder>', 'folder of runs; those of --measure are kept in its folder variants', 'runs')
    .option('--profiles <folder>', 'folder of profiles', 'profiles')
    .option('--report <folder>', 'also write choose.html, choose.md and choose.json there')
    .option('--json', 'print the whole answer as JSON on stdout')
    .addHelpText(
      'after',
      helpEnd(
        'choose',
        'loadline choose my-plan.yml',
        'loadline choose my-plan.yml --settings server.yml --report choice',
        'loadline choose my-plan.yml --measure --report choice',
      ),
    )
    .action(async (file, options, command) => {
      refuseWithoutMeasure(options, command);
      const { choose } = await import('../actions/choose.ts');
      await choose(file, options, terminal);
    });
  addLoadOptions(command, measuredLoad);
}

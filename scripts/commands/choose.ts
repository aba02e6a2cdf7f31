import { Argument, type Command } from 'commander';
import { helpEnd } from '../exit-code.ts';
import { defaultPlan, defaultPlanName } from '../options/plan-option.ts';
import { profileOption, runOption } from '../options/run-basis.ts';
import type { Terminal } from '../terminal.ts';

export function addChooseCommand(program: Command, terminal: Terminal): void {
  program
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
    .option('--report <folder>', 'also write choose.html, choose.md and choose.json there')
    .option('--json', 'print the whole answer as JSON on stdout')
    .addHelpText(
      'after',
      helpEnd(
        'choose',
        'loadline choose my-plan.yml',
        'loadline choose my-plan.yml --settings server.yml --report choice',
      ),
    )
    .action(async (file, options) => {
      const { choose } = await import('../actions/choose.ts');
      await choose(file, options, terminal);
    });
}

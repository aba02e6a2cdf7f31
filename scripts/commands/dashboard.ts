import type { Command } from 'commander';
import { helpEnd } from '../exit-code.ts';
import { addConfigOption } from '../options/config-option.ts';
import { addTemplateSourceOptions } from '../options/template-options.ts';
import type { Terminal } from '../terminal.ts';

export function addDashboardCommand(program: Command, terminal: Terminal): void {
  const command = program
    .command('dashboard')
    .description(
      'Prints a CloudFormation template with a CloudWatch dashboard and alarms for every API, function, queue, topic and table of a stack of your own, with the limits that it sets for itself. Changes nothing: you deploy it.',
    );
  addConfigOption(addTemplateSourceOptions(command))
    .option(
      '--stack <name>',
      'the deployed stack that is watched, for a template of its own; with --app: which stack of it',
    )
    .option('--region <region>', 'of the deployed stack; default: that of your AWS profile')
    .option('--topic <arn>', 'SNS topic that every alarm is sent to; default: alarms are shown only')
    .addHelpText(
      'after',
      helpEnd(
        'dashboard',
        'loadline dashboard --stack my-chat > watch.json',
        'aws cloudformation deploy --stack-name watch --template-file watch.json',
      ),
    )
    .action(async (options) => {
      const { dashboard } = await import('../actions/dashboard.ts');
      await dashboard(options, terminal);
    });
}

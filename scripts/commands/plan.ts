import { Argument, type Command } from 'commander';
import { helpEnd } from '../exit-code.ts';
import { addEndpointOptions } from '../options/endpoint-options.ts';
import { addMixOptions } from '../options/mix-options.ts';
import { defaultPlan, defaultPlanName } from '../options/plan-option.ts';
import { profileOption, runOption } from '../options/run-basis.ts';
import { collect, quotaValue, routeShare } from '../options/values.ts';
import type { Terminal } from '../terminal.ts';

export function addPlanCommand(program: Command, terminal: Terminal): void {
  const command = program
    .command('plan')
    .description(
      'Compares a usage plan with the quotas, without applying load: headroom, when each quota runs out, costs, and which quotas and settings to raise.',
    )
    .addArgument(new Argument('[plan]', 'usage plan').default(defaultPlan, defaultPlanName))
    .addOption(runOption('coefficients'))
    .addOption(profileOption)
    .option(
      '--settings <file>',
      "YAML file of the reference stack's settings; default: those of the run, or the stack's defaults",
    )
    .option(
      '--region <region>',
      'of a stack of your own; default: us-east-1 for a template, that of your AWS profile for --stack',
    )
    .option('--quota <code=value>', 'quota of the account, by code or id; repeatable', quotaValue)
    .option(
      '--quotas <file>',
      "the account's quotas: output of `aws service-quotas list-service-quotas --output json`, a file for each service; repeatable",
      collect,
    )
    .option(
      '--message-route <route=share>',
      'share of the messages that take a route of the profile (--also-message), as in send=3; repeatable; default: those of --message and --also-message, else as in the mixed phase of the profile',
      routeShare,
    )
    .option(
      '--webhook-route <route=share>',
      "the same of webhooks (--also-webhook-url), as in 'POST /hooks=1'; repeatable",
      routeShare,
    )
    .option('--prices <file>', 'prices in place of those of us-east-1 (YAML, with source and date)')
    .option('--free-tier', 'costs less what AWS gives every account for nothing, every month')
    .option('--report <folder>', 'also write plan.html, plan.md and plan.json there')
    .option('--json', 'print the whole answer as JSON on stdout');
  addMixOptions(addEndpointOptions(command))
    .addHelpText(
      'after',
      helpEnd(
        'plan',
        'loadline plan my-plan.yml --report plan-report',
        'loadline plan my-plan.yml --run runs/latest --quota newConnections=1000',
        'loadline plan my-plan.yml --template template.yaml --profile profiles/latest',
      ),
    )
    .action(async (file, options) => {
      const { plan } = await import('../actions/plan.ts');
      await plan(file, options, terminal);
    });
}

import { usEast1Prices } from '../../aws/prices.ts';
import { watchTemplate } from '../../metrics/dashboard/template.ts';
import { dollars, plural } from '../../reports/analysis/numbers.ts';
import { printableJson } from '../../reports/render/printable.ts';
import { UsageError } from '../../run/errors.ts';
import type { OwnTemplateOptions } from '../../run/request/template.ts';
import { readOwnStack } from '../../run/target/planned-stack.ts';
import type { Terminal } from '../terminal.ts';

export interface DashboardOptions extends OwnTemplateOptions {
  topic?: string;
}

export async function dashboard(options: DashboardOptions, terminal: Terminal): Promise<void> {
  const { topic = null } = options;
  if (topic !== null && !/^arn:[^:]+:sns:[^:]+:[^:]*:[^:]+$/.test(topic))
    throw new UsageError(
      `--topic ${topic}: expected the ARN of an SNS topic, as in arn:aws:sns:us-east-1:123456789012:on-call.`,
    );
  const stack = await readOwnStack(options, terminal.environment);
  if (stack === null)
    throw new UsageError(
      'Which stack is watched? Name it with --stack, if it is deployed, or with --template or --app.',
    );
  const isDeployed = options.template === undefined && options.app === undefined;
  const naming = isDeployed ? 'names' : 'references';
  const { template, widgets, alarms, leftOut } = watchTemplate(stack.graph, { naming, topicArn: topic });
  if (widgets === 0)
    throw new UsageError(
      leftOut.length === 0
        ? `The stack ${stack.graph.stackName} has nothing to watch: no API, function, queue, topic or table. Name another.`
        : `All of the stack ${stack.graph.stackName} is in nested stacks (${leftOut.join(', ')}), to which a template cannot refer: --stack watches it where it is deployed.`,
    );
  const usd = monthOf('alarmMetricMonth') * alarms + monthOf('dashboardMonth');
  terminal.say(`A dashboard and ${plural(alarms, 'alarm')}, ${dollars(usd)} a month where the free tier is used up.`);
  terminal.say(
    isDeployed
      ? `Deploy it: aws cloudformation deploy --template-file FILE --stack-name ${stack.graph.stackName}-watch`
      : 'Put its Resources into the template: they refer to its own. With --stack it is a template by itself.',
  );
  if (leftOut.length > 0)
    terminal.say(
      `Left out, because a template cannot refer to them: ${leftOut.join(', ')}. With --stack they are watched as well.`,
    );
  terminal.print(printableJson(template));
}

/** Of one, in US dollars. */
const monthOf = (name: 'alarmMetricMonth' | 'dashboardMonth'): number => usEast1Prices[name].tiers[0].usd;

/** Findings of cdk-nag's AwsSolutions pack on the reference stack, in each of its variants. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { ContainerImage } from 'aws-cdk-lib/aws-ecs';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { AwsSolutionsChecks } from 'cdk-nag';
import { LoadlineStack } from '../../stack/loadline-stack.ts';
import { parseSettings, type StackSettingsInput } from '../../stack/settings/settings.ts';
import { variants } from './variants.ts';

export interface Finding {
  variant: string;
  /** `AwsSolutions-IAM5[Resource::*]`: the rule, and what of the resource it is about, if it says so. */
  rule: string;
  /** Path of the resource in the stack, without the stack's name. */
  path: string;
  description: string;
}

export const findingsOfStack = (): Finding[] =>
  Object.entries(variants).flatMap(([variant, settings]) => findingsOf(variant, settings));

function findingsOf(variant: string, input: StackSettingsInput): Finding[] {
  const outdir = mkdtempSync(join(tmpdir(), 'loadline-nag-'));
  try {
    const app = new App({ outdir, analyticsReporting: false });
    const codeOf = () => Code.fromInline('exports.handler = async () => {};');
    const imageOf = () => ({ image: ContainerImage.fromRegistry('public.ecr.aws/example'), note: () => {} });
    const stack = new LoadlineStack(app, { settings: parseSettings(input), codeOf, imageOf });
    app.synth();
    return new AwsSolutionsChecks().validateScope(stack).violations.flatMap(({ ruleName, description, ...violation }) =>
      violation.violatingResources.map(({ constructPath = '' }) => ({
        ...{ variant, rule: ruleName, description },
        path: constructPath.slice(constructPath.indexOf('/') + 1),
      })),
    );
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

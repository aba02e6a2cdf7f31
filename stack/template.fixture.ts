/** Templates for the tests of the stack, made without bundling: inline code in the place of the handlers. */
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { LoadlineStack } from './loadline-stack.ts';
import { parseSettings, type StackSettingsInput } from './settings.ts';

export function templateOf(input: StackSettingsInput = {}): Template {
  const app = new App({ analyticsReporting: false });
  const codeOf = () => Code.fromInline('exports.handler = async () => {};');
  return Template.fromStack(new LoadlineStack(app, { settings: parseSettings(input), codeOf }));
}

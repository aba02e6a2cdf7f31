/** Templates for the tests of the stack, made without bundling: with inline code instead of the handlers. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { ContainerImage } from 'aws-cdk-lib/aws-ecs';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { LoadlineStack } from './loadline-stack.ts';
import type { ImageOf } from './server/task-image.ts';
import { parseSettings, type StackSettingsInput } from './settings/settings.ts';

const imageOf: ImageOf = () => ({ image: ContainerImage.fromRegistry('public.ecr.aws/example'), note: () => {} });

/** Synthesis takes half a second: done once per set of settings. */
const made = new Map<string, Template>();

/** Read-only: tests with the same settings share a template. */
export function templateOf(input: StackSettingsInput = {}): Template {
  const key = JSON.stringify(input);
  const template = made.get(key) ?? synthesizeTemplate(input);
  made.set(key, template);
  return template;
}

function synthesizeTemplate(input: StackSettingsInput): Template {
  // By default an App creates a temporary folder and does not remove it.
  const outdir = mkdtempSync(join(tmpdir(), 'loadline-template-'));
  try {
    const app = new App({ outdir, analyticsReporting: false });
    const codeOf = () => Code.fromInline('exports.handler = async () => {};');
    return Template.fromStack(new LoadlineStack(app, { settings: parseSettings(input), codeOf, imageOf }));
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

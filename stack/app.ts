/**
 * The CDK app. `node stack/app.ts` writes cdk.out by itself; `cdk synth` and `cdk deploy` run it as well (cdk.json).
 * Settings: `-c settings=<file.yml|json>` with cdk, or `node stack/app.ts <file> [<outdir>]`; without a file, the defaults.
 * Where they do not state the account's concurrency, Lambda is asked for it, if there are credentials.
 */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { findAccountConcurrency } from './account-concurrency.ts';
import { deploymentSettings, guardSentence } from './settings/deployment-settings.ts';
import { parseSettings, type StackSettingsInput } from './settings/settings.ts';
import { writeCloudAssembly } from './synthesis/cloud-assembly.ts';

/** The CDK command line passes the context and the output folder in these variables. */
const context = JSON.parse(process.env.CDK_CONTEXT_JSON ?? '{}') as { settings?: string };
const file = process.argv[2] ?? context.settings;
const outDir = process.argv[3] ?? process.env.CDK_OUTDIR ?? 'cdk.out';

try {
  // JSON is YAML, so one parser reads both. parseSettings validates it.
  const input = file === undefined ? {} : ((parse(readFileSync(file, 'utf8')) ?? {}) as StackSettingsInput);
  const { region, accountConcurrency } = parseSettings(input);
  const found =
    accountConcurrency === null
      ? await findAccountConcurrency(region, process.env)
      : { kind: 'unknown' as const, reason: 'the settings state it' };
  const { settings, guard } = deploymentSettings(input, found);
  writeCloudAssembly(settings, outDir);
  if (guard !== null) console.error(guardSentence(guard));
} catch (error) {
  const reason = error instanceof z.ZodError ? z.prettifyError(error) : error instanceof Error ? error.message : error;
  console.error(`Cannot synthesize the stack${file === undefined ? '' : ` with ${file}`}: ${reason}`);
  process.exitCode = 2;
}

import { resolve } from 'node:path';
import type { Command } from 'commander';
import { faultsPath, type Notice } from '../../local/start.ts';
import { folderProblem } from '../../record/folder-problem.ts';
import { sentenceOf } from '../../record/json-file.ts';
import { makeFolder } from '../../record/private-folder.ts';
import type { TargetDescription } from '../../record/target.ts';
import { modelNotes } from '../../reports/analysis/model/model-notes.ts';
import { printableJson } from '../../reports/render/printable.ts';
import { CrashError, UsageError } from '../../run/errors.ts';
import { readYamlFile } from '../../run/input-file.ts';
import { type InterferenceOptions, readInterference } from '../../run/request/interference.ts';
import { type LimitOptions, readLimits } from '../../run/request/limits.ts';
import { type OwnTemplateOptions, readTemplateOptions } from '../../run/request/template.ts';
import { registerLocalTarget } from '../../run/target/local-registry.ts';
import { startLocalStack } from '../../run/target/local-stack.ts';
import { startLocal } from '../../run/target/running-target.ts';
import { parseSettings, settingsSchema } from '../../stack/settings.ts';
import { exitCodesHelp } from '../exit-code.ts';
import { onInterruption } from '../interruption.ts';
import { noticeLines } from '../notice-lines.ts';
import { gatewayProcesses } from '../options/gateway-processes.ts';
import { addInterferenceOptions } from '../options/interference-options.ts';
import { addLimitOptions } from '../options/limit-options.ts';
import { addTemplateOptions } from '../options/template-options.ts';
import { integer, port } from '../options/values.ts';
import type { Terminal } from '../terminal.ts';
import { describeOwnStack, ownStackText } from './own-stack-text.ts';
import { connectUrl, sign } from './token.ts';

interface LocalOptions extends LimitOptions, InterferenceOptions, OwnTemplateOptions {
  settings?: string;
  user: string;
  json?: boolean;
  logs?: string;
  gatewayPort?: number;
  awsPort?: number;
  dynamodbPort?: number;
  sqsPort?: number;
  gatewayProcesses: number;
  watch?: boolean;
  seed?: number;
}

const tokenHours = 24;

export function addLocalCommand(program: Command, terminal: Terminal): void {
  const command = program
    .command('local')
    .description(
      'Serves a stack on this machine until Ctrl-C, and prints its endpoints: the reference stack, or your own by its template.',
    )
    .option('--settings <file>', "YAML file of the stack's settings; each has a default")
    .option('--user <user>', 'user of the ready-made WebSocket URL', 'u-1')
    .option(
      '--json',
      'print the description as one line of JSON (of the reference stack: the input of `loadline run --target`)',
    )
    .option('--logs <folder>', 'folder for the logs; default: no logs')
    .option(
      '--gateway-port <port>',
      'port of the WebSocket API, the webhook API and @connections; default: a free one',
      port,
    )
    .option(
      '--aws-port <port>',
      'port of CloudWatch, Lambda, Secrets Manager and Service Quotas; default: a free one',
      port,
    )
    .option('--dynamodb-port <port>', 'port of DynamoDB; default: a free one', port)
    .option('--sqs-port <port>', 'port of SQS; default: a free one', port)
    .option(
      '--gateway-processes <count>',
      'processes that hold the WebSockets: one per about 19,000 with an open-file limit of 20,000',
      gatewayProcesses,
      1,
    )
    .option('--watch', "load a function's code again when a file of it changes")
    .action((options) => serve(options, terminal));
  command.option(
    '--seed <number>',
    'random seed of modelled latencies and faults; default: random, and printed at the start',
    integer,
  );
  addTemplateOptions(addInterferenceOptions(addLimitOptions(command))).addHelpText(
    'after',
    `${exitCodesHelp('local')}\nExamples:\n  loadline local --gateway-port 8080\n  loadline local --template template.yaml --parameter Stage=dev\n  loadline local --app cdk.out\n  loadline local --quota-scale 0.01 --limit newConnections.ratePerSecond=20\n  loadline local --latency typical --faults faults.yml --seed 7`,
  );
}

async function serve(options: LocalOptions, terminal: Terminal): Promise<void> {
  const own = readTemplateOptions(options, terminal);
  if (own !== null && options.settings !== undefined)
    throw new UsageError('--settings are of the reference stack: leave them out with --template and --app.');
  const settings =
    options.settings === undefined ? parseSettings() : readYamlFile(options.settings, 'settings file', settingsSchema);
  const limits = readLimits(options);
  const interference = readInterference(options);
  if (options.logs !== undefined) await makeLogFolder(options.logs);
  const interruption = onInterruption(() => {}, '');
  const { gatewayPort: gateway, awsPort: aws, dynamodbPort: dynamodb, sqsPort: sqs } = options;
  const ports = Object.fromEntries(
    Object.entries({ gateway, aws, dynamodb, sqs }).filter(([, given]) => given !== undefined),
  );
  const common = {
    ports,
    gatewayProcesses: options.gatewayProcesses,
    onNotice(notice: Notice) {
      for (const line of noticeLines(notice)) terminal.say(line);
    },
    ...(options.watch && { watch: true }),
    ...(limits !== undefined && { limits }),
    ...interference,
    ...(options.seed !== undefined && { seed: options.seed }),
    signal: interruption.signal,
    ...(options.logs !== undefined && { logFolder: options.logs }),
  };
  try {
    if (own !== null) {
      const stack = await startLocalStack({ ...common, ...own });
      try {
        terminal.print(options.json ? printableJson(describeOwnStack(stack)) : ownStackText(stack));
        await Promise.race([aborted(interruption.signal), stack.exited.then(({ reason }) => fail(reason))]);
      } finally {
        await stack.stop();
      }
      return;
    }
    const local = await startLocal({ ...common, settings });
    const unregister = registerLocalTarget(local.target);
    try {
      const url = connectUrl(local.target, await sign(options.user, local.target.tokenSecret, tokenHours));
      terminal.print(
        options.json ? printableJson({ ...local.target, connectUrl: url }) : describe(local.target, options.user, url),
      );
      await Promise.race([aborted(interruption.signal), local.exited.then(({ reason }) => fail(reason))]);
    } finally {
      unregister();
      await local.stop();
    }
  } catch (error) {
    // Ctrl-C during the start.
    if (!interruption.signal.aborted) throw error;
  } finally {
    interruption.dispose();
  }
}

async function makeLogFolder(folder: string): Promise<void> {
  const problem = await makeFolder(resolve(folder)).then(
    () => folderProblem(folder),
    (cause: unknown) => `${folder} could not be created: ${sentenceOf(cause)}`,
  );
  if (problem !== null) throw new UsageError(`${problem}. Name another place with --logs.`);
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

function fail(reason: string): never {
  throw new CrashError(`The local target has ended: ${reason}`);
}

function describe(target: TargetDescription, user: string, url: string): string {
  const { endpoints } = target;
  return [
    'The reference stack is up on this machine (Ctrl-C stops it).',
    '',
    `WebSocket      ${target.webSocketUrl}?token=…`,
    `  for ${user}     ${url}`,
    `Webhooks       ${target.webhookUrl}`,
    `  secret       ${target.webhookSecret}`,
    ...(endpoints
      ? [
          `DynamoDB       ${endpoints.dynamodb}`,
          `SQS            ${endpoints.sqs}`,
          `CloudWatch     ${endpoints.cloudwatch}`,
          `Secrets        ${endpoints.secretsManager}`,
          ...(endpoints.lambda === undefined ? [] : [`Lambda         ${endpoints.lambda}`]),
          `@connections   ${endpoints.apiGatewayManagementApi}`,
          `Faults         ${endpoints.cloudwatch}${faultsPath} (docs/faults.md)`,
        ]
      : []),
    `Queue          ${target.resources.queueUrl}`,
    `Table          ${target.resources.tableName}`,
    ...(target.model === undefined ? [] : modelNotes(target.model).flatMap((note) => ['', note])),
    '',
    'More tokens: loadline token USER --url',
  ].join('\n');
}

import { resolve } from 'node:path';
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
import { parseSettings, settingsSchema } from '../../stack/settings/settings.ts';
import { onInterruption } from '../interruption.ts';
import { noticeLines } from '../notice-lines.ts';
import type { Terminal } from '../terminal.ts';
import { describeOwnStack, ownStackText } from './own-stack-text.ts';
import { connectUrl, sign } from './token.ts';

export interface LocalOptions extends LimitOptions, InterferenceOptions, OwnTemplateOptions {
  settings?: string;
  user?: string;
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
const defaultUser = 'u-1';

export async function serve(options: LocalOptions, terminal: Terminal): Promise<void> {
  const own = readTemplateOptions(options, terminal);
  if (own !== null && options.settings !== undefined)
    throw new UsageError('--settings are of the reference stack: leave them out with --template and --app.');
  if (own !== null && options.user !== undefined)
    throw new UsageError('--user is of the reference stack: leave it out with --template and --app.');
  const settings =
    options.settings === undefined ? parseSettings() : readYamlFile(options.settings, 'settings file', settingsSchema);
  checkPorts(options);
  const { user = defaultUser } = options;
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
      const url = connectUrl(local.target, await sign(user, local.target.tokenSecret, tokenHours));
      terminal.print(
        options.json ? printableJson({ ...local.target, connectUrl: url }) : describe(local.target, user, url),
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

/** @throws UsageError for a port that two of the parts are given. 0 is a free one each time. */
function checkPorts(options: LocalOptions): void {
  const given = (['gateway', 'aws', 'dynamodb', 'sqs'] as const).flatMap((name) => {
    const port = options[`${name}Port`];
    return port === undefined || port === 0 ? [] : [{ option: `--${name}-port`, port }];
  });
  for (const [n, { option, port }] of given.entries()) {
    const other = given.slice(n + 1).find((each) => each.port === port);
    if (other) throw new UsageError(`${option} and ${other.option} are both ${port}: give each a port of its own.`);
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
    ...(target.resources.tableName === '' ? [] : [`Table          ${target.resources.tableName}`]),
    ...(target.resources.databaseName === undefined ? [] : [`Database       ${target.resources.databaseName}`]),
    ...(target.model === undefined ? [] : modelNotes(target.model).flatMap((note) => ['', note])),
    '',
    'More tokens: loadline token USER --url',
  ].join('\n');
}

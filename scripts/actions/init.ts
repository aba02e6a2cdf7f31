import { existsSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { messagePlaceholders } from '../../engine/src/core/messages/custom-protocol.ts';
import { placeholdersOf } from '../../engine/src/core/messages/template.ts';
import { RunFileError, sentenceOf, writeTextFile } from '../../record/json-file.ts';
import { makeFolder } from '../../record/private-folder.ts';
import { UsageError } from '../../run/errors.ts';
import { variableInText } from '../../run/request/given-value.ts';
import { readEndpoint } from '../../run/target/endpoint.ts';
import { parseUsagePlan } from '../../scenarios/plan/plan.ts';
import type { Dialogue } from '../dialogue.ts';
import { type ConfigAnswers, configText, defaultProtocol, exampleUrl } from '../init/config-text.ts';
import { type OwnStack, ownStackIn } from '../init/own-stack.ts';
import { defaultAnswers, type PlanAnswers, planText } from '../init/plan-text.ts';
import { scenarioText } from '../init/scenario-text.ts';
import { isReference, messageWithVariables, urlWithVariables } from '../init/secret-variables.ts';
import { nonNegativeNumber, positiveInteger, share } from '../options/values.ts';
import type { Terminal } from '../terminal.ts';

export interface InitOptions {
  name?: string;
  users?: number;
  peak?: number;
  growth?: number;
  messages?: number;
  webhooks?: number;
  url?: string;
  message?: string;
  answer?: string;
  force?: boolean;
  yes?: boolean;
}

const planFile = 'plan.yml';
const scenarioFile = 'scenario.yml';
const configFile = 'loadline.yml';

export async function init(folder: string, options: InitOptions, terminal: Terminal): Promise<void> {
  const there = [planFile, configFile, scenarioFile].filter((name) => existsSync(join(folder, name)));
  if (there.length > 0 && !options.force)
    throw new UsageError(
      `${there.map((name) => join(folder, name)).join(', ')} ${there.length === 1 ? 'is' : 'are'} there already: name another folder, or overwrite with --force.`,
    );
  checkEndpoint(options);
  const stack = options.url === undefined ? ownStackIn(folder) : null;
  const answers = options.yes || !terminal.dialogue ? options : await dialogueWith(options, stack, terminal.dialogue());
  checkEndpoint(answers);
  const { config, variables } = configAnswers(answers, stack);
  const plan = planText(planAnswers(answers), new Date().toISOString().slice(0, 10));
  checkPlan(plan);
  await write(folder, {
    [planFile]: plan,
    [scenarioFile]: scenarioText(),
    [configFile]: configText(config),
  });
  terminal.print(nextSteps(folder, { config, variables, stack }));
}

/** @throws UsageError for what a run would refuse. What comes from the environment then is not looked at now. */
function checkEndpoint({ url = exampleUrl, message = defaultProtocol.message, answer }: InitOptions): void {
  const [unknown] = isReference(message)
    ? []
    : placeholdersOf(message.replaceAll(variableInText, '')).filter(
        (name) => !name.startsWith('feed.') && !messagePlaceholders.includes(name),
      );
  if (unknown !== undefined)
    throw new UsageError(
      `--message: \${${unknown}} is unknown. The placeholders are ${messagePlaceholders.join(', ')}, and columns of a feed as feed.<column>.`,
    );
  readEndpoint(
    {
      url: isReference(url) ? exampleUrl : urlToCheck(url),
      message: isReference(message) ? defaultProtocol.message : message.replaceAll(variableInText, 'x'),
      answer: answer ?? defaultProtocol.answer,
    },
    {},
  );
}

/** @throws UsageError for numbers that no command would take. */
function checkPlan(plan: string): void {
  const parsed = parseUsagePlan(plan, planFile);
  if (parsed.kind === 'ok') return;
  // There is no such file yet in which to look for the place.
  throw new UsageError(parsed.problems.map((problem) => problem.replace(/^[^:]*:\d+:\d+: /, '')).join('\n'));
}

/** With something in place of each variable of the environment: it may hold the scheme, all up to the path, the host or the port. */
const urlToCheck = (url: string): string =>
  url
    .replace(/^[^/?#]*\$\{[A-Z_][A-Z0-9_]*\}[^/?#]*:\/\//, 'wss://')
    .replace(/^\$\{[A-Z_][A-Z0-9_]*\}/, 'wss://example.com')
    .replace(/:\$\{[A-Z_][A-Z0-9_]*\}(?=[/?#]|$)/, ':443')
    .replaceAll(variableInText, 'x');

const planAnswers = (options: InitOptions): PlanAnswers => ({
  ...defaultAnswers,
  ...(options.name !== undefined && { name: options.name }),
  ...(options.users !== undefined && { users: options.users }),
  ...(options.peak !== undefined && { peakConcurrency: options.peak }),
  ...(options.growth !== undefined && { growthPerMonth: options.growth }),
  ...(options.messages !== undefined && { messagesPerUserPerMinute: options.messages }),
  ...(options.webhooks !== undefined && { webhooksPerUserPerDay: options.webhooks }),
});

/** A file that is committed has no token: what is secret comes from the environment. */
function configAnswers(
  { url, message, answer }: InitOptions,
  stack: OwnStack | null,
): { config: ConfigAnswers; variables: string[] } {
  const [givenUrl, givenMessage] = [url ?? exampleUrl, message ?? defaultProtocol.message];
  const place = urlWithVariables(givenUrl, givenMessage);
  const sent = messageWithVariables(givenMessage, givenUrl);
  checkEndpoint({ url: place.text, message: sent.text, ...(answer !== undefined && { answer }) });
  return {
    config: {
      target: stack === null ? { kind: 'url', url: place.text } : { kind: stack.kind, path: stack.path },
      message: sent.text,
      answer: answer ?? defaultProtocol.answer,
    },
    variables: [...(stack === null ? place.variables : []), ...sent.variables],
  };
}

type Ask = Dialogue['question'];

async function dialogueWith(options: InitOptions, stack: OwnStack | null, dialogue: Dialogue): Promise<InitOptions> {
  try {
    return await asked(options, stack, dialogue.question);
  } finally {
    dialogue.close();
  }
}

/** Each question that no option has answered; an empty line takes what is in brackets. A wrong answer is asked again. */
async function asked(options: InitOptions, stack: OwnStack | null, ask: Ask): Promise<InitOptions> {
  const text = (value: string) => value;
  return {
    ...options,
    name: options.name ?? (await one(ask, 'Name of the product', defaultAnswers.name, text)),
    users: options.users ?? (await one(ask, 'Users today', defaultAnswers.users, positiveInteger)),
    peak:
      options.peak ?? (await one(ask, 'Share of them online at the daily peak', defaultAnswers.peakConcurrency, share)),
    growth:
      options.growth ??
      (await one(ask, 'Growth a month (0.1 is 10%)', defaultAnswers.growthPerMonth, nonNegativeNumber)),
    messages:
      options.messages ??
      (await one(
        ask,
        'Messages per minute of an online user',
        defaultAnswers.messagesPerUserPerMinute,
        nonNegativeNumber,
      )),
    webhooks:
      options.webhooks ??
      (await one(ask, 'Webhooks per day and user (0: none)', defaultAnswers.webhooksPerUserPerDay, nonNegativeNumber)),
    ...(stack === null && {
      url: options.url ?? (await one(ask, 'WebSocket URL of your stack', exampleUrl, text)),
    }),
    message: options.message ?? (await one(ask, 'What a client sends', defaultProtocol.message, text)),
    answer: options.answer ?? (await one(ask, 'How its answer is recognised', defaultProtocol.answer, text)),
  };
}

async function one<Value extends string | number>(
  ask: Ask,
  question: string,
  byDefault: Value,
  parse: (text: string) => Value,
): Promise<Value> {
  let problem = '';
  for (;;) {
    const typed = (await ask(`${problem}${question} [${byDefault}]: `)).trim();
    if (typed === '') return byDefault;
    try {
      return parse(typed);
    } catch (cause) {
      problem = `${cause instanceof Error ? cause.message : String(cause)}\n`;
    }
  }
}

async function write(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  try {
    await makeFolder(resolve(folder));
  } catch (cause) {
    throw new UsageError(`${folder} could not be created: ${sentenceOf(cause)}. Name another folder.`, { cause });
  }
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name);
    if (existsSync(path) && !statSync(path).isFile())
      throw new UsageError(`${path} is not a file: name another folder.`);
    await writeTextFile(path, text).catch((cause: unknown) => {
      throw cause instanceof RunFileError ? new UsageError(`${cause.message} Name another folder.`, { cause }) : cause;
    });
  }
}

function nextSteps(
  folder: string,
  { config: { target }, variables, stack }: { config: ConfigAnswers; variables: string[]; stack: OwnStack | null },
): string {
  const to = relative('.', folder);
  const inFolder = to === '' ? '' : `cd ${to} && `;
  const before = stack?.before ? `${stack.before} && ` : '';
  const isExample = target.kind === 'url' && target.url === exampleUrl;
  return [
    `Written: ${[planFile, configFile, scenarioFile].map((name) => join(to, name)).join(', ')}. All are commented; put your own numbers, messages and answers in.`,
    '',
    'What binds first, when, and what it costs, without any load:',
    `  loadline plan ${join(to, planFile)}`,
    ...(isExample ? [`Where your stack is, and what it speaks: ${join(to, configFile)}. Then:`] : []),
    ...(variables.length > 0
      ? [
          `What looks like a secret is not in ${join(to, configFile)}, which names variables of the environment. Set them as it stood in what you gave:`,
          `  export ${variables.map((name) => `${name}=…`).join(' ')}`,
        ]
      : []),
    'A first small run against your stack:',
    `  ${inFolder}${before}loadline run --connections 10 --connect-rate 10 --steady 10 --message-rate 10`,
  ].join('\n');
}

import { existsSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { shownUrl } from '../../engine/src/concealment.ts';
import { RunFileError, sentenceOf, writeTextFile } from '../../record/json-file.ts';
import { makeFolder } from '../../record/private-folder.ts';
import { UsageError } from '../../run/errors.ts';
import { readEndpoint } from '../../run/target/endpoint.ts';
import type { Dialogue } from '../dialogue.ts';
import { ownStackIn } from '../init/own-stack.ts';
import { defaultAnswers, type PlanAnswers, planText } from '../init/plan-text.ts';
import { defaultScenario, type ScenarioAnswers, scenarioText } from '../init/scenario-text.ts';
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

export async function init(folder: string, options: InitOptions, terminal: Terminal): Promise<void> {
  const there = [planFile, scenarioFile].filter((name) => existsSync(join(folder, name)));
  if (there.length > 0 && !options.force)
    throw new UsageError(
      `${there.map((name) => join(folder, name)).join(' and ')} ${there.length === 1 ? 'is' : 'are'} there already: name another folder, or overwrite with --force.`,
    );
  checkEndpoint(options);
  const given = { ...options, ...(options.url !== undefined && { url: shownUrl(options.url).replace(/\?.*$/s, '') }) };
  const answers = options.yes || !terminal.dialogue ? given : await dialogueWith(given, terminal.dialogue());
  checkEndpoint(answers);
  await write(folder, {
    [planFile]: planText(planAnswers(answers), new Date().toISOString().slice(0, 10)),
    [scenarioFile]: scenarioText(scenarioAnswers(answers)),
  });
  terminal.print(nextSteps(folder, answers.url));
}

/** @throws UsageError for what a run would refuse. */
function checkEndpoint({ url = defaultScenario.url, message = defaultScenario.message, answer }: InitOptions): void {
  readEndpoint({ url, message, answer: answer ?? defaultScenario.answer }, {});
}

const planAnswers = (options: InitOptions): PlanAnswers => ({
  ...defaultAnswers,
  ...(options.name !== undefined && { name: options.name }),
  ...(options.users !== undefined && { users: options.users }),
  ...(options.peak !== undefined && { peakConcurrency: options.peak }),
  ...(options.growth !== undefined && { growthPerMonth: options.growth }),
  ...(options.messages !== undefined && { messagesPerUserPerMinute: options.messages }),
  ...(options.webhooks !== undefined && { webhooksPerUserPerDay: options.webhooks }),
});

const scenarioAnswers = ({ url, message, answer }: InitOptions): ScenarioAnswers => ({
  url: url ?? defaultScenario.url,
  message: message ?? defaultScenario.message,
  answer: answer ?? defaultScenario.answer,
});

type Ask = Dialogue['question'];

async function dialogueWith(options: InitOptions, dialogue: Dialogue): Promise<InitOptions> {
  try {
    return await asked(options, dialogue.question);
  } finally {
    dialogue.close();
  }
}

/** Each question that no option has answered; an empty line takes what is in brackets. A wrong answer is asked again. */
async function asked(options: InitOptions, ask: Ask): Promise<InitOptions> {
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
    url: options.url ?? (await one(ask, 'WebSocket URL of your stack', defaultScenario.url, text)),
    message: options.message ?? (await one(ask, 'What a client sends', defaultScenario.message, text)),
    answer: options.answer ?? (await one(ask, 'How its answer is recognised', defaultScenario.answer, text)),
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

function nextSteps(folder: string, url = defaultScenario.url): string {
  const at = (name: string) => {
    const path = relative('.', join(folder, name));
    return path.includes('/') ? path : `./${path}`;
  };
  const [plan, scenario] = [at(planFile), at(scenarioFile)];
  return [
    `Written: ${plan} and ${scenario}. Both are commented; put your own numbers in.`,
    '',
    'What binds first, when, and what it costs, without any load:',
    `  loadline plan ${plan}`,
    'A first small run against your stack:',
    `  loadline run ${scenario} --plan ${plan} --url ${url} --connections 10 --steady 10`,
    ...ownStackIn('.').flatMap(({ what, command }) => [`Your stack on this machine (found ${what}):`, `  ${command}`]),
  ].join('\n');
}

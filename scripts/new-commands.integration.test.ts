// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of the engine, not of JavaScript
/** doctor, init and completion as a user meets them. */
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { codeCache } from '../local/process/code-cache.ts';
import { readConfigFile } from '../run/request/config-file.ts';
import { parseScenario } from '../scenarios/catalogue/scenario.ts';
import { parsePlan } from '../scenarios/plan/plan.ts';
import { commandLine } from './command-line.fixture.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'loadline-new-commands-'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});
const read = (name: string) => readFileSync(join(folder, name), 'utf8');

describe('loadline init', () => {
  test('writes a plan and a scenario that hold, with the numbers given, and says what to do next', async () => {
    const { code, stdout } = await commandLine(
      [
        'init',
        '--users',
        '50000',
        '--peak',
        '0.2',
        '--webhooks',
        '0',
        '--url',
        'wss://example.com/ws?token=secret',
        '--answer',
        '/id=(\\w+)/',
        '--message',
        "it's ${id}",
      ],
      { folder },
    );
    expect(code).toBe(0);
    const plan = parsePlan(read('plan.yml'), 'plan.yml');
    expect(plan).toMatchObject({ kind: 'ok', plan: { users: 50_000, peakConcurrency: 0.2, webhooksPerUserPerDay: 0 } });
    // 50,000 × 0.2 × 1.25.
    expect(read('plan.yml')).toContain('= 12,500 connections');
    expect(parseScenario(read('scenario.yml'), 'scenario.yml')).toMatchObject({ kind: 'ok' });
    expect(readConfigFile(join(folder, 'loadline.yml'), { STACK_TOKEN: 'x' })).toMatchObject({
      scenario: join(folder, 'scenario.yml'),
      options: {
        plan: join(folder, 'plan.yml'),
        url: 'wss://example.com/ws?token=${STACK_TOKEN}',
        message: "it's ${id}",
        answer: '/id=(\\w+)/',
      },
    });
    expect(`${stdout}${read('plan.yml')}${read('loadline.yml')}`).not.toContain('=secret');
    expect(stdout).toContain('loadline plan plan.yml');
    expect(stdout).toContain('export STACK_TOKEN=…\n');
    expect((await commandLine(['plan', './plan.yml'], { folder })).code).toBe(0);
  });

  test('overwrites nothing, unless it is told to', async () => {
    writeFileSync(join(folder, 'plan.yml'), 'mine');
    const refused = await commandLine(['init'], { folder });
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toContain('plan.yml is there already: name another folder, or overwrite with --force.');
    expect(read('plan.yml')).toBe('mine');
    expect((await commandLine(['init', '--force'], { folder })).code).toBe(0);
    expect(read('plan.yml')).toContain('users: 2000');
  });

  test('asks on a terminal: an empty line takes the default, a wrong answer is asked again', async () => {
    const command = `${process.execPath} ${fileURLToPath(new URL('./loadline.js', import.meta.url))} init --force --answer next`;
    // A pty of util-linux: what is typed comes from a pipe.
    const child = spawn('/usr/bin/env', ['script', '-qefc', command, '/dev/null'], {
      cwd: folder,
      env: { ...process.env, ...codeCache(), NO_COLOR: '1' },
    });
    let shown = '';
    child.stdout.on('data', (chunk) => {
      const isFirst = !shown.includes('Name of the product');
      shown += String(chunk);
      // All at once, as if pasted.
      if (isFirst && shown.includes('Name of the product')) child.stdin.write(`Ours\nmany\n700${'\n'.repeat(7)}`);
    });
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect({ code, shown: shown.slice(-300) }).toMatchObject({ code: 0 });
    const plan = parsePlan(read('plan.yml'), 'plan.yml');
    expect(plan).toMatchObject({ kind: 'ok', plan: { name: 'Ours', users: 700, growthPerMonth: 0.1 } });
    expect(read('loadline.yml')).toContain("answer: 'next'");
  });

  test('of a URL that was typed, what is secret is checked and not written', async () => {
    const answers = ['Ours', ...Array(5).fill(''), 'wss://example.com/ws?token=typed-secret&x'];
    expect((await commandLine(['init'], { folder, typed: answers })).code).toBe(0);
    expect(read('plan.yml')).toContain('name: "Ours"');
    expect(readConfigFile(join(folder, 'loadline.yml'), { STACK_TOKEN: 'x' }).options.url).toBe(
      'wss://example.com/ws?token=${STACK_TOKEN}&x',
    );

    const wrong = ['Ours', ...Array(5).fill(''), 'example.com/ws?token=typed-secret'];
    const refused = await commandLine(['init', './other'], { folder, typed: wrong });
    expect(refused).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('begins with ws:// or wss://'),
    });
    expect(refused.stderr).not.toContain('typed-secret');
  });

  test('of a URL that begins with a variable, and of a message, what is secret is not written', async () => {
    const message = '{"key":"id","token":"","id":"${id}"}';
    const given = ['--yes', '--url', '${BASE}:${PORT}/ws?token=abcdef123', '--message', message];
    expect((await commandLine(['init', ...given], { folder })).code).toBe(0);
    const environment = { BASE: 'wss://example.com', PORT: '443', STACK_TOKEN: 'x', MESSAGE_SECRET: 'id' };
    expect(readConfigFile(join(folder, 'loadline.yml'), environment).options).toMatchObject({
      url: '${BASE}:${PORT}/ws?token=${STACK_TOKEN}',
      message: '{"key":"${MESSAGE_SECRET}","token":"","id":"${id}"}',
    });
  });

  test('finds a stack that lies there', async () => {
    writeFileSync(join(folder, 'template.yaml'), '');
    const { stdout } = await commandLine(['init', '--yes'], { folder });
    expect(stdout).toContain('loadline plan plan.yml');
    const { options } = readConfigFile(join(folder, 'loadline.yml'), {});
    expect(options).toMatchObject({ template: join(folder, 'template.yaml') });
    expect(options.url).toBeUndefined();
  });
});

describe('loadline doctor', () => {
  test('a line for each check, and the same as JSON', async () => {
    const { code, stdout } = await commandLine(['doctor', '--json'], { folder });
    const { ready, checks }: { ready: boolean; checks: { name: string; status: string; next: string | null }[] } =
      JSON.parse(stdout);
    expect(code).toBe(ready ? 0 : 3);
    expect(checks.map(({ name }) => name)).toEqual([
      ...['Node', 'open files', 'ports', 'cores', 'memory', 'clock', 'loopback', 'run folders', 'temporary'],
      ...['Artillery', 'git', 'Python'],
    ]);
    expect(checks.filter(({ status, next }) => (status === 'ok') !== (next === null))).toEqual([]);
  });

  test('the Python is that which translates SAM templates', async () => {
    const pythonOf = async (command: string) => {
      vi.stubEnv('LOADLINE_PYTHON', command);
      const { stdout } = await commandLine(['doctor', '--json'], { folder });
      return JSON.parse(stdout).checks.find(({ name }: { name: string }) => name === 'Python').found;
    };
    // Any program that says its version.
    expect(await pythonOf(process.execPath)).toBe(process.version);
    expect(await pythonOf('/nowhere/python')).toContain('SAM templates');
  });

  test('with --aws: an account with fewer executions than usual is a warning, missing credentials are an error', async () => {
    const server = createServer((_, response) => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ AccountLimit: { ConcurrentExecutions: 10, UnreservedConcurrentExecutions: 10 } }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const aws = {
      ...{ AWS_EC2_METADATA_DISABLED: 'true', AWS_CONFIG_FILE: '/nowhere', AWS_SHARED_CREDENTIALS_FILE: '/nowhere' },
      AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    };
    for (const [name, value] of Object.entries({
      ...aws,
      AWS_PROFILE: '',
      AWS_ACCESS_KEY_ID: 'AKIATESTTESTTEST',
      AWS_SECRET_ACCESS_KEY: 'x',
    }))
      vi.stubEnv(name, value);
    const checksOf = async () => {
      const { code, stdout } = await commandLine(['doctor', '--aws', '--region', 'eu-west-1', '--json'], { folder });
      return { code, checks: JSON.parse(stdout).checks.slice(12) };
    };
    try {
      expect((await checksOf()).checks).toMatchObject([
        { name: 'region', status: 'ok', found: 'eu-west-1' },
        { name: 'credentials', status: 'ok', found: expect.stringContaining('AKIA…TEST') },
        { name: 'AWS clock', status: 'ok' },
        { name: 'Lambda', status: 'warning', next: expect.stringContaining('L-B99A9384') },
      ]);
      vi.stubEnv('AWS_ACCESS_KEY_ID', '');
      expect(await checksOf()).toMatchObject({
        code: 3,
        checks: [
          { status: 'ok' },
          { name: 'credentials', status: 'error', next: expect.stringContaining('AWS_PROFILE') },
        ],
      });
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
});

describe('loadline completion', () => {
  test('Bash completes commands, options, their values, scenarios and files', async () => {
    const { stdout: script } = await commandLine(['completion', 'bash'], { folder });
    writeFileSync(join(folder, 'my-plan.yml'), '');
    const completed = (...words: string[]) => {
      const ask = `${script}\nCOMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}; _loadline; printf '%s\\n' "\${COMPREPLY[@]}"`;
      return execFileSync('bash', ['-c', ask], { cwd: folder, encoding: 'utf8' }).trim().split('\n');
    };
    expect(completed('loadline', 'sea')).toEqual(['search']);
    expect(completed('loadline', 'run', '--conn')).toEqual(['--connections', '--connect-rate']);
    expect(completed('loadline', 'search', '--vary', 'm')).toEqual(['messages']);
    expect(completed('loadline', 'run', 'mess')).toEqual(['messaging']);
    expect(completed('loadline', 'run', '--plan', 'my')).toEqual(['my-plan.yml']);
    expect(completed('loadline', 'plan', 'my')).toEqual(['my-plan.yml']);
    expect(completed('loadline', 'run', '--connections', '')).toEqual(['']);
    expect(completed('loadline', 'completion', 'f')).toEqual(['fish']);
  });

  test('zsh and fish have every command and every option', async () => {
    const { stdout: list } = await commandLine(['--help'], { folder });
    const names = [...list.matchAll(/^ {2}([a-z]+) {2,}[A-Z]/gm)].map(([, name = '']) => name);
    const zsh = (await commandLine(['completion', 'zsh'], { folder })).stdout;
    const fish = (await commandLine(['completion', 'fish'], { folder })).stdout;
    for (const name of names) {
      expect(zsh).toContain(`    ${name}) _arguments`);
      expect(fish).toContain(`-a ${name} -d `);
    }
    // An option's action ends at a colon that is not escaped.
    expect(zsh).toContain(
      `'*--target["local"]:value: _alternative "words\\:word\\:(local aws)" "files\\:file\\:_files"'`,
    );
    expect(zsh).toContain("'*--vary[load to vary]:value:(connections messages webhooks)'");
    expect(fish).toContain(
      "__fish_seen_subcommand_from search' -l vary -d 'load to vary' -r -a 'connections messages webhooks'",
    );
  });
});

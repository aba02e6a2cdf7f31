import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { locateArtillery } from '../load/artillery.ts';
import { environmentText, type RunnerRequest, runnerArguments } from './runner-command.ts';
import { type RunnerName, runnerNames, runners } from './runners.ts';

const request: RunnerRequest = {
  runner: 'fargate',
  workers: 4,
  region: 'eu-west-1',
  webSocketUrl: 'wss://abc.execute-api.eu-west-1.amazonaws.com/prod',
  variables: { connections: 40_000, webhookUrl: 'https://hooks.example/prod' },
  secrets: ['LOADLINE_TOKEN_SECRET', 'LOADLINE_WEBHOOK_SECRET'],
  environment: {},
  environmentFile: null,
  output: '/runs/x/artillery.json',
  scenario: '/tmp/bundle/scenario.yml',
  options: ['cluster=load', 'cpu=8', 'memory=16', 'spot'],
};
const lambda: RunnerRequest = {
  ...request,
  runner: 'lambda',
  environmentFile: '/tmp/bundle/workers.env',
  options: ['memory-size=3008'],
};

/** The installed Artillery's own command, and the parser that it uses. */
async function parse(request: RunnerRequest): Promise<{ flags: Record<string, unknown>; args: { script?: string } }> {
  const { root } = locateArtillery();
  const [command = '', ...rest] = runnerArguments(request);
  const { default: Command } = (await import(pathToFileURL(join(root, 'dist/lib/cmds', `${command}.js`)).href)) as {
    default: { flags: object; args: object };
  };
  const { Parser } = createRequire(join(root, 'package.json'))('@oclif/core') as {
    Parser: {
      parse(argv: string[], of: object): Promise<{ flags: Record<string, unknown>; args: { script?: string } }>;
    };
  };
  // Strict, which the commands are not: an unknown flag is an error here.
  return Parser.parse(rest, { flags: Command.flags, args: Command.args, strict: true });
}

describe('runnerArguments', () => {
  it('gives run-fargate its arguments', () => {
    expect(runnerArguments(request)).toEqual([
      'run-fargate',
      ...['--region', 'eu-west-1', '--count', '4'],
      ...['--target', 'wss://abc.execute-api.eu-west-1.amazonaws.com/prod'],
      ...['--variables', '{"connections":40000,"webhookUrl":"https://hooks.example/prod"}'],
      ...['--output', '/runs/x/artillery.json'],
      ...['--launch-config', '{"ulimits":[{"name":"nofile","softLimit":65535,"hardLimit":65535}]}'],
      ...['--secret', 'LOADLINE_TOKEN_SECRET', '--secret', 'LOADLINE_WEBHOOK_SECRET'],
      ...['--cluster', 'load', '--cpu', '8', '--memory', '16', '--spot', '--quiet'],
      '/tmp/bundle/scenario.yml',
    ]);
  });

  it('gives workers on Fargate what is not secret in the launch configuration', () => {
    expect(runnerArguments({ ...request, environment: { STEP: '{"message":"hi"}' } })).toContain(
      '{"ulimits":[{"name":"nofile","softLimit":65535,"hardLimit":65535}],"environment":[{"name":"STEP","value":"{\\"message\\":\\"hi\\"}"}]}',
    );
  });

  it('gives run-lambda its arguments', () => {
    expect(runnerArguments(lambda).slice(-6)).toEqual([
      ...['--dotenv', '/tmp/bundle/workers.env', '--memory-size', '3008', '--quiet'],
      '/tmp/bundle/scenario.yml',
    ]);
  });

  it('is understood by the installed Artillery as intended', { timeout: 30_000 }, async () => {
    const fargate = await parse(request);
    expect(fargate.args.script).toBe('/tmp/bundle/scenario.yml');
    expect(fargate.flags).toMatchObject({
      count: 4,
      region: 'eu-west-1',
      secret: ['LOADLINE_TOKEN_SECRET', 'LOADLINE_WEBHOOK_SECRET'],
      cluster: 'load',
      spot: true,
      quiet: true,
    });
    expect(JSON.parse(String(fargate.flags['launch-config']))).toEqual({
      ulimits: [{ name: 'nofile', softLimit: 65_535, hardLimit: 65_535 }],
    });
    const onLambda = await parse(lambda);
    expect(onLambda.args.script).toBe('/tmp/bundle/scenario.yml');
    expect(onLambda.flags).toMatchObject({ count: '4', dotenv: '/tmp/bundle/workers.env', 'memory-size': '3008' });
  });

  it('has no option that the installed Artillery lacks', { timeout: 30_000 }, async () => {
    const optionsOf = (runner: RunnerName) =>
      runners[runner].options.map((name) => {
        if (runners[runner].switches.includes(name)) return name;
        return `${name}=${name === 'architecture' ? 'arm64' : '1'}`;
      });
    for (const runner of runnerNames) {
      const { flags } = await parse({ ...request, runner, options: optionsOf(runner) });
      for (const name of runners[runner].options) expect(flags).toHaveProperty(name);
    }
  });

  it('refuses options that the runner does not have, and those that are given here', () => {
    const withOption =
      (option: string, runner: RunnerName = 'fargate') =>
      () =>
        runnerArguments({ ...request, runner, options: [option] });
    expect(withOption('memory-size=1')).toThrow(/^--runner-option memory-size: --on fargate accepts .*cluster, cpu,/);
    expect(withOption('count=9')).toThrow('--runner-option count: --on fargate accepts');
    expect(withOption('spot', 'lambda')).toThrow('--runner-option spot: --on lambda accepts');
    expect(withOption('cluster')).toThrow('--runner-option cluster: give a value, as in cluster=VALUE.');
    expect(withOption('spot=yes')).toThrow('--runner-option spot: takes no value.');
  });
});

describe('environmentText', () => {
  it('quotes each value', () => {
    expect(environmentText({ A: 'x$y #z', B: '"' })).toBe("A='x$y #z'\nB='\"'\n");
  });

  it('refuses a value that would end its quotes', () => {
    expect(() => environmentText({ A: "it's" })).toThrow('The environment variable A contains a quote');
  });
});

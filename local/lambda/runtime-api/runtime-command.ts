/** How the code of a function is started on this machine, by its runtime: the runtime interface client that AWS publishes for its language. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { access, constants } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { FunctionModel } from '../../template/model.ts';

export interface RuntimeCommand {
  file: string;
  parameters: readonly string[];
  /** Of the runtime itself; the function's own come on top. */
  variables: Readonly<Record<string, string>>;
}

/** A runtime that this machine lacks: the message is one sentence with what to do. */
export class RuntimeMissingError extends Error {
  override name = 'RuntimeMissingError';
}

/** `python3.12` → `python`, `provided.al2023` → `provided`. */
const familyOf = (runtime: string): string => /^[a-z]+/.exec(runtime)?.[0] ?? runtime;

/** The command of a family in this variable replaces what is looked for here; the handler is its last parameter. */
const overrideVariable = (family: string): string => `LOADLINE_RUNTIME_${family.toUpperCase()}`;

type Model = Pick<FunctionModel, 'runtime' | 'handler' | 'codeFolder' | 'layerFolders'>;

/** @throws {RuntimeMissingError} */
export async function runtimeCommand(model: Model): Promise<RuntimeCommand> {
  const family = familyOf(model.runtime);
  const override = process.env[overrideVariable(family)];
  if (override !== undefined && override.trim() !== '')
    return {
      file: '/bin/sh',
      parameters: ['-c', `exec ${override} "$@"`, 'sh', model.handler],
      variables: ownVariables,
    };
  switch (family) {
    case 'provided':
    case 'go':
      return await bootstrapOf(model);
    case 'python':
      return {
        file: await pythonOf(model.runtime),
        parameters: ['-m', 'awslambdaric', model.handler],
        variables: {},
      };
    case 'ruby':
      return { file: await rubyClient(), parameters: [model.handler], variables: ownVariables };
    default:
      throw new RuntimeMissingError(
        `${model.runtime} needs the command of its runtime interface client in ${overrideVariable(family)}; the handler's name is added to it.`,
      );
  }
}

/** What commands of this machine need to find themselves: version managers look into the home folder. */
const ownVariables: Readonly<Record<string, string>> = process.env.HOME === undefined ? {} : { HOME: process.env.HOME };

async function bootstrapOf({ codeFolder, layerFolders, runtime }: Model): Promise<RuntimeCommand> {
  const file = [codeFolder, ...layerFolders].map((folder) => join(folder, 'bootstrap')).find(existsSync);
  if (file === undefined)
    throw new RuntimeMissingError(`${runtime} runs the file bootstrap, which ${codeFolder} does not have.`);
  await access(file, constants.X_OK).catch(() => {
    throw new RuntimeMissingError(`${file} is not executable: chmod +x it before it is packaged.`);
  });
  return { file, parameters: [], variables: {} };
}

const run = promisify(execFile);
/** Answers are kept: the machine does not change while the target runs. */
const found = new Map<string, Promise<string>>();

/** The Python of this version, or the one there is, that has awslambdaric. */
function pythonOf(runtime: string): Promise<string> {
  return once(runtime, async () => {
    const script = 'import sys, awslambdaric; print(sys.executable)';
    for (const python of [runtime, 'python3', 'python']) {
      const { stdout } = await run(python, ['-c', script]).catch(() => ({ stdout: '' }));
      if (stdout.trim() !== '') return stdout.trim();
    }
    throw new RuntimeMissingError(
      `${runtime} needs the Python package awslambdaric, AWS's own runtime client: python3 -m pip install awslambdaric boto3, ` +
        `or set ${overrideVariable('python')} to the command of an environment that has it, as "venv/bin/python -m awslambdaric".`,
    );
  });
}

function rubyClient(): Promise<string> {
  return once('ruby', async () => {
    const { stdout } = await run('/bin/sh', ['-c', 'command -v aws_lambda_ric']).catch(() => ({ stdout: '' }));
    if (stdout.trim() !== '') return stdout.trim();
    throw new RuntimeMissingError("Ruby functions need AWS's own runtime client: gem install aws_lambda_ric.");
  });
}

function once(key: string, find: () => Promise<string>): Promise<string> {
  const known = found.get(key);
  if (known) return known;
  const finding = find();
  found.set(key, finding);
  return finding;
}

/** Before anything starts. @throws {RuntimeMissingError} naming the first function that cannot run here. */
export async function checkRuntimes(functions: readonly (Model & Pick<FunctionModel, 'logicalId'>)[]): Promise<void> {
  for (const model of functions.filter(({ runtime }) => !runtime.startsWith('nodejs'))) {
    await runtimeCommand(model).catch((error: unknown) => {
      if (error instanceof RuntimeMissingError) throw new RuntimeMissingError(`${model.logicalId}: ${error.message}`);
      throw error;
    });
  }
}

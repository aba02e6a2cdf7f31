/** Packages from PyPI for tests, each set installed once on a machine. */
import { execFile, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Why they cannot be had here; null: they can. */
export function whyNoPython(): string | null {
  const python = spawnSync('python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 9))']);
  if (python.status !== 0) return 'skipped: there is no python3 of version 3.9 or later on this machine';
  const pip = spawnSync('python3', ['-c', 'import ensurepip, venv']);
  return pip.status === 0 ? null : 'skipped: python3 has no venv with pip on this machine';
}

/** For functions in Python, and for SAM templates. */
export const runtimePackages = ['awslambdaric==4.2.2', 'boto3==1.44.8', 'aws-sam-translator==1.115.0'];

/** Installing takes a minute, once. */
export const installMs = 300_000;

/** @param requirements as pip takes them, with their versions. @returns the path of a Python that has them. */
export async function pythonWith(requirements: readonly string[]): Promise<string> {
  const name = requirements.join('+').replaceAll(/[^\w.=+-]/g, '-');
  const folder = join(tmpdir(), `loadline-${name}`);
  const python = join(folder, 'bin', 'python');
  if (existsSync(python)) return python;
  const run = promisify(execFile);
  const venv = await mkdtemp(join(tmpdir(), 'loadline-venv-'));
  await run('python3', ['-m', 'venv', venv]);
  await run(
    join(venv, 'bin', 'python'),
    ['-m', 'pip', 'install', '--quiet', '--no-compile', '--disable-pip-version-check', ...requirements],
    { timeout: 240_000 },
  );
  // Scripts of a venv name its folder; the interpreter itself may be reached under any.
  await rename(venv, folder).catch(() => rm(venv, { recursive: true, force: true }));
  return python;
}

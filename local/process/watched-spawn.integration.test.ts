import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, it, vi } from 'vitest';

const module = fileURLToPath(new URL('watched-spawn.ts', import.meta.url));
const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

it('nothing that was started outlives its parent, which is killed', async () => {
  const program = `
    const { spawnWatched } = await import(${JSON.stringify(module)});
    console.log(spawnWatched('sleep', ['600'], { cwd: '/', env: process.env, output: false }).pid);
    setInterval(() => {}, 1_000);
  `;
  const parent = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [text] = await once(parent.stdout, 'data');
  const pid = Number(text);
  expect(isRunning(pid)).toBe(true);
  parent.kill('SIGKILL');
  await vi.waitFor(() => expect(isRunning(pid)).toBe(false), { timeout: 20_000, interval: 10 });
});

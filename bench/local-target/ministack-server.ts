/** The peer ministack as a process of its own, which ends with its parent. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const startLimitMs = 50_000;

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** @param folder of the virtual environment that it is installed in. Settles once it answers. */
export async function startMinistack(folder: string): Promise<{ url: string; processId: number | undefined }> {
  const port = await freePort();
  const data = mkdtempSync(join(tmpdir(), 'loadline-ministack-'));
  const ministack = spawn(join(folder, 'bin', 'ministack'), [], {
    cwd: data,
    stdio: 'ignore',
    env: {
      // Its functions run in the same Node.
      PATH: `${dirname(process.execPath)}:${process.env.PATH ?? ''}`,
      ...{ HOME: data, TMPDIR: data, GATEWAY_PORT: String(port), BIND_HOST: '127.0.0.1', LOG_LEVEL: 'ERROR' },
    },
  });
  const end = () => {
    ministack.kill('SIGKILL');
    rmSync(data, { recursive: true, force: true });
    process.exit(0);
  };
  process.on('disconnect', end);
  process.on('SIGTERM', end);
  const url = `http://127.0.0.1:${port}`;
  const until = performance.now() + startLimitMs;
  for (;;) {
    const answer = await fetch(url).catch(() => null);
    if (answer !== null) return { url, processId: ministack.pid };
    if (performance.now() > until) throw new Error(`ministack did not answer within ${startLimitMs / 1_000} s.`);
    await sleep(50);
  }
}

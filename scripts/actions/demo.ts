import { serveDemo } from '../../run/demo/demo-server.ts';
import { CrashError, UsageError } from '../../run/errors.ts';
import { startLocal } from '../../run/target/running-target.ts';
import { parseSettings } from '../../stack/settings/settings.ts';
import { onInterruption } from '../interruption.ts';
import type { Terminal } from '../terminal.ts';

/** The stack with what clients need, and the page; until it is interrupted. */
export async function demo({ port = 0 }: { port?: number }, terminal: Terminal): Promise<void> {
  const interruption = onInterruption(() => {}, '');
  const { signal } = interruption;
  try {
    const local = await startLocal({ settings: parseSettings({ fallback: {} }), signal });
    try {
      await using page = await serveDemo(local.target, port).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'EADDRINUSE' && error.code !== 'EACCES') throw error;
        throw new UsageError(`Port ${port} cannot be listened on (${error.code}): give another with --port.`);
      });
      terminal.print(`The demo is at ${page.url} (Ctrl-C stops it).`);
      const aborted = new Promise<void>((resolve) => {
        if (signal.aborted) resolve();
        else signal.addEventListener('abort', () => resolve(), { once: true });
      });
      await Promise.race([
        aborted,
        local.exited.then(({ reason }) => {
          throw new CrashError(`The local target has ended: ${reason}`);
        }),
      ]);
    } finally {
      await local.stop();
    }
  } catch (error) {
    // Ctrl-C during the start.
    if (!signal.aborted) throw error;
  } finally {
    interruption.dispose();
  }
}

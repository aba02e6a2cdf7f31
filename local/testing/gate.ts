/** Holds handlers back until a test lets them go on: they run in threads of their own, so the gate is a file. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** For the test that is running; not for concurrent ones. */
export function makeGate() {
  const folder = mkdtempSync(join(tmpdir(), 'loadline-gate-'));
  const path = join(folder, 'open');
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return {
    /** Source for a handler's module, before its code: `await opened()` returns when the gate is open. */
    source: `import { existsSync } from 'node:fs';
      const opened = async () => { while (!existsSync(${JSON.stringify(path)})) await new Promise((done) => setTimeout(done, 10)); };`,
    open: () => writeFileSync(path, ''),
  };
}

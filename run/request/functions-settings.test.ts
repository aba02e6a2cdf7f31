import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { UsageError } from '../errors.ts';
import { readFunctionsSettings } from './functions-settings.ts';

it('reads settings of functions, and names the command for those of a service', () => {
  const folder = mkdtempSync(join(tmpdir(), 'loadline-settings-'));
  try {
    const file = join(folder, 'settings.yml');
    writeFileSync(file, 'queue: { batchSize: 5 }\n');
    expect(readFunctionsSettings(file)?.queue.batchSize).toBe(5);
    expect(readFunctionsSettings(undefined)).toBeUndefined();
    writeFileSync(file, 'compute: server\n');
    expect(() => readFunctionsSettings(file)).toThrow(UsageError);
    expect(() => readFunctionsSettings(file)).toThrow('`loadline choose` says what binds in it');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

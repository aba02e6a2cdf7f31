import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setImmediate as later } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { parseSettings, type StackSettings } from '../settings/settings.ts';
import { cachedAssembly, synthesizeCached } from './synthesize.ts';

let cacheDir: string;
beforeEach(() => {
  cacheDir = mkdtempSync(join(tmpdir(), 'loadline-synthesize-test-'));
});
afterEach(() => rmSync(cacheDir, { recursive: true, force: true }));

const settings = parseSettings();
/** An assembly is identified by its template. Takes a turn of the event loop, as a real one takes seconds. */
const make = vi.fn(async ({ stackName }: StackSettings, outDir: string) => {
  mkdirSync(outDir, { recursive: true });
  await later();
  writeFileSync(join(outDir, `${stackName}.template.json`), '{}');
});
beforeEach(() => void make.mockClear());

it('makes an assembly once and finds it again', async () => {
  expect(cachedAssembly(settings, cacheDir)).toBeNull();
  const made = await synthesizeCached(settings, cacheDir, make);
  expect(existsSync(made.templatePath)).toBe(true);
  expect(await synthesizeCached(settings, cacheDir, make)).toEqual(made);
  expect(cachedAssembly(settings, cacheDir)).toEqual(made);
  expect(make).toHaveBeenCalledTimes(1);
});

it('makes another for different settings', async () => {
  const made = await synthesizeCached(settings, cacheDir, make);
  const other = await synthesizeCached(parseSettings({ stageName: 'other' }), cacheDir, make);
  expect(other.assemblyDir).not.toBe(made.assemblyDir);
  expect(make).toHaveBeenCalledTimes(2);
});

it('two concurrent syntheses leave one assembly and nothing incomplete', async () => {
  const both = await Promise.all([1, 2].map(() => synthesizeCached(settings, cacheDir, make)));
  expect(make).toHaveBeenCalledTimes(2);
  expect(both[0]).toEqual(both[1]);
  expect(readdirSync(cacheDir)).toEqual([basename(both[0]?.assemblyDir ?? '')]);
});

it('a failed synthesis leaves nothing behind', async () => {
  const failing = async (_: StackSettings, outDir: string) => {
    mkdirSync(outDir, { recursive: true });
    throw new Error('no bundle');
  };
  await expect(synthesizeCached(settings, cacheDir, failing)).rejects.toThrow('no bundle');
  expect(readdirSync(cacheDir)).toEqual([]);
});

it('removes assemblies not used for a week, and nothing else', async () => {
  const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000);
  for (const [name, days] of [
    ['old', 8],
    ['recent', 6],
  ] as const) {
    mkdirSync(join(cacheDir, name));
    utimesSync(join(cacheDir, name), daysAgo(days), daysAgo(days));
  }
  const { assemblyDir } = await synthesizeCached(settings, cacheDir, make);
  expect(readdirSync(cacheDir).toSorted()).toEqual([basename(assemblyDir), 'recent'].toSorted());
});

it('using an assembly keeps it', async () => {
  const { assemblyDir } = await synthesizeCached(settings, cacheDir, make);
  const longAgo = new Date(Date.now() - 30 * 86_400_000);
  utimesSync(assemblyDir, longAgo, longAgo);
  await synthesizeCached(settings, cacheDir, make);
  await synthesizeCached(parseSettings({ stageName: 'other' }), cacheDir, make);
  expect(existsSync(assemblyDir)).toBe(true);
});

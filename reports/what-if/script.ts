/** The code of a live page, in one file: the calculation of its command, and what shows it. */
import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

/** Whose answer is calculated again. */
type LivePageName = 'plan' | 'choose';
export const livePages: readonly LivePageName[] = ['plan', 'choose'];

/** Beside this module in the published package. */
export const packedName = (page: LivePageName): string => `${page}-page.js`;

const root = fileURLToPath(new URL('../../', import.meta.url));
const cacheFileOf = (page: LivePageName): string => join(root, `node_modules/.cache/loadline-what-if-${page}.json`);

const built = new Map<LivePageName, Promise<string>>();

/**
 * Of the published package it was made when packing. Of a checkout it is made of the sources as they are, which takes a tenth of a second of
 * a bundler: until one of them changes, what was made before is used.
 */
export function whatIfScript(page: LivePageName): Promise<string> {
  const known = built.get(page);
  if (known !== undefined) return known;
  const making =
    extname(import.meta.url) === '.js'
      ? readFile(new URL(packedName(page), import.meta.url), 'utf8')
      : scriptOfCheckout(page);
  built.set(page, making);
  return making;
}

const cacheSchema = z.object({ code: z.string(), sources: z.record(z.string(), z.string()) });

async function scriptOfCheckout(page: LivePageName): Promise<string> {
  const cacheFile = cacheFileOf(page);
  const cached = await readCache(cacheFile);
  if (cached !== null) return cached;
  const { code, sources } = await bundleWhatIf(page);
  const stamps = await Promise.all(sources.map(async (source) => [source, await stampOf(source)] as const));
  await keep(cacheFile, JSON.stringify({ code, sources: Object.fromEntries(stamps) }));
  return code;
}

/** Whether it was kept. Where it cannot be (dependencies that are read-only, a full disk), it is made again the next time. */
export async function keep(file: string, text: string): Promise<boolean> {
  try {
    await mkdir(dirname(file), { recursive: true });
    const whole = `${file}.${process.pid}`;
    await writeFile(whole, text);
    await rename(whole, file);
    return true;
  } catch {
    return false;
  }
}

/** Null: there is none, or a source has changed since. */
async function readCache(cacheFile: string): Promise<string | null> {
  try {
    const { code, sources } = cacheSchema.parse(JSON.parse(await readFile(cacheFile, 'utf8')));
    const checks = Object.entries(sources).map(async ([source, stamp]) => (await stampOf(source)) === stamp);
    return (await Promise.all(checks)).every((same) => same) ? code : null;
  } catch {
    // Whatever is wrong with it, it can be made again.
    return null;
  }
}

async function stampOf(source: string): Promise<string> {
  const { mtimeMs, size } = await stat(join(root, source));
  return `${mtimeMs} ${size}`;
}

export interface Bundle {
  code: string;
  /** The files it is made of, from the project's folder. */
  sources: string[];
}

/** Throws esbuild's error, which names file and line. */
export async function bundleWhatIf(page: LivePageName): Promise<Bundle> {
  const { build } = await import('esbuild');
  const { outputFiles, metafile } = await build({
    entryPoints: [fileURLToPath(new URL(`browser/${page}.main.ts`, import.meta.url))],
    absWorkingDir: root,
    bundle: true,
    minify: true,
    format: 'iife',
    platform: 'browser',
    // The page is UTF-8: without this, each sign outside ASCII takes six bytes.
    charset: 'utf8',
    target: 'es2022',
    legalComments: 'none',
    logLevel: 'silent',
    metafile: true,
    write: false,
  });
  return { code: outputFiles[0]?.text ?? '', sources: Object.keys(metafile.inputs) };
}

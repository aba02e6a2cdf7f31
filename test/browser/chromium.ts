/**
 * Chromium from npm packages alone: nothing is installed by hand, and no library of the system's is needed but libc. The package holds it
 * compressed, with the libraries of Amazon Linux 2023 that it needs and one font; it is unpacked once into node_modules/.cache.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Browser, chromium } from 'playwright-core';
import { z } from 'zod';

const root = fileURLToPath(new URL('../../', import.meta.url));
const packed = createRequire(import.meta.url).resolve('@sparticuz/chromium');
const manifestSchema = z.object({ version: z.string() });
const archives = ['chromium.br', 'al2023.tar.br', 'fonts.tar.br'];

/** Starts it, headless. No name is resolved, and no address but the loopback's, so that nothing it opens can reach beyond this machine. */
export async function startChromium(): Promise<Browser> {
  const folder = await unpackedChromium();
  return await chromium.launch({
    executablePath: join(folder, 'chromium'),
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--font-render-hinting=none',
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
    ],
    env: { ...process.env, LD_LIBRARY_PATH: join(folder, 'al2023', 'lib'), FONTCONFIG_FILE: await fontsOf(folder) },
  });
}

/** The package's own configuration looks for its font in /tmp, where it would be in a function of Lambda: without any, text has no size, and a browser that needs one ends. */
async function fontsOf(folder: string): Promise<string> {
  const file = join(folder, 'fonts', 'here.conf');
  if (existsSync(file)) return file;
  const whole = `${file}.${process.pid}`;
  await writeFile(
    whole,
    `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>${join(folder, 'fonts/fonts')}</dir><cachedir>${join(folder, 'fonts/cache')}</cachedir></fontconfig>`,
  );
  await rename(whole, file);
  return file;
}

/** The folder with the unpacked files: whole, or not there. Several processes may ask at once. */
async function unpackedChromium(): Promise<string> {
  const { version } = manifestSchema.parse(
    JSON.parse(await readFile(join(dirname(packed), '../package.json'), 'utf8')),
  );
  const folder = join(root, 'node_modules/.cache', `chromium-${version}`);
  if (existsSync(folder)) return folder;
  await mkdir(dirname(folder), { recursive: true });
  const staging = await mkdtemp(`${folder}-`);
  try {
    await inflateInto(staging);
    await rename(staging, folder);
  } catch (error) {
    // Another process was first.
    if (!existsSync(folder)) throw error;
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
  return folder;
}

/** The package unpacks into the folder of temporary files: in a process of its own that is this one. */
async function inflateInto(folder: string): Promise<void> {
  const script = `import { inflate } from '@sparticuz/chromium'; await Promise.all(process.argv.slice(1).map(inflate));`;
  const files = archives.map((name) => join(dirname(packed), '../bin', name));
  await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script, ...files], {
    cwd: root,
    env: { ...process.env, TMPDIR: folder },
  });
}

/**
 * Functions whose sources SAM builds with esbuild (`Metadata.BuildMethod: esbuild`), in a template that `sam build` has not built: bundled here, by the same
 * properties. Source: SAM developer guide, "Building Node.js Lambda functions with esbuild", read November 2026.
 */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { isRecord, type Properties, TemplateError } from '../../template/template-error.ts';
import { textKey } from './zip.ts';

interface Source {
  logicalId: string;
  /** Of its code, as the template names it. */
  folder: string;
  metadata: Properties;
  unpackFolder: () => string;
}

/** SAM's own default. */
const defaultTarget = 'es2020';

/** The folder of the bundle; null: it is nothing for esbuild, or was built. @throws {TemplateError} for what esbuild refuses. */
export function builtByEsbuild({ logicalId, folder, metadata, unpackFolder }: Source): string | null {
  const properties = isRecord(metadata.BuildProperties) ? metadata.BuildProperties : {};
  const entryPoints = textsOf(properties.EntryPoints);
  const isSource = entryPoints.length > 0 && entryPoints.every((entry) => existsSync(join(folder, entry)));
  if (metadata.BuildMethod !== 'esbuild' || !isSource) return null;
  const outdir = join(unpackFolder(), `esbuild-${logicalId.replaceAll('/', '-')}-${textKey(folder)}`);
  // Only such a template waits for it to be loaded.
  const esbuild: typeof import('esbuild') = createRequire(import.meta.url)('esbuild');
  try {
    esbuild.buildSync({
      ...{ absWorkingDir: folder, entryPoints, outdir, bundle: true, platform: 'node', logLevel: 'silent' },
      target: textsOf(properties.Target).length > 0 ? textsOf(properties.Target) : defaultTarget,
      format: properties.Format === 'esm' ? 'esm' : 'cjs',
      sourcemap: 'inline',
      // Lambda brings the SDK.
      external: [...textsOf(properties.External), '@aws-sdk/*', '@smithy/*'],
      outExtension: pairsOf(properties.OutExtension),
      banner: pairsOf(properties.Banner),
    });
  } catch (cause) {
    const [first = 'it failed'] = (cause instanceof Error ? cause.message : String(cause)).split('\n').slice(1);
    throw new TemplateError(`${logicalId}.Metadata.BuildProperties`, `esbuild could not bundle it: ${first}`);
  }
  return outdir;
}

const textsOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.map(String) : typeof value === 'string' ? [value] : [];

/** `.js=.mjs`, each. */
const pairsOf = (value: unknown): Record<string, string> =>
  Object.fromEntries(
    textsOf(value).map((text): [string, string] => {
      const at = text.indexOf('=');
      return [text.slice(0, at), text.slice(at + 1)];
    }),
  );

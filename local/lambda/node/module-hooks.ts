/**
 * What Lambda's Node.js runtimes bring: version 3 of the AWS SDK, for a function whose own package does not have it, and the function's layers. Its own
 * package always comes first; a layer's packages are found by require, as on AWS, and its files below /opt by either.
 * Source: Lambda developer guide, "Building Lambda functions with Node.js", read November 2026.
 */
import { existsSync } from 'node:fs';
import { createRequire, registerHooks } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const sdkPackage = /^@(?:aws-sdk|smithy|aws-crypto)\//;
const tlsModule = /^(?:node:)?(?:https|tls)$/;

/** `onTls`: the code is about to load TLS. */
export function hookModules({ onTls, layerFolders }: { onTls: () => void; layerFolders: readonly string[] }): void {
  const ownRequire = createRequire(import.meta.url);
  const layerRequires = layerFolders.map((folder) => createRequire(join(folder, 'nodejs', 'layer.js')));
  registerHooks({
    resolve(specifier, context, next) {
      if (tlsModule.test(specifier)) onTls();
      const inLayer = fileOfLayer(specifier, layerFolders);
      if (inLayer !== null) return next(inLayer, context);
      if (!sdkPackage.test(specifier)) {
        if (layerRequires.length === 0 || !context.conditions.includes('require') || /^[./]/.test(specifier))
          return next(specifier, context);
        try {
          return next(specifier, context);
        } catch (error) {
          const found = firstResolved(specifier, layerRequires);
          if (found === null) throw error;
          return { url: pathToFileURL(found).href, shortCircuit: true };
        }
      }
      try {
        return next(specifier, context);
      } catch (error) {
        try {
          // `require` resolves from the module that asks, whatever the context says.
          return context.conditions.includes('require')
            ? { url: pathToFileURL(ownRequire.resolve(specifier)).href, shortCircuit: true }
            : next(specifier, { ...context, parentURL: import.meta.url });
        } catch {
          throw error;
        }
      }
    },
  });
  const { fetch } = globalThis;
  globalThis.fetch = (...parameters) => {
    onTls();
    return fetch(...parameters);
  };
}

/** `/opt/nodejs/file.mjs` → where a layer has it; null for every other specifier. */
function fileOfLayer(specifier: string, layerFolders: readonly string[]): string | null {
  const [, path] = /^(?:file:\/\/)?\/opt\/(.+)$/.exec(specifier) ?? [];
  if (path === undefined) return null;
  const folder = layerFolders.find((candidate) =>
    ['', '.js', '.mjs', '.cjs', '.json'].some((end) => existsSync(join(candidate, path + end))),
  );
  return folder === undefined ? null : join(folder, path);
}

function firstResolved(specifier: string, requires: readonly NodeJS.Require[]): string | null {
  for (const resolver of requires) {
    try {
      return resolver.resolve(specifier);
    } catch {
      // The next layer may have it.
    }
  }
  return null;
}

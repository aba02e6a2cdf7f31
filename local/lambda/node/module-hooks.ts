/**
 * What Lambda's Node.js runtimes bring: version 3 of the AWS SDK, for a function whose own package does not have it, and the function's layers. Its own
 * package always comes first; a layer's packages are found by require, as on AWS, and its files below /opt by either.
 * Source: Lambda developer guide, "Building Lambda functions with Node.js", read November 2026.
 */
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
      const belowOpt = /^(?:file:\/\/)?\/opt\/(.+)$/.exec(specifier)?.[1];
      const inLayer =
        belowOpt === undefined
          ? null
          : firstResolved(
              layerFolders.map((folder) => join(folder, belowOpt)),
              [ownRequire],
            );
      if (inLayer !== null) return { url: inLayer, shortCircuit: true };
      const isRequired = context.conditions.includes('require');
      const isOfSdk = sdkPackage.test(specifier);
      const mayBeInLayer = layerRequires.length > 0 && isRequired && !/^[./]/.test(specifier);
      if (!isOfSdk && !mayBeInLayer) return next(specifier, context);
      try {
        return next(specifier, context);
      } catch (error) {
        const found = isRequired ? firstResolved([specifier], layerRequires) : null;
        if (found !== null) return { url: found, shortCircuit: true };
        if (!isOfSdk) throw error;
        try {
          // `require` resolves from the module that asks, whatever the context says.
          return isRequired
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

/** The URL of the first of the specifiers that one of the resolvers finds. */
function firstResolved(specifiers: readonly string[], resolvers: readonly NodeJS.Require[]): string | null {
  for (const specifier of specifiers) {
    for (const resolver of resolvers) {
      try {
        return pathToFileURL(resolver.resolve(specifier)).href;
      } catch {
        // The next one may have it.
      }
    }
  }
  return null;
}

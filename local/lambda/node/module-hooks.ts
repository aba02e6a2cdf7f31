/**
 * What Lambda's Node.js runtimes bring: version 3 of the AWS SDK, for a function whose own package does not have it. Its own always comes first.
 * Source: Lambda developer guide, "Building Lambda functions with Node.js", read November 2026.
 */
import { createRequire, registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';

const sdkPackage = /^@(?:aws-sdk|smithy|aws-crypto)\//;
const tlsModule = /^(?:node:)?(?:https|tls)$/;

/** `onTls`: the code is about to load TLS. */
export function hookModules({ onTls }: { onTls: () => void }): void {
  const ownRequire = createRequire(import.meta.url);
  registerHooks({
    resolve(specifier, context, next) {
      if (tlsModule.test(specifier)) onTls();
      if (!sdkPackage.test(specifier)) return next(specifier, context);
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

/**
 * Finds the function that `Handler` names, in the forms that Lambda's Node.js runtimes accept: ES modules and CommonJS, an export or a property of
 * the default export, nested names. Errors have Lambda's own types.
 * Source: aws-lambda-nodejs-runtime-interface-client, read November 2026.
 */
import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { standAlone } from './package-scope.ts';

export type Handler = (event: unknown, context: unknown, callback?: HandlerCallback) => unknown;
type HandlerCallback = (error?: unknown, result?: unknown) => void;

const endings = ['', '.mjs', '.js', '.cjs'] as const;

export async function loadHandler(codeFolder: string, handler: string): Promise<Handler> {
  const [, name, exportPath] = /^([^.]*)\.(.+)$/.exec(basename(handler)) ?? [];
  if (name === undefined || exportPath === undefined || handler.includes('..'))
    throw runtimeError('MalformedHandlerName', `'${handler}' is not a valid handler name: use file.export.`);
  const file = join(dirname(handler), name);
  const path = endings.map((end) => join(codeFolder, file + end)).find((candidate) => existsSync(candidate));
  if (path === undefined) {
    const typed = ['.ts', '.mts', '.cts'].find((end) => existsSync(join(codeFolder, file + end)));
    const hint =
      typed === undefined ? '' : `: ${name}${typed} is TypeScript, which Lambda does not run. Bundle it first.`;
    throw runtimeError('ImportModuleError', `Cannot find module '${file}' in ${codeFolder}${hint}`);
  }
  const scope = standAlone(codeFolder);
  const load = async () => (scope.isMistaken(path) ? scope.load(path) : await import(pathToFileURL(path).href));
  const loaded: unknown = await load().catch((error: unknown) => {
    throw loadError(error);
  });
  const found = findIn(loaded, exportPath) ?? findIn(propertyOf(loaded, 'default'), exportPath);
  if (found === undefined) throw runtimeError('HandlerNotFound', `${handler} is undefined or not exported`);
  if (!isHandler(found)) throw runtimeError('HandlerNotFound', `${handler} is not a function`);
  return found;
}

const isHandler = (value: unknown): value is Handler => typeof value === 'function';

function findIn(loaded: unknown, exportPath: string): unknown {
  return exportPath.split('.').reduce(propertyOf, loaded);
}

function propertyOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

export function runtimeError(type: string, message: string, cause?: unknown): Error {
  const error = new Error(message, { cause });
  if (cause instanceof Error && cause.stack !== undefined) error.stack = cause.stack;
  return Object.assign(error, { name: `Runtime.${type}` });
}

/** A module that is missing, and source that does not parse, have types of Lambda's; anything else that the code throws keeps its own. */
function loadError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const code = 'code' in error ? error.code : undefined;
  if (code === 'MODULE_NOT_FOUND' || code === 'ERR_MODULE_NOT_FOUND')
    return runtimeError('ImportModuleError', `Error: ${error.message}${sdkHint(error.message)}`, error);
  return error instanceof SyntaxError
    ? runtimeError('UserCodeSyntaxError', `SyntaxError: ${error.message}`, error)
    : error;
}

/** Not every client of the SDK is here. */
function sdkHint(message: string): string {
  const [, client] = /'(@aws-sdk\/[a-z0-9-]+)/.exec(message) ?? [];
  return client === undefined ? '' : `. The local target does not bring it: install ${client} beside the function.`;
}

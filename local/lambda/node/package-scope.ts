/**
 * On AWS a function's code stands alone: a package.json above its folder, which may say `"type": "module"` of a whole project, is not there, and a `.js`
 * file without one of its own is CommonJS. Source: Node.js documentation, "Determining module system", read November 2026.
 */
import { existsSync, readFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';

const moduleSyntax = /^[ \t]*(?:import|export)[\s{*'"]/m;

interface PackageScope {
  /** Whether a file would be taken for an ES module only because of a package.json above the folder. */
  isMistaken: (path: string) => boolean;
  /** Loads it as CommonJS. */
  load: (path: string) => unknown;
}

/** From now on `require` loads such files of the folder as CommonJS. */
export function standAlone(codeFolder: string): PackageScope {
  const applies = isModulePackage(dirname(codeFolder));
  const isMistaken = (path: string) =>
    applies &&
    path.endsWith('.js') &&
    path.startsWith(codeFolder + sep) &&
    !hasPackage(dirname(path), codeFolder) &&
    // What could not be CommonJS is what it says, as Node.js would find out.
    !moduleSyntax.test(readFileSync(path, 'utf8'));
  const extensions: Record<string, ((module: CompiledModule, path: string) => unknown) | undefined> = Reflect.get(
    Module,
    '_extensions',
  );
  const before = extensions['.js'];
  if (applies)
    extensions['.js'] = (module, path) =>
      isMistaken(path) ? module._compile(readFileSync(path, 'utf8'), path, 'commonjs') : before?.(module, path);
  return { isMistaken, load: (path) => createRequire(path)(path) };
}

interface CompiledModule {
  _compile: (source: string, path: string, format: 'commonjs') => unknown;
}

/** Whether the nearest package.json, from this folder on upwards, is of ES modules. */
function isModulePackage(folder: string): boolean {
  const file = join(folder, 'package.json');
  if (!existsSync(file)) return dirname(folder) !== folder && isModulePackage(dirname(folder));
  try {
    return JSON.parse(readFileSync(file, 'utf8')).type === 'module';
  } catch {
    return false;
  }
}

function hasPackage(folder: string, upTo: string): boolean {
  if (existsSync(join(folder, 'package.json'))) return true;
  return folder !== upTo && folder.startsWith(upTo) && hasPackage(dirname(folder), upTo);
}

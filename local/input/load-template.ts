/** From what a user names, a template file or a folder that a tool made, to a template that can be served: parsed, translated, with its code. */
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { withoutOpenApi } from '../../template/open-api.ts';
import type { GivenValues } from '../../template/parameters.ts';
import { parseTemplate } from '../../template/parse.ts';
import { TemplateError } from '../../template/template-error.ts';
import type { TemplateInput } from '../template/stack-model.ts';
import { assetsOf, findStack } from './cloud-assembly.ts';
import { codeFoldersOf } from './function-code.ts';
import { includeFiles } from './included-files.ts';
import { withCodeAddresses } from './local-code.ts';
import { isSamTemplate, translateSam } from './sam.ts';

/** What there is to serve. */
export type TemplateChoice =
  /** A file, or a folder with a template of `sam build` or `serverless package`. Code is relative to `folder`, by default the template's own. */
  | { kind: 'template'; path: string; folder?: string }
  /** A cloud assembly, as `cdk synth` writes it; `stack` if it has several. */
  | { kind: 'app'; folder: string; stack?: string };

export interface LoadOptions {
  choice: TemplateChoice;
  region: string;
  given?: GivenValues;
  ignore?: readonly string[];
  python?: string;
}

export interface LoadedTemplate {
  input: TemplateInput;
  /** Of the assembly, or from the name of the template's folder. */
  stackName: string;
  /** Removes what was unpacked. */
  remove: () => void;
}

/** In a folder: what each tool calls its template. */
const knownNames = ['template.yaml', 'template.yml', 'template.json', 'cloudformation-template-update-stack.json'];

/** @throws {TemplateError} for a file that cannot be read or is no template; {@link TemplateErrors} for what SAM's translator refuses. */
export async function loadTemplate({
  choice,
  region,
  given = {},
  ignore = [],
  python,
}: LoadOptions): Promise<LoadedTemplate> {
  const found = find(choice);
  let unpackFolder: string | null = null;
  const remove = () => {
    if (unpackFolder !== null) rmSync(unpackFolder, { recursive: true, force: true });
  };
  try {
    const parsed = includeFiles(
      parseTemplate(readText(found.templatePath), basename(found.templatePath)),
      found.folder,
    );
    const translated = isSamTemplate(parsed)
      ? await translateSam({ document: withCodeAddresses(parsed), parameters: given.parameters ?? {}, region, python })
      : parsed;
    const document = withoutOpenApi(translated);
    const codeFolders = codeFoldersOf({
      document,
      folder: found.folder,
      assets: found.assets,
      unpackFolder: () => {
        unpackFolder ??= mkdtempSync(join(tmpdir(), 'loadline-unpacked-'));
        return unpackFolder;
      },
    });
    return { input: { document, codeFolders, given, ignore }, stackName: found.stackName, remove };
  } catch (error) {
    remove();
    throw error;
  }
}

function find(choice: TemplateChoice) {
  if (choice.kind === 'app') return findStack(choice.folder, choice.stack);
  const given = resolve(choice.path);
  const stats = statSync(given, { throwIfNoEntry: false });
  if (stats === undefined) throw new TemplateError(choice.path, 'does not exist');
  const templatePath = stats.isDirectory() ? templateIn(given) : given;
  const folder = resolve(choice.folder ?? dirname(templatePath));
  return { templatePath, folder, stackName: stackNameOf(folder), assets: assetsOf(folder) };
}

function templateIn(folder: string): string {
  for (const name of knownNames) if (existsSync(join(folder, name))) return join(folder, name);
  throw new TemplateError(folder, `has none of ${knownNames.join(', ')}: name the file itself`);
}

/** Folders that tools make, which say nothing of what is in them. */
const toolFolders = ['build', '.aws-sam', '.serverless', 'dist'];

/** A stack's name has letters, digits and hyphens. */
function stackNameOf(folder: string): string {
  if (toolFolders.includes(basename(folder))) return stackNameOf(dirname(folder));
  const name = basename(folder)
    .replaceAll(/[^A-Za-z0-9-]+/g, '-')
    .replace(/^[^A-Za-z]+/, '');
  return name === '' ? 'Stack' : name.slice(0, 40);
}

function readText(path: string): string {
  const stats = statSync(path, { throwIfNoEntry: false });
  // A device may never end.
  if (stats !== undefined && !stats.isFile() && !stats.isFIFO()) throw new TemplateError(path, 'is not a file');
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new TemplateError(path, `cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}

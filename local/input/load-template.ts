/** From what a user names, a template file or a folder that a tool made, to a template that can be served: parsed, translated, with its code. */
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { type NestedStack, withNestedStacks } from '../../template/nested-stacks.ts';
import { withoutOpenApi } from '../../template/open-api.ts';
import type { GivenValues } from '../../template/parameters.ts';
import { parseTemplate } from '../../template/parse.ts';
import { type Properties, TemplateError } from '../../template/template-error.ts';
import { localAccountId } from '../account.ts';
import type { TemplateInput } from '../template/stack-model.ts';
import { assetsOf, findStack } from './cloud-assembly.ts';
import { codeFoldersOf } from './function-code.ts';
import { includeFiles } from './included-files.ts';
import { computedInlineCode } from './inline-code.ts';
import { readTemplateText } from './input-file.ts';
import { withCodeAddresses } from './local-code.ts';
import { literalParameters, nestedStacksOf } from './nested-templates.ts';
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
  /** By default that of {@link LoadedTemplate}. */
  stackName?: string | undefined;
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
  stackName,
  given = {},
  ignore = [],
  python,
}: LoadOptions): Promise<LoadedTemplate> {
  const found = find(choice);
  let unpackFolder: string | null = null;
  const remove = () => {
    if (unpackFolder !== null) rmSync(unpackFolder, { recursive: true, force: true });
  };
  const reading: Reading = {
    region,
    python,
    unpackFolder() {
      unpackFolder ??= mkdtempSync(join(tmpdir(), 'loadline-unpacked-'));
      return unpackFolder;
    },
  };
  try {
    const { document, codeFolders } = await readWhole(found, given.parameters ?? {}, reading);
    const place = { stackName: stackName ?? found.stackName, region, accountId: localAccountId };
    const computed = computedInlineCode({ document, place, given, unpackFolder: reading.unpackFolder });
    const input = { document, codeFolders: { ...codeFolders, ...computed }, given, ignore };
    return { input, stackName: found.stackName, remove };
  } catch (error) {
    remove();
    throw error;
  }
}

interface Reading {
  region: string;
  python: string | undefined;
  unpackFolder: () => string;
}

interface Place {
  templatePath: string;
  folder: string;
  assets: ReadonlyMap<string, string>;
}

/** Of a template with its nested stacks written out. */
interface Whole {
  document: Properties;
  codeFolders: Record<string, string>;
}

async function readWhole(
  place: Place,
  parameters: Readonly<Record<string, string>>,
  reading: Reading,
  above: readonly string[] = [],
): Promise<Whole> {
  const { templatePath, folder, assets } = place;
  const { region, python, unpackFolder } = reading;
  const parsed = includeFiles(parseTemplate(readTemplateText(templatePath), basename(templatePath)), folder);
  const translated = isSamTemplate(parsed)
    ? await translateSam({ document: withCodeAddresses(parsed), parameters, region, python })
    : parsed;
  const document = withoutOpenApi(translated);
  const codeFolders = codeFoldersOf({ document, folder, assets, unpackFolder });
  const nested: NestedStack[] = [];
  for (const { logicalId, resource, path } of nestedStacksOf(document, { folder, assets })) {
    if (above.includes(path) || path === templatePath)
      throw new TemplateError(`${logicalId}.Properties.TemplateURL`, 'is a template that nests this one');
    const child = { templatePath: path, folder: dirname(path), assets };
    const whole = await readWhole(child, literalParameters(resource), reading, [...above, templatePath]);
    nested.push({ logicalId, resource, document: whole.document });
    for (const [id, code] of Object.entries(whole.codeFolders)) codeFolders[`${logicalId}/${id}`] = code;
  }
  return { document: withNestedStacks(document, nested), codeFolders };
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

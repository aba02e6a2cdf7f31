/** Where the code of a template's functions is on this machine, whichever tool made the template. */
import { existsSync, statSync } from 'node:fs';
import { basename, isAbsolute, join, resolve } from 'node:path';
import { isRecord, type Properties, TemplateError } from '../../template/template-error.ts';
import { builtByEsbuild } from './esbuild-build.ts';
import { writeInline } from './inline-code.ts';
import { pathOfCode } from './local-code.ts';
import { contentKey, unzip } from './zip.ts';

export interface CodeSources {
  document: Properties;
  /** Relative paths are relative to it. */
  folder: string;
  /** Source of each file asset of a cloud assembly, by the object key that it is uploaded under. */
  assets: ReadonlyMap<string, string>;
  /** Where zip files are unpacked and inline code is written; made when it is needed. */
  unpackFolder: () => string;
}

/** A task definition has that of its image: the folder of its Dockerfile. */
const withCode = ['AWS::Lambda::Function', 'AWS::Lambda::LayerVersion', 'AWS::ECS::TaskDefinition'];

/** Logical id → folder. A function whose code is nowhere on this machine is not among them. @throws {TemplateError} for a zip file that cannot be read. */
export function codeFoldersOf(sources: CodeSources): Record<string, string> {
  const resources = isRecord(sources.document.Resources) ? sources.document.Resources : {};
  const folders: Record<string, string> = {};
  for (const [logicalId, resource] of Object.entries(resources)) {
    if (!isRecord(resource) || !withCode.includes(String(resource.Type))) continue;
    const folder = folderOf(logicalId, resource, sources);
    if (folder !== null) folders[logicalId] = folder;
  }
  return folders;
}

function folderOf(logicalId: string, resource: Properties, sources: CodeSources): string | null {
  const metadata = isRecord(resource.Metadata) ? resource.Metadata : {};
  const properties = isRecord(resource.Properties) ? resource.Properties : {};
  const code = properties.Code ?? properties.Content;
  const inline = isRecord(code) && typeof code.ZipFile === 'string' ? code.ZipFile : null;
  if (inline !== null) return writeInline(logicalId, inline, properties.Runtime, sources.unpackFolder);
  const asset = metadata['aws:asset:path'];
  const key = isRecord(code) && typeof code.S3Key === 'string' ? code.S3Key : null;
  const path =
    (typeof asset === 'string' ? asset : null) ??
    (typeof code === 'string' && !code.startsWith('s3://') ? code : null) ??
    pathOfCode(properties.Code) ??
    pathOfCode(properties.Content) ??
    (key === null ? null : (sources.assets.get(key) ?? beside(key, sources.folder)));
  if (path === null) return null;
  const found = isAbsolute(path) ? path : resolve(sources.folder, path);
  const stats = statSync(found, { throwIfNoEntry: false });
  if (stats === undefined) return null;
  if (!stats.isDirectory()) return unpacked(found, sources);
  return builtByEsbuild({ ...sources, logicalId, folder: found, metadata }) ?? found;
}

/** `serverless package` leaves its zip files beside the template, and names them with the path that it would upload them to. */
function beside(key: string, folder: string): string | null {
  const file = join(folder, basename(key));
  return existsSync(file) ? file : null;
}

function unpacked(file: string, { unpackFolder }: CodeSources): string {
  const folder = join(unpackFolder(), contentKey(file));
  if (existsSync(folder)) return folder;
  try {
    unzip(file, folder);
  } catch (cause) {
    throw new TemplateError(file, cause instanceof Error ? cause.message : String(cause));
  }
  return folder;
}

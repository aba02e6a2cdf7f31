/** Where the templates of nested stacks are on this machine, whichever tool made the parent. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { nestedStackType } from '../../template/nested-stacks.ts';
import { sectionOf } from '../../template/rewriting.ts';
import { isRecord, type Properties, TemplateError } from '../../template/template-error.ts';

interface NestedTemplate {
  logicalId: string;
  resource: Properties;
  /** Absolute. */
  path: string;
}

/** @throws {TemplateError} for one whose template is not on this machine. */
export function nestedStacksOf(
  document: Properties,
  { folder, assets }: { folder: string; assets: ReadonlyMap<string, string> },
): NestedTemplate[] {
  return Object.entries(sectionOf(document, 'Resources')).flatMap(([logicalId, resource]) => {
    if (!isRecord(resource) || resource.Type !== nestedStackType) return [];
    const path = pathOf(resource, folder, assets);
    if (path === null || !existsSync(path))
      throw new TemplateError(
        `${logicalId}.Properties.TemplateURL`,
        'names a template that is not on this machine: name a file, relative to this template',
      );
    return [{ logicalId, resource, path }];
  });
}

/** CDK says it in the metadata, or by the hash in the address; `aws cloudformation package` and SAM take a relative path. */
function pathOf(resource: Properties, folder: string, assets: ReadonlyMap<string, string>): string | null {
  const asset = sectionOf(resource, 'Metadata')['aws:asset:path'];
  if (typeof asset === 'string') return resolve(folder, asset);
  const url = sectionOf(resource, 'Properties').TemplateURL;
  if (typeof url === 'string' && !/^(?:https?|s3):\/\//.test(url)) return resolve(folder, url);
  const key = /[0-9a-f]{64}\.json/.exec(JSON.stringify(url))?.[0];
  return (key !== undefined && assets.get(key)) || null;
}

/** Those that a SAM template may need to be translated: the others are expressions of the parent. */
export function literalParameters(resource: Properties): Record<string, string> {
  const given = sectionOf(sectionOf(resource, 'Properties'), 'Parameters');
  const literal = Object.entries(given).filter(([, value]) => !isRecord(value) && !Array.isArray(value));
  return Object.fromEntries(literal.map(([name, value]) => [name, String(value)]));
}

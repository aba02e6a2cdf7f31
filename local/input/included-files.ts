/** Files that a template includes from beside it: `Fn::Transform` with AWS::Include, and SAM's DefinitionUri. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseTemplate } from '../../template/parse.ts';
import { isRecord, type Properties } from '../../template/template-error.ts';
import { readTemplateText } from './input-file.ts';

/** The template with each local file in the place that names it. What is elsewhere (`s3://…`) stays, and is refused where it is used. */
export function includeFiles(document: Properties, folder: string): Properties {
  return Object.fromEntries(Object.entries(document).map(([name, value]) => [name, included(value, folder)]));
}

function included(value: unknown, folder: string): unknown {
  if (Array.isArray(value)) return value.map((item) => included(item, folder));
  if (!isRecord(value)) return value;
  // Its definition is no API's; it is refused by its type.
  if (value.Type === 'AWS::Serverless::StateMachine') return value;
  const transform = value['Fn::Transform'];
  if (isRecord(transform) && transform.Name === 'AWS::Include' && isRecord(transform.Parameters)) {
    const content = contentOf(transform.Parameters.Location, folder);
    if (content !== null) return included(content, folder);
  }
  const entries = Object.entries(value).map(([name, item]): [string, unknown] => {
    const definition = name === 'DefinitionUri' ? contentOf(item, folder) : null;
    return definition === null ? [name, included(item, folder)] : ['DefinitionBody', included(definition, folder)];
  });
  return Object.fromEntries(entries);
}

function contentOf(location: unknown, folder: string): Properties | null {
  if (typeof location !== 'string' || location.startsWith('s3://')) return null;
  const path = resolve(folder, location);
  return existsSync(path) ? parseTemplate(readTemplateText(path), location) : null;
}

/** Code that is written into the template itself, by a text or by an expression that makes one. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StackPlace } from '../../template/identities.ts';
import type { GivenValues } from '../../template/parameters.ts';
import { sectionOf } from '../../template/rewriting.ts';
import { readTemplate, type StackTemplate } from '../../template/template.ts';
import { isRecord, Problems, type Properties } from '../../template/template-error.ts';
import { textKey } from './zip.ts';

/** As Lambda: the file is called index, whatever the handler says. @returns its folder. */
export function writeInline(logicalId: string, text: string, runtime: unknown, unpackFolder: () => string): string {
  // Nested stacks may have functions of the same name.
  const folder = join(unpackFolder(), `inline-${logicalId.replaceAll('/', '-')}-${textKey(text)}`);
  mkdirSync(folder, { recursive: true });
  const file = join(folder, String(runtime).startsWith('python') ? 'index.py' : 'index.js');
  if (!existsSync(file) || readFileSync(file, 'utf8') !== text) writeFileSync(file, text);
  return folder;
}

export interface InlineSource {
  /** With its nested stacks written out. */
  document: Properties;
  place: Omit<StackPlace, 'sqsUrl'>;
  given: GivenValues;
  unpackFolder: () => string;
}

/** Of functions whose code is an expression, as `!Sub`: logical id → folder. @throws {TemplateError} for one that has no value. */
export function computedInlineCode({ document, place, given, unpackFolder }: InlineSource): Record<string, string> {
  const folders: Record<string, string> = {};
  let template: StackTemplate | null = null;
  for (const [logicalId, resource] of Object.entries(sectionOf(document, 'Resources'))) {
    if (!isRecord(resource) || resource.Type !== 'AWS::Lambda::Function') continue;
    const properties = sectionOf(resource, 'Properties');
    if (!isRecord(properties.Code) || !isRecord(properties.Code.ZipFile)) continue;
    // The name that a queue's URL has on AWS leads to this machine as well.
    const sqsUrl = `https://sqs.${place.region}.amazonaws.com`;
    // What is wrong elsewhere is said where it is served.
    template ??= readTemplate(document, { place: { ...place, sqsUrl }, given, problems: new Problems() });
    const { Code } = template.propertiesOf(logicalId, (property) => property === 'Code');
    if (isRecord(Code))
      folders[logicalId] = writeInline(logicalId, String(Code.ZipFile), properties.Runtime, unpackFolder);
  }
  return folders;
}

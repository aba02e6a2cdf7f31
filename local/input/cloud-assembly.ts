/** A folder that `cdk synth` made: its stacks, and the sources of their file assets. */
import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isRecord, type Properties, TemplateError } from '../../template/template-error.ts';
import { readTemplateText } from './input-file.ts';

export interface AssemblyStack {
  /** As the stack is called when it is deployed. */
  stackName: string;
  /** Its path in the app, as in `Prod/Api`. */
  id: string;
  templatePath: string;
  /** Folder that its asset paths are relative to. */
  folder: string;
  assets: ReadonlyMap<string, string>;
}

/** @throws {TemplateError} if the folder is not a cloud assembly, or its stacks are several and none is chosen. */
export function findStack(folder: string, wanted: string | undefined): AssemblyStack {
  const stacks = stacksOf(resolve(folder));
  const named =
    wanted === undefined ? stacks : stacks.filter(({ id, stackName }) => id === wanted || stackName === wanted);
  const [stack, second] = named;
  const names = stacks.map(({ id }) => id).join(', ');
  if (!stack)
    throw new TemplateError(folder, wanted === undefined ? 'has no stack' : `has no stack ${wanted}: it has ${names}`);
  if (second) throw new TemplateError(folder, `has several stacks, and one is to be chosen: ${names}`);
  return stack;
}

function stacksOf(folder: string): AssemblyStack[] {
  const manifestPath = join(folder, 'manifest.json');
  if (!existsSync(manifestPath))
    throw new TemplateError(folder, 'is not what cdk synth writes: it has no manifest.json');
  const artifacts = fieldsOf(readJson(manifestPath).artifacts);
  return Object.entries(artifacts).flatMap(([artifactId, artifact]): AssemblyStack[] => {
    const properties = fieldsOf(fieldsOf(artifact).properties);
    switch (fieldsOf(artifact).type) {
      case 'cdk:cloud-assembly':
        return stacksOf(join(folder, String(properties.directoryName)));
      case 'aws:cloudformation:stack':
        return [
          {
            stackName: typeof properties.stackName === 'string' ? properties.stackName : artifactId,
            id: String(fieldsOf(artifact).displayName ?? artifactId),
            templatePath: join(folder, String(properties.templateFile)),
            folder,
            assets: assetsOf(folder),
          },
        ];
      default:
        return [];
    }
  });
}

/** Every `*.assets.json` of a folder: object key → path of the source. */
export function assetsOf(folder: string): Map<string, string> {
  const sources = new Map<string, string>();
  for (const name of readdirSync(folder)) {
    if (!name.endsWith('.assets.json')) continue;
    for (const asset of Object.values(fieldsOf(readJson(join(folder, name)).files))) {
      const { path } = fieldsOf(fieldsOf(asset).source);
      if (typeof path !== 'string') continue;
      for (const destination of Object.values(fieldsOf(fieldsOf(asset).destinations)))
        sources.set(String(fieldsOf(destination).objectKey), join(folder, path));
    }
  }
  return sources;
}

function readJson(path: string): Properties {
  const text = readTemplateText(path);
  try {
    return fieldsOf(JSON.parse(text));
  } catch {
    throw new TemplateError(path, 'is not JSON: run cdk synth again');
  }
}

const fieldsOf = (value: unknown): Properties => (isRecord(value) ? value : {});

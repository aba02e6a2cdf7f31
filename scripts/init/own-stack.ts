/** What of a user's own stack lies in a folder, and how it is served on this machine. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';

export interface OwnStack {
  kind: 'template' | 'app';
  path: string;
  /** What has to be done before; null: it is built. */
  before: string | null;
}

const kinds: readonly (OwnStack & { file: string })[] = [
  { file: 'cdk.out', kind: 'app', path: 'cdk.out', before: null },
  { file: 'cdk.json', kind: 'app', path: 'cdk.out', before: 'npx cdk synth' },
  { file: '.aws-sam/build', kind: 'template', path: '.aws-sam/build', before: null },
  { file: 'template.yaml', kind: 'template', path: 'template.yaml', before: null },
  { file: 'template.yml', kind: 'template', path: 'template.yml', before: null },
  { file: 'template.json', kind: 'template', path: 'template.json', before: null },
  { file: 'serverless.yml', kind: 'template', path: '.serverless', before: 'npx serverless package' },
];

/** The first that is there: one that is built comes before what it is built from. Null: none. */
export function ownStackIn(folder: string): OwnStack | null {
  const found = kinds.find(({ file }) => existsSync(join(folder, file)));
  if (found === undefined) return null;
  const { file: _file, ...stack } = found;
  return stack;
}

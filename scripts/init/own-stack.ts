/** What of a user's own stack lies in a folder, and how it is served on this machine. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const kinds: readonly { file: string; command: string }[] = [
  { file: 'cdk.out', command: 'loadline local --app cdk.out' },
  { file: 'cdk.json', command: 'npx cdk synth && loadline local --app cdk.out' },
  { file: '.aws-sam/build', command: 'loadline local --template .aws-sam/build' },
  { file: 'template.yaml', command: 'loadline local --template template.yaml' },
  { file: 'template.yml', command: 'loadline local --template template.yml' },
  { file: 'template.json', command: 'loadline local --template template.json' },
  { file: 'serverless.yml', command: 'npx serverless package && loadline local --template .serverless' },
];

/** The first that is there: one that is built comes before what it is built from. */
export function ownStackIn(folder: string): { what: string; command: string }[] {
  const found = kinds.find(({ file }) => existsSync(join(folder, file)));
  return found ? [{ what: found.file, command: found.command }] : [];
}

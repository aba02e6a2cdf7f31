/** The reference stack is one example: what calculates and reports knows stacks by their graph, not by the names of this one's functions. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const rooms = [
  'aws',
  'capacity',
  'graph',
  'metrics',
  'record',
  'reports',
  'run',
  'scripts',
  'template',
  'local',
  'engine/src',
];
/** Its functions, as words of their own: `'deliver'`, `functions.deliver`, `"lambda.deliver.errors.sum"`, `{ deliver: … }`. */
const named = /(?<![\w#])(?:authorize|ingest|deliver)(?=['"`.\]]|\??:)/;
/** Names that are verbs of the field as well: only as a function's. */
const ofFunction = /\b(?:functions|lambda|memoryMb|meanSeconds|invocations)\.(?:connect|disconnect|message)\b/;

test.each(rooms)('no code of %s/ names a function of it', (room) => {
  const files = globSync(`${room}/**/*.ts`, { cwd: root }).filter(
    (file) => !/\.(test|fixture|d)\.ts$|\/(dist|testing)\//.test(file),
  );
  expect(files.length).toBeGreaterThan(0);
  const found = files.flatMap((file) =>
    readFileSync(join(root, file), 'utf8')
      .split('\n')
      .flatMap((line, n) => (named.test(line) || ofFunction.test(line) ? [`${file}:${n + 1}: ${line.trim()}`] : [])),
  );
  expect(found).toEqual([]);
});

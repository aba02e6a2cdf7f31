/** The client in one file, as it is published and as the demo serves it. */
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));

/** Names of properties that nobody but the client's own modules knows: no answer of the stack has one, no browser, and no option. They are shortened. */
const ownNames = new RegExp(
  `^(${[
    ...[
      'catchUp',
      'hadNew',
      'take',
      'had',
      'frames',
      'retryAfterSeconds',
      'needsFresh',
      'giveUp',
      'isVisible',
      'isOnline',
    ],
    ...[
      'refresh',
      'pause',
      'isSecond',
      'probe',
      'opened',
      'received',
      'pushed',
      'ended',
      'answered',
      'fail',
      'settled',
      'fetch',
      'config',
      'platform',
      'fields',
    ],
  ].join('|')})$`,
);

/** An ES module. Throws esbuild's error, which names file and line. */
export async function bundleClient(entry = 'browser/main.ts'): Promise<string> {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(entry, import.meta.url))],
    absWorkingDir: root,
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    legalComments: 'none',
    mangleProps: ownNames,
    logLevel: 'silent',
    write: false,
  });
  return outputFiles[0]?.text ?? '';
}

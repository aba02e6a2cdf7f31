/** A process that synthesizes the stack with the settings in its argument (JSON), and reports over IPC where the assembly is. */

import { synthesizeCached } from './synthesize.ts';
import type { Synthesized } from './synthesize-apart.ts';

process.on('disconnect', () => process.exit(1));
const say = (message: Synthesized) => process.send?.(message, undefined, {}, () => process.exit(0));
synthesizeCached(JSON.parse(process.argv[2] ?? '{}')).then(
  (assembly) => say({ kind: 'made', assembly }),
  (error) => say({ kind: 'failed', reason: error instanceof Error ? error.message : String(error) }),
);

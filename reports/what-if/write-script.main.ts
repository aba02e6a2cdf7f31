/** When packing: the code of the live pages into dist/, beside the compiled module that reads it. */
import { writeFile } from 'node:fs/promises';
import { bundleWhatIf, livePages, packedName } from './script.ts';

for (const page of livePages) {
  const { code } = await bundleWhatIf(page);
  await writeFile(new URL(`../../dist/reports/what-if/${packedName(page)}`, import.meta.url), code);
}

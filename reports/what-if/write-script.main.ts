/** When packing: the live page's code into dist/, beside the compiled module that reads it. */
import { writeFile } from 'node:fs/promises';
import { bundleWhatIf, packedName } from './script.ts';

const { code } = await bundleWhatIf();
await writeFile(new URL(`../../dist/reports/what-if/${packedName}`, import.meta.url), code);

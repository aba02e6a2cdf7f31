/** As a page reads what was packed. */
import { bytesOfSigns } from './section.ts';

export const bytesOf: (signs: string) => ArrayBuffer = new Function(`return ${bytesOfSigns}`)();

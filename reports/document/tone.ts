/** How good or bad a share of a quota is. */
import type { Tone } from './document.ts';

/** From here on a quota is worth a look: AWS grants a raise in days to weeks. */
const nearShare = 0.7;

export const toneOfUtilisation = (utilisation: number): Exclude<Tone, 'muted'> =>
  utilisation > 1 ? 'bad' : utilisation > nearShare ? 'near' : 'good';

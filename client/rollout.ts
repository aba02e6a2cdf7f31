import type { ClientConfig } from './frames.ts';

/**
 * Place of a user among all, in [0, 1): the same in every tab and with every build, so that a stage that grows keeps whom it had.
 * FNV-1a over UTF-16 code units, then the finaliser of MurmurHash3 (A. Appleby), because names that differ in their last digit alone are
 * neighbours in FNV.
 */
export function placeOf(user: string): number {
  let hash = 0x811c9dc5;
  for (let n = 0; n < user.length; n++) hash = Math.imul(hash ^ user.charCodeAt(n), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

/** Whether the stage has reached this user. */
export const isInStage = ({ share, off }: Pick<ClientConfig, 'share' | 'off'>, user: string): boolean =>
  !off && placeOf(user) < share;

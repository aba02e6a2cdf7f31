/**
 * A secret that is read rarely, and read again when it seems to have been rotated. Its current version and the one before are both
 * valid, so that whoever signs may change over after the rotation (docs/rotation.md).
 */

/** Cached versions are used this long: a rotation is known within five minutes even if nothing fails. */
const maxAgeMs = 300_000;
/** A failed verification, or a failed read, causes another read, but not more often than this: forged requests must not cause calls. */
export const minRereadMs = 10_000;

interface SecretReaderDependencies {
  /** The valid versions, the current one first. */
  read: () => Promise<readonly string[]>;
  /** Milliseconds, monotonic. */
  now: () => number;
}

interface Versions {
  values: readonly string[];
  /** When their read began: they are at least this new. */
  atMs: number;
}

export interface Judgement<Verdict> {
  verdict: Verdict;
  /** False: it failed, and the secret may have been rotated between the last read and the signature. Later it may not fail. */
  isFinal: boolean;
}

export class SecretReader {
  readonly #read: SecretReaderDependencies['read'];
  readonly #now: () => number;
  #cached: Versions | undefined;
  #triedAtMs = Number.NEGATIVE_INFINITY;
  #rereadAtMs = Number.NEGATIVE_INFINITY;
  #reading: Promise<Versions> | undefined;

  constructor({ read, now }: SecretReaderDependencies) {
    this.#read = read;
    this.#now = now;
  }

  /** The verdict of {@link judge} on something that was sent just now. */
  async verify<Verdict>(
    attempt: (secret: string) => Verdict | Promise<Verdict>,
    fails: (verdict: Verdict) => boolean,
  ): Promise<Verdict> {
    return (await this.judge(attempt, fails, 0)).verdict;
  }

  /**
   * Verifies something against each valid version. If `fails` says that the verdict may be due to an old secret, the secret is read again
   * (at most every {@link minRereadMs}), unless it was read after the thing was sent, `ageMs` ago: then it failed for good.
   * Rejects if no secret is available at all.
   */
  async judge<Verdict>(
    attempt: (secret: string) => Verdict | Promise<Verdict>,
    fails: (verdict: Verdict) => boolean,
    ageMs: number,
  ): Promise<Judgement<Verdict>> {
    const sentAtMs = this.#now() - ageMs;
    const known = await this.#current();
    const verdict = await firstGood(known.values, attempt, fails);
    if (!fails(verdict) || known.atMs >= sentAtMs) return { verdict, isFinal: true };
    if (this.#now() - this.#rereadAtMs < minRereadMs) return { verdict, isFinal: false };
    this.#rereadAtMs = this.#now();
    const reread = await this.#refresh();
    const second = await firstGood(reread.values, attempt, fails);
    return { verdict: second, isFinal: !fails(second) || reread.atMs >= sentAtMs };
  }

  async #current(): Promise<Versions> {
    if (this.#cached === undefined) return this.#refresh();
    const now = this.#now();
    const isOld = now - this.#cached.atMs >= maxAgeMs && now - this.#triedAtMs >= minRereadMs;
    return isOld ? this.#refresh() : this.#cached;
  }

  /** One read at a time. Versions read earlier survive a failing read. */
  #refresh(): Promise<Versions> {
    this.#reading ??= this.#readOnce().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #readOnce(): Promise<Versions> {
    const atMs = this.#now();
    this.#triedAtMs = atMs;
    try {
      this.#cached = { values: await this.#read(), atMs };
      return this.#cached;
    } catch (error) {
      if (this.#cached === undefined) throw new Error('The secret cannot be read.', { cause: error });
      return this.#cached;
    }
  }
}

/** The first verdict that does not fail; if all do, that on the current version. */
async function firstGood<Verdict>(
  [current = '', ...previous]: readonly string[],
  attempt: (secret: string) => Verdict | Promise<Verdict>,
  fails: (verdict: Verdict) => boolean,
): Promise<Verdict> {
  const verdict = await attempt(current);
  for (const version of fails(verdict) ? previous : []) {
    const other = await attempt(version);
    if (!fails(other)) return other;
  }
  return verdict;
}

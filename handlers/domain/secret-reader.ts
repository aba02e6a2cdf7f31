/** A secret that is read rarely, and reread when it seems to have been rotated. */

/** A cached value is used this long: a rotated secret is known within five minutes even if nothing fails. */
const maxAgeMs = 300_000;
/** After a failed verification the secret is read again, but not more often than this: forged requests must not cause calls. */
const minRereadMs = 60_000;

interface SecretReaderDependencies {
  read: () => Promise<string>;
  /** Milliseconds, monotonic. */
  now: () => number;
}

export class SecretReader {
  readonly #read: () => Promise<string>;
  readonly #now: () => number;
  #value: string | undefined;
  #readAtMs = Number.NEGATIVE_INFINITY;
  #reading: Promise<string> | undefined;

  constructor({ read, now }: SecretReaderDependencies) {
    this.#read = read;
    this.#now = now;
  }

  /**
   * Verifies something against the secret. If `fails` says that the verdict may be due to an old secret, the secret is read
   * again (at most once a minute) and the verification repeated if it has changed. Rejects if no secret is available at all.
   */
  async verify<Verdict>(
    attempt: (secret: string) => Verdict | Promise<Verdict>,
    fails: (verdict: Verdict) => boolean,
  ): Promise<Verdict> {
    const secret = await this.#current();
    const verdict = await attempt(secret);
    if (!fails(verdict) || this.#now() - this.#readAtMs < minRereadMs) return verdict;
    const reread = await this.#refresh();
    return reread === secret ? verdict : attempt(reread);
  }

  async #current(): Promise<string> {
    if (this.#value !== undefined && this.#now() - this.#readAtMs < maxAgeMs) return this.#value;
    return this.#refresh();
  }

  /** One read at a time. A value read earlier survives a failing read. */
  #refresh(): Promise<string> {
    this.#reading ??= this.#readOnce().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #readOnce(): Promise<string> {
    try {
      this.#value = await this.#read();
      this.#readAtMs = this.#now();
      return this.#value;
    } catch (error) {
      if (this.#value === undefined) throw new Error('The secret cannot be read.', { cause: error });
      // Continue with the cached value, and wait before retrying.
      this.#readAtMs = this.#now();
      return this.#value;
    }
  }
}

import { concealed, concealer } from '../../concealment.ts';
import type { Device } from './device.ts';

/** Different reasons of closes that are remembered. */
const maxReasons = 100;

/** Reasons of closes as they may be shown: without the token of the connection, which a target may echo, in part or encoded. */
export class ShownReasons {
  readonly #tokens: ReadonlyMap<string, string>;
  /** As they came, without the token as it is → as they are shown. A target that closes thousands at once says the same to all: it is looked at once. */
  readonly #shown = new Map<string, string>();

  /** `tokens`: by user id. */
  constructor(tokens: ReadonlyMap<string, string>) {
    this.#tokens = tokens;
  }

  shown(said: string, { user }: Device): string {
    const token = this.#tokens.get(user.id);
    if (token === undefined) return said;
    const plain = said.replaceAll(token, concealed);
    let shown = this.#shown.get(plain);
    if (shown === undefined) {
      shown = concealer([token])(plain);
      if (this.#shown.size >= maxReasons) this.#shown.clear();
      this.#shown.set(plain, shown);
    }
    return shown;
  }
}

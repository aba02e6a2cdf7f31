/** Output of a process in whole lines: a pipe hands over what was written in any pieces, and half a line is no metric and no log event. */

/** As much of a line as CloudWatch Logs keeps of an event (1 MiB in bytes of up to 4; CloudWatch Logs quotas, read November 2026). */
const maxLineCharacters = 262_144;

export class WholeLines {
  #rest = '';
  #receive: (text: string) => void;

  /** `receive`: takes one or more lines, each with its end. */
  constructor(receive: (text: string) => void) {
    this.#receive = receive;
  }

  take(piece: string): void {
    const text = this.#rest + piece;
    const end = text.lastIndexOf('\n') + 1;
    this.#rest = text.slice(end);
    if (end > 0) this.#receive(text.slice(0, end));
    if (this.#rest.length > maxLineCharacters) this.flush();
  }

  /** Hands over a last line without an end. */
  flush(): void {
    const rest = this.#rest;
    this.#rest = '';
    if (rest !== '') this.#receive(rest);
  }
}

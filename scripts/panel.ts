/** A few lines at the end of a terminal that are written anew in place. Whatever else is written goes above them. */
import { printable } from '../reports/render/printable.ts';

/** ECMA-48: cursor up n lines, erase to the end of the screen. */
const up = (lines: number): string => (lines === 0 ? '' : `\u001b[${lines}A`);
const erase = '\u001b[J';

export class Panel {
  readonly #write: (text: string) => void;
  readonly #columns: () => number;
  #shown: readonly string[] = [];

  constructor(write: (text: string) => void, columns: () => number) {
    this.#write = write;
    this.#columns = columns;
  }

  /** Of the terminal as it is now. One is left free, so that no line wraps. */
  get columns(): number {
    return Math.max(20, this.#columns() - 1);
  }

  show(lines: readonly string[]): void {
    const fitting = lines.map((line) => printable(line).slice(0, this.columns));
    this.#write(`${up(this.#shown.length)}${erase}${fitting.join('\n')}\n`);
    this.#shown = fitting;
  }

  /** Writes a text above the panel. */
  above(text: string): void {
    const shown = this.#shown;
    this.#write(
      `${up(shown.length)}${shown.length > 0 ? erase : ''}${text}${shown.length > 0 ? `${shown.join('\n')}\n` : ''}`,
    );
  }

  clear(): void {
    if (this.#shown.length > 0) this.#write(`${up(this.#shown.length)}${erase}`);
    this.#shown = [];
  }
}

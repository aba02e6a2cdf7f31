/**
 * Reading JSON without losing what a parser drops: digits beyond a double, duplicate keys, white space.
 * Nothing here recurses, so no text can exhaust the stack.
 */

/**
 * Deepest nesting of arrays and objects that is accepted. It is far beyond any message a product sends, and far below the several thousand at
 * which JSON.stringify, and readers in other languages, exhaust their stacks.
 */
export const maxJsonLevels = 256;

/** Whether arrays and objects are nested at most `levels` deep. Of a text that is not JSON it says no more than that it is safe to parse. */
export function isNestedWithin(json: string, levels: number): boolean {
  let depth = 0;
  for (let index = 0; index < json.length; index++) {
    switch (json[index]) {
      case '"':
        index = endOfString(json, index);
        break;
      case '[':
      case '{':
        depth++;
        if (depth > levels) return false;
        break;
      case ']':
      case '}':
        depth--;
        break;
    }
  }
  return true;
}

/**
 * The value of a member as it stands in the text, without the white space around it; undefined if there is none.
 * `json` must be valid JSON, and an object. Of duplicates the last counts, as in JSON.parse.
 */
export function memberText(json: string, name: string): string | undefined {
  let found: string | undefined;
  let index = json.indexOf('{');
  while (json[index] !== '}') {
    const nameFrom = json.indexOf('"', index);
    if (nameFrom === -1) break;
    const nameTo = endOfString(json, nameFrom);
    const valueFrom = json.indexOf(':', nameTo) + 1;
    index = endOfValue(json, valueFrom);
    if (JSON.parse(json.slice(nameFrom, nameTo + 1)) === name) found = json.slice(valueFrom, index).trim();
  }
  return found;
}

// TypeScript's library does not know JSON.rawJSON yet; Node.js has it since version 22.
const { rawJSON } = JSON as unknown as { rawJSON: (text: string) => object };

/** A number to be stringified with exactly these characters. Throws if they are not a number, text, boolean or null in JSON. */
export const asWritten = (text: string): object => rawJSON(text);

/** Index of the comma or brace after a member's value. */
function endOfValue(json: string, from: number): number {
  let depth = 0;
  let index = from;
  for (; index < json.length; index++) {
    const character = json[index];
    if (character === '"') index = endOfString(json, index);
    else if (character === '[' || character === '{') depth++;
    else if (depth === 0 && (character === ',' || character === '}')) break;
    else if (character === ']' || character === '}') depth--;
  }
  return index;
}

/** Index of the quote that closes the string opened at `from`; the text's length if none does. */
function endOfString(json: string, from: number): number {
  for (let quote = json.indexOf('"', from + 1); quote !== -1; quote = json.indexOf('"', quote + 1)) {
    let backslashes = 0;
    while (json[quote - 1 - backslashes] === '\\') backslashes++;
    if (backslashes % 2 === 0) return quote;
  }
  return json.length;
}

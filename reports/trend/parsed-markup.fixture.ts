import { SaxesParser } from 'saxes';

/** Names of the elements of an XML text. @throws where it is not well-formed. */
export function saxesParse(text: string): string[] {
  const names: string[] = [];
  const parser = new SaxesParser();
  parser.on('opentag', ({ name }) => names.push(name));
  parser.on('error', (error) => {
    throw error;
  });
  parser.write(text).close();
  return names;
}

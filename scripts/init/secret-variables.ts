// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of loadline.yml, not of JavaScript
/** Of a URL and a message: variables of the environment in place of what is secret, so that a file with them can be committed. Pure. */
import { isPossibleSecret, isSecretName, looksLikeKey } from '../../engine/src/concealment.ts';

export interface WithVariables {
  text: string;
  /** Names of the variables that were put in, in order. */
  variables: string[];
}

/** It names where the whole value is, as run/request/given-value.ts reads it: nothing of it is here. */
export const isReference = (text: string): boolean =>
  /^(?:env:[A-Za-z_]\w*|file:.+|\$\{[A-Z_][A-Z0-9_]*\})$/s.test(text);

/**
 * `wss://me:word@host/ws?v=2&token=abcdef` → `wss://${STACK_USER}:${STACK_PASSWORD}@host/ws?v=2&token=${STACK_TOKEN}`. Where it begins may be a placeholder.
 * @param beside another text of the same file, whose variables mean something else.
 */
export function urlWithVariables(url: string, beside = ''): WithVariables {
  const parts = isReference(url) ? null : /^([^/?#@]*:\/\/)?(?:([^/?#]*)@)?([^?#]*)(?:\?([^#]*))?(#.*)?$/s.exec(url);
  if (parts === null) return { text: url, variables: [] };
  const [, scheme = '', userInfo, place = '', query, fragment = ''] = parts;
  const { put, names } = variablesBeside(url + beside);
  const secretIn = (name: string, value: string): string =>
    isMixed(value)
      ? literals(value, (text) => (isPartOfSecret(text) ? put(named(name), text) : text))
      : put(named(name), value);
  const [user = '', password] = userInfo === undefined ? [] : halves(userInfo, ':');
  const who =
    userInfo === undefined
      ? ''
      : `${secretIn('USER', user)}${password === undefined ? '' : `:${secretIn('PASSWORD', password)}`}@`;
  const pairs = query?.split('&').map((pair) => {
    const [name = '', value] = halves(pair, '=');
    if (value === undefined) return isPossibleSecret(name) ? secretIn('QUERY', name) : name;
    return `${name}=${isSecretName(name) || isPossibleSecret(value) ? secretIn(name, value) : value}`;
  });
  return { text: `${scheme}${who}${place}${pairs ? `?${pairs.join('&')}` : ''}${fragment}`, variables: names };
}

/**
 * `{"token":"abcdef","id":"${id}"}` → `{"token":"${MESSAGE_SECRET}","id":"${id}"}`. Of JSON, or of a text with JSON in it, whole values that are under a secret
 * name or look like a key; elsewhere words that do. Placeholders and names stay as they are. One value has one variable.
 * @param beside as of {@link urlWithVariables}.
 */
export function messageWithVariables(message: string, beside = ''): WithVariables {
  if (isReference(message)) return { text: message, variables: [] };
  const { put, names } = variablesBeside(message + beside);
  const known = new Map<string, string>();
  const secret = (value: string): string => {
    const variable = known.get(value) ?? put('MESSAGE_SECRET', value);
    known.set(value, variable);
    return variable;
  };
  const words = (text: string, isSecret: (word: string) => boolean): string =>
    literals(text, (literal) => literal.replaceAll(word, (each) => (isSecret(each) ? secret(each) : each)));
  let text = '';
  let from = 0;
  /** Of the value that comes next. */
  let name = '';
  for (const { 0: token, 1: content = '', index } of message.matchAll(jsonText)) {
    const before = message.slice(from, index);
    from = index + token.length;
    text += words(before, looksLikeKey);
    if (!/^\s*:\s*$/.test(before)) name = '';
    const isName = /^\s*:/.test(message.slice(from));
    const isNamed = !isName && isSecretName(name);
    if (isName) text += token;
    else if (isMixed(content)) text += `"${words(content, isNamed ? isPartOfSecret : looksLikeKey)}"`;
    else if (isNamed && content !== '') text += `"${secret(content)}"`;
    else text += `"${words(content, looksLikeKey)}"`;
    name = isName ? content : '';
  }
  return { text: text + words(message.slice(from), looksLikeKey), variables: names };
}

/** A JSON string, with what is in it. RFC 8259, 7. */
const jsonText = /"((?:[^"\\]|\\.)*)"/gs;
const word = /[^\s"'`,;:=&?<>(){}[\]|\\]+/g;
const placeholder = /(\$\{[^{}]*\})/;

const isMixed = (value: string): boolean => placeholder.test(value);

/** Beside a placeholder, as in `Bearer ${token}` and `pre-${user}`, words are usual: what has digits is none. */
const isPartOfSecret = (text: string): boolean => isPossibleSecret(text) && /\d/.test(text);

/** What is between placeholders, mapped. */
const literals = (text: string, map: (literal: string) => string): string =>
  text
    .split(placeholder)
    .map((part, n) => (n % 2 === 0 ? map(part) : part))
    .join('');

const named = (name: string): string => `STACK_${name.toUpperCase().replaceAll(/[^A-Z0-9]+/g, '_')}`;

/** Puts `${NAME}` in place of a value that is not empty; a name that is taken, or stands in `text` already, gets a number. */
function variablesBeside(text: string): { put(name: string, value: string): string; names: string[] } {
  const names: string[] = [];
  const isTaken = (name: string) => names.includes(name) || text.includes(`\${${name}}`);
  const put = (name: string, value: string): string => {
    if (value === '') return value;
    let variable = name;
    for (let n = 2; isTaken(variable); n++) variable = `${name}_${n}`;
    names.push(variable);
    return `\${${variable}}`;
  };
  return { put, names };
}

function halves(text: string, separator: string): [string, string?] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + separator.length)];
}

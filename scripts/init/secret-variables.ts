// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of loadline.yml, not of JavaScript
/** Of a URL and a message: variables of the environment in place of what is secret, so that a file with them can be committed. Pure. */
import { isPossibleSecret, isSecretName, secretsOfMessage } from '../../engine/src/concealment.ts';

export interface WithVariables {
  text: string;
  /** Names of the variables that were put in, in order. */
  variables: string[];
}

/** It names where the value is: nothing of it is here. */
export const isReference = (text: string): boolean => /^(?:env|file):|^\$\{[A-Z_][A-Z0-9_]*\}/.test(text);

/** `wss://me:word@host/ws?v=2&token=abcdef` → `wss://${STACK_USER}:${STACK_PASSWORD}@host/ws?v=2&token=${STACK_TOKEN}`. */
export function urlWithVariables(url: string): WithVariables {
  const parts = isReference(url) ? null : /^([a-z]+:\/\/)(?:([^/?#]*)@)?([^?#]*)(?:\?([^#]*))?(#.*)?$/is.exec(url);
  if (parts === null) return { text: url, variables: [] };
  const [, scheme = '', userInfo, place = '', query, fragment = ''] = parts;
  const put = placeholders();
  const [user = '', password] = userInfo === undefined ? [] : halves(userInfo, ':');
  const who =
    userInfo === undefined
      ? ''
      : `${put('USER', user)}${password === undefined ? '' : `:${put('PASSWORD', password)}`}@`;
  const pairs = query?.split('&').map((pair) => {
    const [name = '', value] = halves(pair, '=');
    if (value === undefined) return isPossibleSecret(name) ? put('QUERY', name) : name;
    return `${name}=${isSecretName(name) || isPossibleSecret(value) ? put(name, value) : value}`;
  });
  return { text: `${scheme}${who}${place}${pairs ? `?${pairs.join('&')}` : ''}${fragment}`, variables: put.names };
}

/** `{"token":"abcdef","id":"${id}"}` → `{"token":"${MESSAGE_SECRET}","id":"${id}"}`. */
export function messageWithVariables(message: string): WithVariables {
  if (isReference(message)) return { text: message, variables: [] };
  const secrets = [...new Set(secretsOfMessage(message))].toSorted((a, b) => b.length - a.length);
  const names = secrets.map((_, n) => (n === 0 ? 'MESSAGE_SECRET' : `MESSAGE_SECRET_${n + 1}`));
  const written = (secret: string) => JSON.stringify(secret).slice(1, -1);
  const text = secrets.reduce((so, secret, n) => so.replaceAll(written(secret), `\${${names[n]}}`), message);
  return { text, variables: names.filter((name) => text.includes(`\${${name}}`)) };
}

/** Puts `${STACK_NAME}` in place of a value, but not of one that is empty or a placeholder itself. */
function placeholders(): ((name: string, value: string) => string) & { names: string[] } {
  const names: string[] = [];
  const put = (name: string, value: string): string => {
    if (value === '' || value.includes('${')) return value;
    const plain = `STACK_${name.toUpperCase().replaceAll(/[^A-Z0-9]+/g, '_')}`;
    const taken = names.filter((each) => each === plain || each.startsWith(`${plain}_`)).length;
    const variable = taken === 0 ? plain : `${plain}_${taken + 1}`;
    names.push(variable);
    return `\${${variable}}`;
  };
  return Object.assign(put, { names });
}

function halves(text: string, separator: string): [string, string?] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + separator.length)];
}

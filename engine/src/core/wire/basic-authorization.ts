/** RFC 7617: a user name and a password in a URL, as a client sends them. Pure. */

/** `me:w%40rd@` → `me:w@rd`; null: the URL has none. */
export function userInfoOf({ username, password }: URL): string | null {
  return username === '' && password === '' ? null : `${decoded(username)}:${decoded(password)}`;
}

/** Value of an Authorization header. */
export const basicOf = (userInfo: string): string => `Basic ${Buffer.from(userInfo).toString('base64')}`;

/** Of the headers that were given one comes before what the URL says. */
export const hasAuthorization = (headers: Readonly<Record<string, string>>): boolean =>
  Object.keys(headers).some((name) => name.toLowerCase() === 'authorization');

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

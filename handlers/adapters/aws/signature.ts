/** Signature Version 4, in headers or in a query. Source: IAM user guide, "Create a signed AWS API request", read November 2026. */
import { createHmac, createSecretKey, hash, type KeyObject } from 'node:crypto';

export interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  /** Of temporary credentials, such as a function's. */
  sessionToken?: string | undefined;
}

export interface UnsignedRequest {
  /** POST only: no other method is called here. */
  path: string;
  /** Names in lower case, `host` among them. All are signed. */
  headers: Readonly<Record<string, string>>;
  body: string;
}

const algorithm = 'AWS4-HMAC-SHA256';

export class RequestSigner {
  readonly #credentials: Credentials;
  readonly #region: string;
  readonly #service: string;
  #day = '';
  #secret = '';
  /** Good for a day, or until the credentials change. As a key object: made from bytes each time, it costs more than the HMAC. */
  #key: KeyObject | undefined;

  constructor({ credentials, region, service }: { credentials: Credentials; region: string; service: string }) {
    this.#credentials = credentials;
    this.#region = region;
    this.#service = service;
  }

  /** The headers of the request with those of its signature. @param nowMs milliseconds since the epoch. */
  sign({ path, headers, body }: UnsignedRequest, nowMs: number): Record<string, string> {
    const { accessKeyId, sessionToken } = this.#credentials;
    const { day, time } = timesOf(nowMs);
    const signed: Record<string, string> = { ...headers, 'x-amz-date': time };
    if (sessionToken !== undefined) signed['x-amz-security-token'] = sessionToken;
    const names = Object.keys(signed).sort();
    const signedNames = names.join(';');
    let canonical = `POST\n${canonicalPath(path)}\n\n`;
    for (const name of names) canonical += `${name}:${signed[name]}\n`;
    canonical += `\n${signedNames}\n${hash('sha256', body)}`;
    const scope = `${day}/${this.#region}/${this.#service}/aws4_request`;
    const signature = createHmac('sha256', this.#keyOf(day))
      .update(`${algorithm}\n${time}\n${scope}\n${hash('sha256', canonical)}`)
      .digest('hex');
    signed.authorization = `${algorithm} Credential=${accessKeyId}/${scope}, SignedHeaders=${signedNames}, Signature=${signature}`;
    return signed;
  }

  /** The query of a GET of `/` that carries its own signature. @param nowMs milliseconds since the epoch. */
  presign(
    { host, query }: { host: string; query: Readonly<Record<string, string>> },
    validSeconds: number,
    nowMs: number,
  ): string {
    const { accessKeyId, sessionToken } = this.#credentials;
    const { day, time } = timesOf(nowMs);
    const scope = `${day}/${this.#region}/${this.#service}/aws4_request`;
    const parameters = Object.entries({
      ...query,
      'X-Amz-Algorithm': algorithm,
      'X-Amz-Credential': `${accessKeyId}/${scope}`,
      'X-Amz-Date': time,
      'X-Amz-Expires': String(validSeconds),
      ...(sessionToken !== undefined && { 'X-Amz-Security-Token': sessionToken }),
      'X-Amz-SignedHeaders': 'host',
    });
    const signed = parameters
      .map(([name, value]) => `${encodePart(name)}=${encodePart(value)}`)
      .sort()
      .join('&');
    const canonical = `GET\n/\n${signed}\nhost:${host}\n\nhost\n${hash('sha256', '')}`;
    const signature = createHmac('sha256', this.#keyOf(day))
      .update(`${algorithm}\n${time}\n${scope}\n${hash('sha256', canonical)}`)
      .digest('hex');
    return `${signed}&X-Amz-Signature=${signature}`;
  }

  #keyOf(day: string): KeyObject {
    const { secretAccessKey } = this.#credentials;
    if (this.#key === undefined || day !== this.#day || secretAccessKey !== this.#secret) {
      const step = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
      const ofDay = step(`AWS4${secretAccessKey}`, day);
      this.#key = createSecretKey(step(step(step(ofDay, this.#region), this.#service), 'aws4_request'));
      this.#day = day;
      this.#secret = secretAccessKey;
    }
    return this.#key;
  }
}

/** 2026-11-21T00:00:00.000Z → 20261121 and 20261121T000000Z */
function timesOf(nowMs: number): { day: string; time: string } {
  const iso = new Date(nowMs).toISOString();
  const day = `${iso.slice(0, 4)}${iso.slice(5, 7)}${iso.slice(8, 10)}`;
  return { day, time: `${day}T${iso.slice(11, 13)}${iso.slice(14, 16)}${iso.slice(17, 19)}Z` };
}

/** Every service but S3 encodes the already encoded path once more. */
function canonicalPath(path: string): string {
  return path === '/' ? path : path.split('/').map(encodePart).join('/');
}

/** RFC 3986: only letters, digits and `-._~` are left as they are. */
export function encodePart(part: string): string {
  return encodeURIComponent(part).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

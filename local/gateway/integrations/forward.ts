/** One HTTP request to the URL of an integration, and its answer as it came: no redirect is followed, nothing is decompressed. */
import { Agent, type IncomingHttpHeaders, request as requestPlain } from 'node:http';
import { request as requestTls, Agent as TlsAgent } from 'node:https';

export interface ForwardedRequest {
  url: string;
  method: string;
  headers: Readonly<Record<string, string>>;
  body: Buffer | string;
  timeoutMs: number;
}

export interface ForwardedAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** API Gateway's limit for payloads both ways. */
const maxBodyBytes = 10 * 1_024 * 1_024;

export class Forwarder {
  #plain = new Agent({ keepAlive: true });
  #tls = new TlsAgent({ keepAlive: true });
  #localAddressOf: (host: string, port: number) => string | null;

  /** @param localAddressOf the address on this machine that stands in for one of AWS's. */
  constructor(localAddressOf: (host: string, port: number) => string | null) {
    this.#localAddressOf = localAddressOf;
  }

  /** Null if it takes too long. @throws if it cannot be reached. */
  send({ url, method, headers, body, timeoutMs }: ForwardedRequest): Promise<ForwardedAnswer | null> {
    const target = new URL(url);
    const local =
      target.protocol === 'https:' ? this.#localAddressOf(target.hostname, Number(target.port || 443)) : null;
    const plain = target.protocol === 'http:' || local !== null;
    const options = { method, headers: { ...headers, host: target.host, 'content-length': Buffer.byteLength(body) } };
    const { promise, resolve, reject } = Promise.withResolvers<ForwardedAnswer | null>();
    const address = local === null ? target : new URL(`${target.pathname}${target.search}`, `http://${local}`);
    const sent = plain
      ? requestPlain(address, { ...options, agent: this.#plain })
      : requestTls(address, { ...options, agent: this.#tls });
    const timer = setTimeout(() => {
      resolve(null);
      sent.destroy();
    }, timeoutMs);
    sent.on('error', reject);
    sent.on('response', (response) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on('error', reject);
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes <= maxBodyBytes) chunks.push(chunk);
        else sent.destroy(new Error(`Its answer is over ${maxBodyBytes} bytes.`));
      });
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) });
      });
    });
    sent.end(body);
    return promise.finally(() => clearTimeout(timer));
  }

  close(): void {
    this.#plain.destroy();
    this.#tls.destroy();
  }
}

/** Headers of one connection (RFC 9110, 7.6.1), and those that the request to the integration has of its own. */
const ownHeaders =
  /^(?:connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|host|content-length|expect|sec-websocket-.*)$/i;

export function withoutOwn<Value>(headers: Readonly<Record<string, Value | undefined>>): Record<string, Value> {
  const kept: Record<string, Value> = {};
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined && !ownHeaders.test(name)) kept[name] = value;
  return kept;
}

/** Placeholders of the path filled in, and the query appended. */
export function urlOf(
  url: string,
  { path, query }: { path: Readonly<Record<string, string>>; query: Readonly<Record<string, string>> },
): string {
  const filled = new URL(
    url.replaceAll(/\{([^}+]+)\+?\}/g, (_all, name: string) =>
      (path[name] ?? '').split('/').map(encodeURIComponent).join('/'),
    ),
  );
  for (const [name, value] of Object.entries(query)) filled.searchParams.set(name, value);
  return filled.href;
}

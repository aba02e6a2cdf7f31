/**
 * How code of other languages than JavaScript reaches this machine by AWS's names: a proxy for TLS, of which its environments are told. Connections to
 * endpoints that this machine stands in for end here, with a certificate of the target's own authority; any other passes through untouched.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { createSecureContext, rootCertificates, TLSSocket } from 'node:tls';
import { listen, localHost } from '../../process/listen.ts';
import { type LocalAddresses, localAddressOf } from '../node/aws-hosts.ts';
import { CertificateAuthority } from './certificates.ts';

const largestPort = 65_535;

export class TlsFront {
  /** Of the environments that are to come by here. */
  readonly variables: Readonly<Record<string, string>>;
  #server: Server;
  #sockets: Set<Duplex>;
  #folder: string;

  private constructor(server: Server, sockets: Set<Duplex>, { port, folder }: { port: number; folder: string }) {
    this.#server = server;
    this.#sockets = sockets;
    this.#folder = folder;
    const proxy = `http://${localHost}:${port}`;
    const trusted = join(folder, 'trusted.pem');
    this.variables = {
      ...{ HTTPS_PROXY: proxy, https_proxy: proxy },
      ...{ AWS_CA_BUNDLE: trusted, SSL_CERT_FILE: trusted, REQUESTS_CA_BUNDLE: trusted, CURL_CA_BUNDLE: trusted },
      NODE_EXTRA_CA_CERTS: trusted,
    };
  }

  static async start(addresses: LocalAddresses): Promise<TlsFront> {
    const authority = new CertificateAuthority(new Date());
    const sockets = new Set<Duplex>();
    const server = createServer((_request, response) => response.writeHead(405).end());
    server.on('connect', (request, socket, head) => {
      keep(sockets, socket);
      const [host = '', port = ''] = splitHost(request.url ?? '');
      // Node throws for any other.
      if (host === '' || !/^\d{1,5}$/.test(port) || Number(port) > largestPort) {
        socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
        return;
      }
      const address = localAddressOf(host, Number(port), addresses);
      const [toHost = '', toPort = ''] = address === null ? [host, port] : splitHost(address);
      const upstream = connect({ host: toHost, port: Number(toPort) });
      keep(sockets, upstream);
      upstream.once('connect', () => {
        socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
        if (head.length > 0) socket.unshift(head);
        const client = address === null ? socket : secured(socket, authority, host);
        client.pipe(upstream).pipe(client);
      });
      upstream.once('error', () => socket.destroy());
    });
    const port = await listen(server, 0, 'aws');
    const folder = mkdtempSync(join(tmpdir(), 'loadline-trust-'));
    writeFileSync(join(folder, 'trusted.pem'), [...rootCertificates, authority.certificate].join('\n'));
    return new TlsFront(server, sockets, { port, folder });
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
    for (const socket of this.#sockets) socket.destroy();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function keep(sockets: Set<Duplex>, socket: Duplex): void {
  sockets.add(socket);
  socket.on('error', () => socket.destroy());
  socket.once('close', () => sockets.delete(socket));
}

/** `host:port`; of an IPv6 address without its brackets. */
function splitHost(text: string): [host: string, port: string] {
  const at = text.lastIndexOf(':');
  return [text.slice(0, at).replaceAll(/[[\]]/g, ''), text.slice(at + 1)];
}

/** The server's side of TLS for this host. */
function secured(socket: Duplex, authority: CertificateAuthority, host: string): TLSSocket {
  const { certificate, key } = authority.for(host);
  const secureContext = createSecureContext({ cert: certificate, key });
  const client = new TLSSocket(socket, { isServer: true, secureContext, ALPNProtocols: ['http/1.1'] });
  client.on('error', () => client.destroy());
  return client;
}

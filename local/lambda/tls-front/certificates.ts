/**
 * A certificate authority of this process, whose key exists nowhere else and never leaves it, and its certificates for single hosts.
 * Source: RFC 5280, 4.1 and 4.2, with what OpenSSL's strict checks ask for (Python 3.13's default).
 */
import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { isIP } from 'node:net';
import { bits, boolean, explicit, implicit, integer, objectId, octets, sequence, set, time, utf8 } from './der.ts';

export interface Certificate {
  /** PEM. */
  certificate: string;
  key: string;
}

const dayMs = 86_400_000;
/** No longer than the target runs, with some room for clocks. */
const validMs = 30 * dayMs;
const ecdsaWithSha256 = sequence(objectId('1.2.840.10045.4.3.2'));

interface Issued extends Certificate {
  keys: { publicKey: KeyObject; privateKey: KeyObject };
  keyId: Buffer;
}

export class CertificateAuthority {
  #own: Issued;
  #issued = new Map<string, Certificate>();
  #now: Date;

  constructor(now: Date) {
    this.#now = now;
    this.#own = this.#issue({
      name: 'Loadline local target',
      issuer: null,
      extensions: [
        extension('2.5.29.19', sequence(boolean(true)), true),
        // Key certificates, and nothing else: bit 5.
        extension('2.5.29.15', bits(Buffer.from([0x04]), 2), true),
      ],
    });
  }

  /** PEM, for those that are to trust it. */
  get certificate(): string {
    return this.#own.certificate;
  }

  for(host: string): Certificate {
    const known = this.#issued.get(host);
    if (known) return known;
    const address =
      isIP(host) === 4 ? implicit(7, Buffer.from(host.split('.').map(Number))) : implicit(2, Buffer.from(host));
    const made = this.#issue({
      name: host.slice(0, 64),
      issuer: this.#own,
      extensions: [
        extension('2.5.29.19', sequence(), true),
        // Digital signatures: bit 0.
        extension('2.5.29.15', bits(Buffer.from([0x80]), 7), true),
        extension('2.5.29.37', sequence(objectId('1.3.6.1.5.5.7.3.1'))),
        extension('2.5.29.17', sequence(address)),
        extension('2.5.29.35', sequence(implicit(0, this.#own.keyId))),
      ],
    });
    this.#issued.set(host, made);
    return made;
  }

  #issue({ name, issuer, extensions }: { name: string; issuer: Issued | null; extensions: readonly Buffer[] }): Issued {
    const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const publicKey = keys.publicKey.export({ type: 'spki', format: 'der' });
    const keyId = createHash('sha1').update(publicKey).digest();
    const serial = randomBytes(16);
    // Positive, and of full length.
    serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40;
    const toSign = sequence(
      // Version 3.
      explicit(0, integer(Buffer.from([2]))),
      integer(serial),
      ecdsaWithSha256,
      nameOf(issuer === null ? name : 'Loadline local target'),
      sequence(time(new Date(this.#now.getTime() - dayMs)), time(new Date(this.#now.getTime() + validMs))),
      nameOf(name),
      publicKey,
      explicit(3, sequence(...extensions, extension('2.5.29.14', octets(keyId)))),
    );
    const signature = sign('sha256', toSign, (issuer?.keys ?? keys).privateKey);
    return {
      certificate: pem(sequence(toSign, ecdsaWithSha256, bits(signature))),
      key: keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      keys,
      keyId,
    };
  }
}

const nameOf = (text: string): Buffer => sequence(set(sequence(objectId('2.5.4.3'), utf8(text))));

const extension = (id: string, value: Buffer, critical = false): Buffer =>
  sequence(objectId(id), ...(critical ? [boolean(true)] : []), octets(value));

function pem(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}

/**
 * In an environment's thread, TLS connections to AWS's endpoints that this machine stands in for are plain ones to it, with everything that is
 * said on them unchanged: the Host, and with it the signature. So handlers that name an endpoint themselves, and SDKs that know no endpoint
 * variables, reach the target. All of Node's own clients come by here: https, fetch, and what packages build on them.
 */
import { connect, type Socket } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import { type LocalAddresses, localAddressOf } from './aws-hosts.ts';

interface TlsModule {
  connect(...parameters: unknown[]): unknown;
}

let rerouted = false;

/** Loading TLS takes milliseconds, which only code that uses it should pay: called when something is about to. */
export function rerouteTls(addresses: LocalAddresses): void {
  if (rerouted) return;
  rerouted = true;
  const tls: TlsModule = process.getBuiltinModule('node:tls');
  const original = tls.connect;
  tls.connect = (...parameters) => {
    const { host = 'localhost', port, socket, then } = connectionOf(parameters);
    const address = socket === undefined ? localAddressOf(String(host), Number(port), addresses) : null;
    return address === null ? original(...parameters) : plainSocket(address, then);
  };
}

/** `connect(options, then)`, `connect(port, host, options, then)` and `connect(port, options, then)`. */
function connectionOf(parameters: readonly unknown[]): ConnectionOptions & { then: (() => void) | null } {
  let options: ConnectionOptions = {};
  let then: (() => void) | null = null;
  for (const parameter of parameters) {
    if (typeof parameter === 'number') options = { ...options, port: parameter };
    else if (typeof parameter === 'string') options = { ...options, host: parameter };
    else if (isCallback(parameter)) then = parameter;
    else if (typeof parameter === 'object') options = { ...options, ...parameter };
  }
  return { ...options, then };
}

const isCallback = (value: unknown): value is () => void => typeof value === 'function';

/** As a TLS socket, to those that wait for one. */
function plainSocket(address: string, then: (() => void) | null): Socket {
  const [host = '', port = ''] = address.split(':');
  const socket = connect({ host, port: Number(port) });
  Object.assign(socket, { authorized: true, encrypted: true, alpnProtocol: false });
  if (then) socket.once('secureConnect', then);
  socket.once('connect', () => socket.emit('secureConnect'));
  return socket;
}

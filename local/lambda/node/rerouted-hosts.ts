/**
 * In an environment's thread, connections to hosts that this machine stands in for without HTTP, databases, lead to it: a client of a database connects to a
 * name and port of its own choice, without any variable that would lead it elsewhere.
 */
import { Socket } from 'node:net';

/** @param addresses host name → `host:port` on this machine. */
export function rerouteHosts(addresses: Readonly<Record<string, string>>): void {
  if (Object.keys(addresses).length === 0) return;
  const original = Socket.prototype.connect;
  const rerouted = function (this: Socket, ...parameters: unknown[]): Socket {
    const address = addresses[hostOf(parameters) ?? ''];
    if (address === undefined) return Reflect.apply(original, this, parameters);
    const [host = '', port = ''] = address.split(':');
    const then = parameters.find((parameter) => typeof parameter === 'function');
    return Reflect.apply(original, this, [{ host, port: Number(port) }, ...(then === undefined ? [] : [then])]);
  };
  Object.assign(Socket.prototype, { connect: rerouted });
}

/** `connect(port, host)`, `connect({ port, host })`, and what net.connect makes of them: `connect([options, then])`. */
function hostOf(parameters: readonly unknown[]): string | undefined {
  const [first, second] = parameters;
  const given = Array.isArray(first) ? first[0] : first;
  if (typeof given === 'object' && given !== null && 'host' in given) return String(given.host).toLowerCase();
  return typeof second === 'string' ? second.toLowerCase() : undefined;
}

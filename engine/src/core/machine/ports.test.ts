import { describe, expect, test } from 'vitest';
import { freePorts, type Ports, parsePortHolders, parsePortRange } from './ports.ts';

const range = { low: 32_768, high: 60_999 };
const row = (n: number, local: string, remote: string) =>
  `   ${n}: ${local} ${remote} 01 00000000:00000000 00:00000000 00000000     0        0 1984761 1 0000000095d2c9fe 100 0 0 10 0\n`;

test('the range of ephemeral ports', () => {
  expect(parsePortRange('32768\t60999\n')).toEqual(range);
  expect(parsePortRange('')).toBeNull();
});

test('the table of sockets: those with an ephemeral port, including IPv4-mapped IPv6', () => {
  const table =
    '  sl  local_address rem_address   st tx_queue\n' +
    row(0, '0100007F:8000', '0100007F:1F90') + // 127.0.0.1:32768 → 8080
    row(1, '0200007F:EE47', '0100007F:1F90') + // 127.0.0.2:60999 → 8080
    row(2, '0100007F:1F90', '0100007F:8000') + // the server's end: port 8080 is not ephemeral
    row(3, '00000000:9000', '00000000:0000') + // listens on all addresses
    row(4, '0000000000000000FFFF00000500000A:9001', '0000000000000000FFFF00000600000A:01BB') + // 10.0.0.5 → 443
    row(5, '00000000000000000000000001000000:9002', '00000000000000000000000001000000:01BB') + // ::1
    row(6, '00000000000000000000000000000000:9003', '00000000000000000000000000000000:0000'); // :: listens
  expect(parsePortHolders(table, range)).toEqual([
    { address: '127.0.0.1', port: 32_768, remotePort: 8_080 },
    { address: '127.0.0.2', port: 60_999, remotePort: 8_080 },
    { address: '0.0.0.0', port: 36_864, remotePort: 0 },
    { address: '10.0.0.5', port: 36_865, remotePort: 443 },
    { address: '0.0.0.0', port: 36_867, remotePort: 0 },
  ]);
});

describe('ports left, of 100', () => {
  const ports: Ports = {
    low: 40_000,
    high: 40_099,
    holders: [
      { address: '127.0.0.1', port: 40_000, remotePort: 8_080 },
      { address: '127.0.0.1', port: 40_000, remotePort: 9_090 },
      { address: '127.0.0.1', port: 40_001, remotePort: 9_090 },
      { address: '127.0.0.2', port: 40_002, remotePort: 8_080 },
      { address: '0.0.0.0', port: 40_003, remotePort: 0 },
    ],
  };
  test('for an address: sockets on it or on all addresses count, each port once', () => {
    expect(freePorts(ports, '127.0.0.1', 8_080)).toBe(97);
    expect(freePorts(ports, '127.0.0.3', 8_080)).toBe(99);
  });
  test('if the system chooses: a port connected to another remote port is free', () => {
    expect(freePorts(ports, null, 9_090)).toBe(97);
    expect(freePorts(ports, null, 443)).toBe(99);
  });
});

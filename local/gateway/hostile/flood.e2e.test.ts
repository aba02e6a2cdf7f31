/** Ten thousand clients that connect and then say next to nothing. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSockets, settled, startHostileStack } from '../../testing/hostile-stack.ts';
import { connectionRoom } from '../sockets/socket-room.ts';

/** As many as both processes may open files for. */
const count = Math.min(10_000, connectionRoom(null) - 1_000);
/** Opens sockets from four addresses, each with half a request, and says how many are open and how many were closed on it. */
const flood = `
const { connect } = require('node:net');
const [port, count] = process.argv.slice(1).map(Number);
let open = 0, closed = 0, next = 0, timeouts = 0;
const one = () => { if (next < count) connectAs(next++); };
const connectAs = (number) => {
  const socket = connect({ port, host: '127.0.0.1', localAddress: '127.0.0.' + (2 + number % 4) });
  let connected = false;
  // One that the system could not open yet is tried again.
  socket.on('error', () => { if (!connected) setTimeout(connectAs, 100, number); });
  socket.on('data', (data) => { if (String(data).startsWith('HTTP/1.1 408')) timeouts++; });
  socket.on('connect', () => { connected = true; socket.write('GET /test HTTP/1.1\\r\\nHost: localhost\\r\\n'); if (++open === count) console.log('open ' + open); one(); });
  socket.on('close', () => { if (connected && ++closed === count) console.log('closed ' + timeouts); });
};
for (let index = 0; index < 200; index++) one();
process.on('disconnect', () => process.exit());
`;

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');
/** Bytes that are still in use. */
function memory(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

let stack: Awaited<ReturnType<typeof startHostileStack>>;
let attacker: ChildProcess | null = null;
beforeAll(async () => {
  stack = await startHostileStack({ limits: { assumptions: { requestHeadersTimeoutMs: 4_000 } } });
});
afterAll(async () => {
  attacker?.kill('SIGKILL');
  await stack.stop();
});

/** A busy machine takes a minute and more for ten thousand handshakes. */
const patienceMs = 240_000;

test(
  `${count} half-open sockets: others are served, each is timed out with 408, and nothing of them stays`,
  async () => {
    const before = openSockets();
    const memoryBefore = memory();
    const { port } = new URL(stack.webSocketUrl);
    attacker = spawn(process.execPath, ['-e', flood, port, String(count)], {
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    if (!attacker.stdout) throw new Error('The attacker has no stdout.');
    const lines = createInterface(attacker.stdout);
    const said: string[] = [];
    lines.on('line', (line) => said.push(line));
    let servedMeanwhile = 0;
    while (said.length < 2) {
      const allWereOpen = said.length === 1;
      await stack.serves();
      // Between these two lines lies the timeout of the last socket, at least: whoever is served then did not wait for it.
      if (allWereOpen && said.length === 1) servedMeanwhile += 1;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(said).toEqual([`open ${count}`, `closed ${count}`]);
    expect(servedMeanwhile).toBeGreaterThan(0);
    const exited = once(attacker, 'exit');
    attacker.disconnect();
    await exited;
    expect(await settled(openSockets, (open) => open <= before)).toBeLessThanOrEqual(before);
    // Under 1 kB each: nothing of a socket is kept.
    expect(
      await settled(
        () => memory() - memoryBefore,
        (more) => more < 1_000 * count,
      ),
    ).toBeLessThan(1_000 * count);
  },
  patienceMs,
);

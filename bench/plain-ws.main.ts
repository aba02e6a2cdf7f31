/** The floor of a client: plain `ws`, closed loop, one message under way on each connection. Arguments: URL, connections, pinging connections. */
import WebSocket from 'ws';

const [url = '', connections = '0', pinging = '0'] = process.argv.slice(2);
let sent = 0;

function open(index: number): void {
  const socket = new WebSocket(url, { perMessageDeflate: false });
  const ping = () => {
    sent += 1;
    socket.send(`{"action":"ping","id":"${index}-${sent}"}`);
  };
  socket.on('open', () => {
    if (index < Number(pinging)) ping();
  });
  socket.on('message', () => ping());
  socket.on('error', (error) => {
    console.error(error.message);
    process.exit(1);
  });
}

const startedAt = performance.now();
const connectsPerSecond = 1_000;
let opened = 0;
const timer = setInterval(() => {
  const due = Math.min(Number(connections), Math.floor(((performance.now() - startedAt) / 1_000) * connectsPerSecond));
  for (; opened < due; opened += 1) open(opened);
  if (opened === Number(connections)) clearInterval(timer);
}, 5);
process.on('disconnect', () => process.exit(0));

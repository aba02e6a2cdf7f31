/** The floor of a target: answers `{"action":"ping","id":X}` with `{"type":"pong","id":X}`, counts, and does nothing else. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';

const idPattern = /"id":"([^"]*)"/;
let answered = 0;
let open = 0;

const http = createServer();
const server = new WebSocketServer({ server: http, perMessageDeflate: false });
server.on('connection', (socket) => {
  open += 1;
  socket.on('message', (frame: Buffer) => {
    const id = idPattern.exec(frame.toString('latin1', 0, 256))?.[1] ?? '';
    socket.send(`{"type":"pong","id":"${id}"}`);
    answered += 1;
  });
  socket.on('close', () => {
    open -= 1;
  });
  socket.on('error', () => socket.terminate());
});
http.listen(0, '127.0.0.1', () => process.send?.({ port: (http.address() as AddressInfo).port }));
process.on('message', () => process.send?.({ answered, open }));
process.on('disconnect', () => process.exit(0));

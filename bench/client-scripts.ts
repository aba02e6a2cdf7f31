/** The scripts of the two clients that Artillery runs, as YAML text: one with its own `ws` engine, one with ours. */

export interface BenchLoad {
  /** Connections held. */
  connections: number;
  /** How many of them send pings; 0: all are idle. */
  pinging: number;
  seconds: number;
  connectRatePerSecond: number;
  /** Ours is open-loop: the rate is offered whether or not answers come. */
  messageRatePerSecond: number;
}

/** Longer than any measurement: the bench stops the client itself. */
const restSeconds = 120;

/**
 * Artillery's own engine: one virtual user per connection, each in a closed loop that waits for the answer. (Without waiting, its sends
 * starve the event loop and further virtual users never connect.)
 */
export function artilleryWsScript(url: string, load: BenchLoad): string {
  const flow =
    load.pinging > 0
      ? `      - loop:
          - send:
              payload: '{"action":"ping","id":"{{ $loopCount }}"}'
              match: { json: $.type, value: pong }
        count: 100000000`
      : `      - think: ${load.seconds + restSeconds}`;
  return `config:
  target: ${url}
  timeout: 2
  phases:
    - duration: ${Math.max(1, Math.ceil(load.connections / load.connectRatePerSecond))}
      arrivalCount: ${load.connections}
scenarios:
  - engine: ws
    flow:
${flow}
`;
}

/** tsung, within its controller's VM: one user per connection, each in a closed loop that waits for the answer, without think time. */
export function tsungScript(url: string, load: BenchLoad): string {
  const { hostname, port } = new URL(url);
  const lasts = load.seconds + restSeconds;
  const flow =
    load.pinging > 0
      ? `<for from="1" to="100000000" var="i"><request><websocket type="message">{"action":"ping","id":"1"}</websocket></request></for>`
      : `<thinktime value="${lasts}"/>`;
  return `<?xml version="1.0"?>
<!DOCTYPE tsung SYSTEM "/usr/share/tsung/tsung-1.0.dtd" []>
<tsung loglevel="error" version="1.0">
  <clients><client host="localhost" use_controller_vm="true" maxusers="60000"/></clients>
  <servers><server host="${hostname}" port="${port}" type="tcp"/></servers>
  <load><arrivalphase phase="1" duration="${lasts}" unit="second">
    <users maxnumber="${load.connections}" arrivalrate="${load.connectRatePerSecond}" unit="second"/>
  </arrivalphase></load>
  <sessions><session name="bench" probability="100" type="ts_websocket">
    <request><websocket type="connect" path="/"></websocket></request>
    ${flow}
  </session></sessions>
</tsung>
`;
}

/** k6: one virtual user per connection, each in a closed loop that waits for the answer. */
export function k6Script(url: string, load: BenchLoad): string {
  const ramp = Math.max(1, Math.ceil(load.connections / load.connectRatePerSecond));
  const send = load.pinging > 0 ? `() => socket.send('{"action":"ping","id":"1"}')` : '() => {}';
  return `import ws from 'k6/ws';
export const options = {
  discardResponseBodies: true,
  scenarios: { bench: {
    executor: 'ramping-vus', startVUs: 0, gracefulStop: '0s',
    stages: [{ duration: '${ramp}s', target: ${load.connections} }, { duration: '${load.seconds + restSeconds}s', target: ${load.connections} }],
  } },
};
export default () => {
  ws.connect('${url}', {}, (socket) => {
    const send = ${send};
    socket.on('open', send);
    socket.on('message', send);
  });
};
`;
}

/** Our engine: one virtual user drives all connections. */
export function loadlineScript(url: string, load: BenchLoad): string {
  return `config:
  target: ${url}
  engines:
    loadline: {}
  phases:
    - duration: 1
      arrivalCount: 1
scenarios:
  - engine: loadline
    flow:
      - fleet:
          connections: ${load.connections}
          connectRatePerSecond: ${load.connectRatePerSecond}
          steadySeconds: ${load.seconds + restSeconds}
          drainSeconds: 0
          messageRatePerSecond: ${load.messageRatePerSecond}
          messageBytes: 0
          tokenSecret: bench
`;
}

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

/** Longer than any measurement: the bench ends the client itself. */
const restSeconds = 120;

/**
 * Artillery's own engine: a virtual user a connection, each in a closed loop that waits for the answer. (Without waiting, its sends
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

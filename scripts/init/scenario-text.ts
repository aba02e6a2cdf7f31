// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of the engine, not of JavaScript
/** The scenario that `loadline init` writes: messages in both directions on open connections, in the user's own protocol. Pure. */

export interface ScenarioAnswers {
  /** As it may be shown, without anything secret. */
  url: string;
  message: string;
  /** As --answer takes it: next, $.path or /regexp/. */
  answer: string;
}

export const defaultScenario: ScenarioAnswers = {
  url: 'wss://example.com/ws',
  message: '{"id":"${id}"}',
  answer: '$.id',
};

/** In a plain YAML string in single quotes. */
const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

function answerYaml(answer: string): string {
  if (answer === 'next') return 'next';
  return answer.startsWith('$') ? `{ jsonPath: ${quoted(answer)} }` : `{ regexp: ${quoted(answer.slice(1, -1))} }`;
}

export function scenarioText({ url, message, answer }: ScenarioAnswers): string {
  return `# Your stack: messages in both directions on open connections. A first small run, then the plan's own load:
#   loadline run ./scenario.yml --plan plan.yml --url ${url} --connections 10 --connect-rate 10 --steady 10 --message-rate 10
#   loadline run ./scenario.yml --plan plan.yml --url ${url}
# {{ name }} is a number of the plan, or of an option such as --connections. docs/load-fields.md lists all fields.
config:
  target: ws://127.0.0.1:1 # replaced by --url
  engines:
    loadline: {}
  phases:
    - duration: 1
      arrivalCount: 1
scenarios:
  - name: own stack
    engine: loadline
    flow:
      - fleet:
          fleets: "{{ fleets }}"
          connections: "{{ connections }}"
          tabsPerUser: "{{ tabsPerUser }}"
          connectRatePerSecond: "{{ connectRatePerSecond }}"
          steadySeconds: "{{ steadySeconds }}"
          messageRatePerSecond: "{{ messageRatePerSecond }}"
          arrivals: poisson
          drainSeconds: "{{ drainSeconds }}"
          timeoutSeconds: "{{ timeoutSeconds }}"
          seed: "{{ seed }}"
          # What a client sends. \${id} is another one in each message, \${user} and \${sequence} are filled in as well.
          message: ${quoted(message)}
          # How its answer is recognised: next (the next text that comes), { jsonPath: $.id } (where the id is), or { regexp: 'id=(\\w+)' }.
          answer: ${answerYaml(answer)}
          # Headers of the handshake. The value comes from the environment, so it is in no file.
          # headers:
          #   authorization: "Bearer {{ $env.MY_TOKEN }}"
          # subprotocols: [v1]
`;
}

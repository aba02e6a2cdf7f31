/** The scenario that `loadline init` writes: messages in both directions, and webhooks if there are any, on open connections. Pure. */

export const scenarioText =
  (): string => `# Your own scenario: an Artillery script for the loadline engine. loadline.yml names it, and says what clients send.
# {{ name }} is a number of plan.yml, or of an option such as --connections. docs/reference/load-fields.md lists all fields.
config:
  target: ws://127.0.0.1:1 # replaced by that of loadline.yml
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
          # Random gaps, as people have them; even: a fixed interval.
          arrivals: poisson
          webhookRatePerSecond: "{{ webhookRatePerSecond }}"
          webhookBytes: "{{ webhookBytes }}"
          webhookUrl: "{{ webhookUrl }}"
          drainSeconds: "{{ drainSeconds }}"
          timeoutSeconds: "{{ timeoutSeconds }}"
          seed: "{{ seed }}"
          # Clients that come back when their connection is lost:
          # reconnectAttempts: 10
          # reconnectJitter: full
`;

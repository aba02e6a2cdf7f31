// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of the engine, not of JavaScript
import { describe, expect, test } from 'vitest';
import { parseFleetStep, type StepSurroundings } from './fleet-step.ts';
import { quietLoad } from './quiet-load.fixture.ts';

const target = 'ws://127.0.0.1:3001/prod';
const files: Record<string, string> = {
  'users.csv': 'name,tenant\nada,7\ngrace,8\n',
  'lines.csv': 'name,note\nada,fine\ngrace,"two\r\nlines"\n',
};
const around = (url: string | undefined = target): StepSurroundings => ({
  target: url,
  machine: { cores: 2, maxDescriptors: 65_536 },
  worker: null,
  readFile: (path) => {
    const text = files[path];
    if (text === undefined) throw new Error('no such file');
    return text;
  },
});
const least = { connections: 10, steadySeconds: 5, tokenSecret: 's' };
const problemOf = (input: unknown, url?: string) => {
  const parsed = parseFleetStep(input, around(url));
  return parsed.kind === 'invalid' ? parsed.problem : 'ok';
};

test('numbers may come as text, as templates leave them; the rest has defaults', () => {
  expect(parseFleetStep({ ...least, connections: '10' }, around())).toEqual({
    kind: 'ok',
    step: {
      isMember: false,
      plan: { fleets: 1, isolation: 'threads', localAddresses: [] },
      webSocketUrl: target,
      webhookUrl: null,
      tokenSecret: 's',
      webhookSecret: '',
      headers: {},
      subprotocols: [],
      protocol: null,
      hooksModule: null,
      ...{ webhook: null, push: null, token: null, feed: [] },
      load: {
        ...quietLoad,
        connections: 10,
        steadySeconds: 5,
        tabsPerUser: 1,
        connectRatePerSecond: 100,
        drainSeconds: 15,
        messageRatePerSecond: 0,
        messageBytes: 128,
        webhookRatePerSecond: 0,
        webhookBytes: 2_048,
        ...{ burstStartSeconds: 0, burstSeconds: 0, burstRatePerSecond: 0 },
        replayShare: 0,
        offlineShare: 0,
        timeoutSeconds: 10,
        seed: 1,
      },
    },
  });
});

test('the burst uses the names of its options', () => {
  const webhooks = { webhookUrl: 'http://127.0.0.1:1/', webhookSecret: 'w' };
  const parsed = parseFleetStep(
    { ...least, ...webhooks, burstStartSeconds: 1, burstSeconds: 2, burstRatePerSecond: 3 },
    around(),
  );
  expect(parsed).toMatchObject({
    step: { load: { burstStartSeconds: 1, burstSeconds: 2, burstRatePerSecond: 3 } },
  });
});

describe('a bad step is one sentence that names the key', () => {
  test.each([
    [{ ...least, conections: 1 }, /^fleet\.conections: unknown key\. Known keys: connections, /],
    [{ ...least, offlineOwnerShare: 0.1 }, /^fleet\.offlineOwnerShare: unknown key\. It is now offlineShare\.$/],
    [{ ...least, steadySeconds: undefined }, /^fleet\.steadySeconds: missing\.$/],
    [{ ...least, connections: 1.5 }, /^fleet\.connections: expected a whole number of at least 0, found 1\.5\.$/],
    [{ ...least, connections: 'many' }, /found "many"\.$/],
    [{ ...least, steadySeconds: 0 }, /^fleet\.steadySeconds: expected a number above 0 and at most 604800, found 0\.$/],
    [{ ...least, replayShare: 2 }, /^fleet\.replayShare: expected a number from 0 to 1, found 2\.$/],
    [{ ...least, tokenSecret: '' }, /^fleet\.tokenSecret: missing\./],
    [
      { ...least, webSocketUrl: 'http://x/' },
      /^fleet\.webSocketUrl: expected a URL that starts with ws:\/\/ or wss:\/\/, found/,
    ],
    [{ ...least, webhookRatePerSecond: 1 }, /^fleet\.webhookUrl: missing; expected a URL/],
    [{ ...least, webhookRatePerSecond: 1, webhookUrl: 'http://x/' }, /^fleet\.webhookSecret: missing\./],
    [{ ...least, fleets: 11 }, /^fleet\.fleets: 11 fleets are more than the 10 connections/],
    [{ ...least, localAddresses: [1] }, /^fleet\.localAddresses: expected a list/],
    [null, /^fleet: expected keys/],
    [{ ...least, messagePhases: [] }, /^fleet\.messagePhases: /],
    [{ ...least, messagePhases: [{ kind: 'wave' }] }, /^fleet\.messagePhases\.0\.kind: /],
    [
      { ...least, messagePhases: [{ kind: 'constant', ratePerSecond: 'x', lastsSeconds: 1 }] },
      /^fleet\.messagePhases\.0\.ratePerSecond: expected number/,
    ],
    [
      { ...least, connectPhases: [{ kind: 'burst', arrivals: 9, lastsSeconds: 1 }] },
      /^fleet\.connectPhases: these open 9 of 10 connections and end at a rate of 0\./,
    ],
    [{ ...least, publishRatePerSecond: 1 }, /^fleet\.channels: missing;/],
    [{ ...least, channels: [{ count: 1, subscribers: 11 }] }, /a channel of 11 subscribers needs as many/],
    [{ ...least, fleets: 3, channels: [{ count: 3, subscribers: 4 }] }, /each of the 3 fleets has 3 connections/],
    [{ ...least, headers: { 'bad name': 'x' } }, /^fleet\.headers/],
    [{ ...least, headers: { a: 'x\r\ny: z' } }, /^fleet\.headers\.a/],
    [{ ...least, message: '${unknown}' }, /^fleet\.message: \$\{unknown\} is unknown\./],
    [{ ...least, message: '${id}', answer: { jsonPath: 'id' } }, /^fleet\.answer/],
    [{ ...least, message: '${id}', feed: 'none.csv' }, /^fleet\.feed: none\.csv could not be read: no such file\.$/],
  ])('%j', (input, problem) => {
    expect(problemOf(input)).toMatch(problem);
  });
});

describe('a target other than the reference stack', () => {
  test('needs no token, has headers and subprotocols, and a message with columns of a feed', () => {
    const parsed = parseFleetStep(
      {
        connections: 2,
        steadySeconds: 1,
        headers: { 'x-tenant': '7' },
        subprotocols: ['graphql-ws'],
        message: '{"id":"${id}","name":"${feed.name}"}',
        answer: { jsonPath: '$.id' },
        feed: 'users.csv',
      },
      around(),
    );
    expect(parsed).toMatchObject({
      step: {
        tokenSecret: null,
        headers: { 'x-tenant': '7' },
        subprotocols: ['graphql-ws'],
        protocol: {
          answer: { kind: 'jsonPath', path: '$.id' },
          feed: [
            { name: 'ada', tenant: '7' },
            { name: 'grace', tenant: '8' },
          ],
        },
      },
    });
  });
});

test('without a number of connections it is a single one, of the virtual user', () => {
  expect(parseFleetStep({ steadySeconds: 1, tokenSecret: 's' }, around())).toMatchObject({
    step: { isMember: true, load: { connections: 1 } },
  });
});

describe('a cell with a line break', () => {
  const own = { connections: 2, steadySeconds: 1, tokenSecret: 's', webhookSecret: 's', feed: 'lines.csv' };
  const webhook = {
    ...{ webhookRatePerSecond: 1, webhookUrl: 'http://x/${feed.note}' },
    webhook: { body: '{"id":"${id}","note":"${feed.note}"}' },
  };
  test.each([
    ['headers', { headers: { 'X-Note': '${feed.note}' } }],
    ['subprotocols', { subprotocols: ['v1.${feed.note}'] }],
    ['webhook.headers', { ...webhook, webhook: { ...webhook.webhook, headers: { 'X-Note': '${feed.note}' } } }],
  ])('is refused in %s', (where, fields) => {
    expect(problemOf({ ...own, ...fields })).toBe(
      `fleet.${where}: the feed has a line break in row 2, in a column that is filled in there, and a header cannot have one: take it out of the feed.`,
    );
  });
  test('is taken in URLs and bodies, and where no header names its column', () => {
    expect(problemOf({ ...own, ...webhook, headers: { 'X-Name': '${feed.name}' } }, `${target}?n=\${feed.note}`)).toBe(
      'ok',
    );
  });
});

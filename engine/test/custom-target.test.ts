// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of the engine, not of JavaScript
/** Targets that do not speak the reference stack's protocol: templates, matchers and hooks, on virtual time. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import type { FleetSpec } from '../src/core/fleet/fleet-spec.ts';
import { balance, balanced } from './totals.ts';
import { runVirtually } from './virtual-run.ts';

const load = { messageRatePerSecond: 50 };
const run = (answers: (text: string) => string[], spec: Partial<FleetSpec>) =>
  runVirtually(load, { faults: { answers }, spec: { webhookUrl: null, tokenSecret: null, ...spec } });

test('a template is filled in, and its answers are matched by a path among other messages', async () => {
  const seen = new Set<string>();
  const answers = (text: string) => {
    const { ref, by } = JSON.parse(text) as { ref: string; by: string };
    seen.add(by);
    return ['{"news":1}', JSON.stringify({ reply: { ref } })];
  };
  const { totals } = await run(answers, {
    protocol: {
      message: '{"ref":"${id}","by":"${feed.name}"}',
      answer: { kind: 'jsonPath', path: '$.reply.ref' },
      feed: [{ name: 'ada' }, { name: 'grace' }],
    },
  });
  expect(totals.counters).toMatchObject({ messagesAnswered: 50, messagesTimedOut: 0 });
  expect(totals.failures).toEqual({ 'frame: unmatched': 50 });
  expect([...seen].toSorted()).toEqual(['ada', 'grace']);
});

test('several messages are sent by their weights, each with an id of its own, and over every connection', async () => {
  const byUser = new Map<string, Set<string>>();
  let says = 0;
  const { totals } = await runVirtually(
    { messageRatePerSecond: 400, connections: 10 },
    {
      faults: {
        answers(text) {
          const { do: what, id, by } = JSON.parse(text) as { do: string; id: string; by: string };
          byUser.set(by, (byUser.get(by) ?? new Set()).add(what));
          if (what === 'say') says += 1;
          return [JSON.stringify({ re: id })];
        },
      },
      spec: {
        ...{ webhookUrl: null, tokenSecret: null },
        protocol: {
          message: '{"do":"say","id":"${id}","by":"${user}"}',
          mix: { also: ['{"do":"go","id":"${id}","by":"${user}"}'], weights: [3, 1] },
          ...{ answer: { kind: 'jsonPath', path: '$.re' }, feed: [] },
        },
      },
    },
  );
  expect(totals.counters).toMatchObject({ messagesAnswered: 400, messagesTimedOut: 0 });
  // Three standard errors of a share of 3/4: 3 √(400 · 3/16) = 26.
  expect(Math.abs(says - 300)).toBeLessThan(26);
  // Round-robin over ten connections: were messages in turn, each would send one kind only.
  expect([...byUser.values()].every(({ size }) => size === 2)).toBe(true);
});

test('without correlation ids the next message is the answer', async () => {
  const { totals } = await run((text) => [text.toUpperCase()], {
    protocol: { message: 'hello ${sequence}', answer: { kind: 'next' }, feed: [] },
  });
  expect(totals.counters).toMatchObject({ messagesAnswered: 50 });
  expect(balance(totals)).toEqual(balanced);
});

test.each([1, 3])(
  'a drain as long as the timeout, %d s, gives every message an outcome, also those of the last moment',
  async (seconds) => {
    const { totals } = await runVirtually(
      { messageRatePerSecond: 50, timeoutSeconds: seconds, drainSeconds: seconds },
      {
        faults: { answers: () => [] },
        spec: {
          webhookUrl: null,
          tokenSecret: null,
          protocol: { message: 'hello', answer: { kind: 'next' }, feed: [] },
        },
      },
    );
    expect(totals.counters).toMatchObject({ messagesIntended: 50, messagesTimedOut: 50 });
    expect(balance(totals)).toEqual(balanced);
  },
);

test('hooks in TypeScript build messages and read answers', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'loadline-hooks-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'hooks.ts');
  writeFileSync(
    file,
    `export const buildMessage = ({ id }: { id: string }): string => 'ask ' + id;
     export function readFrame(text: string) {
       const [word, id = null] = text.split(' ');
       return word === 'say' ? { kind: 'answer', id } : { kind: 'error', id, code: String(word) };
     }`,
  );
  const { totals } = await run((text) => [text.replace('ask', text.endsWith('7') ? 'no' : 'say')], {
    protocol: { message: '', answer: { kind: 'next' }, feed: [] },
    hooksModule: pathToFileURL(file).href,
  });
  // 0 to 49 in base 36: 7 and 17 end with a 7.
  expect(totals.counters).toMatchObject({ messagesAnswered: 48, messagesErrorFrame: 2 });
  expect(totals.failures).toEqual({ 'message no': 2 });
});

test('a hooks module that does not exist ends with one sentence', async () => {
  await expect(
    run(() => [], {
      protocol: { message: '', answer: { kind: 'next' }, feed: [] },
      hooksModule: 'file:///none.ts',
    }),
  ).rejects.toThrow(/^hooks: file:\/\/\/none\.ts could not/);
});

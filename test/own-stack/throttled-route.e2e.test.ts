// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of the engine, not of JavaScript
/** A one-way route whose function is throttled, with an error frame and without any, as both have been observed on AWS: the ledger of messages is whole either way. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { serveStack } from '../../local/start.ts';
import { writeSmallStack } from '../../local/testing/small-stack.ts';
import { workloadSchema } from '../../record/workload.ts';
import { runBenchmark } from '../../run/benchmark.ts';
import { newRunRecord } from '../../run/request/run-record.ts';
import { endpointFrom } from '../../run/target/endpoint.ts';
import { addressesOf, servedInside } from '../../run/target/own-stack.ts';
import { parseSettings } from '../../stack/settings/settings.ts';
import { applyDirectly, directScenario } from '../attribution/direct-load.ts';
import { planOf } from '../attribution/plan.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loadline-throttled-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const small = {
  ...{ connections: 4, connectRatePerSecond: 20, steadySeconds: 3, drainSeconds: 5, timeoutSeconds: 2 },
  ...{ messageRatePerSecond: 5, webhookRatePerSecond: 0, tabsPerUser: 1 },
};

async function runWith(throttledFunctionFrame: string | null) {
  const { choice, remove } = writeSmallStack({
    functions: { Say: 'export const handler = async () => ({ statusCode: 200 });' },
    functionProperties: { Say: { ReservedConcurrentExecutions: 0 } },
    webSocketRoutes: { say: 'Say' },
  });
  const stack = await serveStack({ choice, region: 'us-east-1', limits: { assumptions: { throttledFunctionFrame } } });
  try {
    const options = { message: '{"action":"say","id":"${id}"}', answer: '$.id' };
    const description = { ...endpointFrom(options, {}, addressesOf(stack)), inside: servedInside(stack) };
    const request = {
      ...{ scenarioFile: directScenario, plan: planOf({}), settings: parseSettings() },
      ...{ workload: workloadSchema.parse(small), target: { kind: 'endpoint' as const, description } },
    };
    const { report } = await runBenchmark({
      ...{ folder: await mkdtemp(join(folder, 'run-')), fleets: 1, signal: new AbortController().signal },
      run: newRunRecord(request, { runId: '20261121T000000Z-0000', planFile: 'none' }),
      ...{ scenarioFile: directScenario, target: request.target, say: () => {}, applyLoad: applyDirectly },
    });
    return report;
  } finally {
    await stack.stop();
    remove();
  }
}

describe.concurrent('messages to a function that may not run', () => {
  test.each([
    ['the frame Internal server error', 'Internal server error', 15],
    ['no frame', null, 0],
  ])('with %s: none is answered, each has its end, and the cause is named', async (_name, frame, frames) => {
    const { verdict, ledger, conduct } = await runWith(frame);
    expect(ledger?.messages).toEqual({
      ...{ intended: 15, dropped: 0, started: 15, outstanding: 0 },
      outcomes: { answered: 0, 'timed out': 15, 'error frame': 0, 'connection closed': 0 },
    });
    expect(conduct?.framesUnexpected).toBe(frames);
    expect([verdict.status, verdict.reasons[0]?.sentence]).toEqual([
      'sloBroken',
      '15 of 15 messages were refused by Lambda reserved concurrency (Say).',
    ]);
  });
});

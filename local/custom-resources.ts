/**
 * Custom resources whose function is the stack's: invoked once, as CloudFormation does when it creates the stack, before anything relies on what they do.
 * Source: CloudFormation user guide, "Custom resources", read November 2026.
 */
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import type { LambdaService } from './lambda/lambda-service.ts';
import { listen, localHost } from './process/listen.ts';
import type { CustomResourceModel } from './template/model.ts';

interface Options {
  lambda: Pick<LambdaService, 'invoke'>;
  stackId: string;
}

/** CloudFormation waits an hour. Nobody waits that long for a local target. */
const answerLimitMs = 120_000;

/** @throws one sentence for one that fails, or does not answer. */
export async function createCustomResources(
  resources: readonly CustomResourceModel[],
  { lambda, stackId }: Options,
): Promise<void> {
  if (resources.length === 0) return;
  const answers = new Map<string, (answer: unknown) => void>();
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      answers.get(request.url?.slice(1) ?? '')?.(parsed(body));
      response.end();
    });
  });
  const port = await listen(server, 0, 'aws');
  try {
    for (const { logicalId, type, functionName, properties } of resources) {
      const requestId = randomUUID();
      const answered = new Promise<unknown>((resolve) => answers.set(requestId, resolve));
      const event = {
        ...{ RequestType: 'Create', RequestId: requestId, StackId: stackId },
        ResponseURL: `http://${localHost}:${port}/${requestId}`,
        ...{ LogicalResourceId: logicalId, ResourceType: type, ResourceProperties: properties },
      };
      const outcome = await lambda.invoke(functionName, JSON.stringify(event), { synchronous: false });
      if (outcome.kind === 'functionError') throw new Error(failure(logicalId, outcome.error.errorMessage));
      const answer = outcome.kind === 'ok' ? await within(answered) : null;
      if (answer === null) throw new Error(failure(logicalId, 'its function did not answer'));
      const { Status, Reason } = fieldsOf(answer);
      if (Status !== 'SUCCESS') throw new Error(failure(logicalId, String(Reason ?? 'it gave no reason')));
    }
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const failure = (logicalId: string, reason: string): string => `The custom resource ${logicalId} failed: ${reason}`;

async function within(answered: Promise<unknown>): Promise<unknown> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), answerLimitMs);
  });
  try {
    return await Promise.race([answered, late]);
  } finally {
    clearTimeout(timer);
  }
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return { Status: 'FAILED', Reason: 'its answer is not JSON' };
  }
}

const fieldsOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? { ...value } : {};

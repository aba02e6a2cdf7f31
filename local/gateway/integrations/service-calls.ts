/** Calls of AWS services by integrations: the body that the template made, in the protocol that API Gateway speaks with the service. */

import { answerEvents, type EventsPlace } from '../../events/events-api.ts';
import { AwsJsonError, platformHeaders } from '../../process/aws-json-client.ts';
import { answerSns } from '../../sns/sns-api.ts';
import type { TopicService } from '../../sns/topic-service.ts';
import { queryInput } from '../../sqs/query-form.ts';
import type { SqsAction, SqsClient } from '../../sqs/sqs-client.ts';
import type { IntegratedService } from '../../template/integration-model.ts';
import type { Forwarder } from './forward.ts';

export interface ServiceCall {
  service: IntegratedService;
  action: string | null;
  /** Of the queue, or empty. */
  path: string;
  body: string;
  headers: Readonly<Record<string, string>>;
  query: Readonly<Record<string, string>>;
}

interface ServiceAnswer {
  status: number;
  body: string;
}

/** Longer than any integration may take: its own timeout comes first. */
const longestMs = 60_000;

export class ServiceCalls {
  #sqs: SqsClient;
  #topics: TopicService;
  #events: EventsPlace;
  #forwarder: Forwarder;
  #dynamodbUrl: string;
  #region: string;

  constructor(settings: {
    sqs: SqsClient;
    topics: TopicService;
    events: EventsPlace;
    forwarder: Forwarder;
    dynamodbUrl: string;
    region: string;
  }) {
    this.#sqs = settings.sqs;
    this.#topics = settings.topics;
    this.#events = settings.events;
    this.#forwarder = settings.forwarder;
    this.#dynamodbUrl = settings.dynamodbUrl;
    this.#region = settings.region;
  }

  /** @throws {AwsJsonError} an error of SQS; another error if the service cannot be reached, or does not know the action. */
  async call(call: ServiceCall): Promise<ServiceAnswer> {
    switch (call.service) {
      case 'sqs':
        return await this.#callSqs(call);
      case 'sns':
        return this.#callSns(call);
      case 'events':
        return this.#callEvents(call);
      case 'dynamodb':
        return await this.#callDynamodb(call);
    }
  }

  /** EventBridge takes the action from the header, where the URI does not name it. */
  #callEvents({ action: given, body, headers }: ServiceCall): ServiceAnswer {
    const target = Object.entries(headers).find(([name]) => name.toLowerCase() === 'x-amz-target')?.[1] ?? '';
    const action = given ?? target.slice(target.lastIndexOf('.') + 1);
    const { status, body: result, error } = answerEvents(action, objectOf(body), this.#events);
    if (error !== undefined)
      throw new AwsJsonError(status, error, 'message' in result ? String(result.message) : error);
    return { status, body: JSON.stringify(result) };
  }

  /** In the Query protocol as well: `PublishResponse.PublishResult`. */
  #callSns({ action: given, body, query }: ServiceCall): ServiceAnswer {
    const form = new URLSearchParams(body.trim());
    for (const [name, value] of Object.entries(query)) form.set(name, value);
    const action = given ?? form.get('Action') ?? '';
    const { status, body: result, error } = answerSns(action, form, this.#topics);
    if (error !== undefined)
      throw new AwsJsonError(status, error, 'message' in result ? String(result.message) : error);
    const answer = {
      [`${action}Response`]: { [`${action}Result`]: result, ResponseMetadata: { RequestId: crypto.randomUUID() } },
    };
    return { status, body: JSON.stringify(answer) };
  }

  /** In the Query protocol, whose answer API Gateway asks for as JSON: `SendMessageResponse.SendMessageResult`. */
  async #callSqs({ action: given, path, body, query }: ServiceCall): Promise<ServiceAnswer> {
    const form = new URLSearchParams(body.trim());
    for (const [name, value] of Object.entries(query)) form.set(name, value);
    if (given !== null) form.set('Action', given);
    const { action, input } = queryInput(form, path);
    if (!isServed(action)) throw new AwsJsonError(400, 'InvalidAction', `No SQS action ${action} for integrations.`);
    const result = await this.#sqs.call(action, input);
    const answer = {
      [`${action}Response`]: { [`${action}Result`]: result, ResponseMetadata: { RequestId: crypto.randomUUID() } },
    };
    return { status: 200, body: JSON.stringify(answer) };
  }

  async #callDynamodb({ action, body }: ServiceCall): Promise<ServiceAnswer> {
    const answer = await this.#forwarder.send({
      url: this.#dynamodbUrl,
      method: 'POST',
      headers: platformHeaders('dynamodb', String(action), this.#region),
      body,
      timeoutMs: longestMs,
    });
    if (answer === null) throw new Error('DynamoDB did not answer.');
    return { status: answer.status, body: answer.body.toString() };
  }
}

/** What is no JSON has no entries, which is what EventBridge then says. */
function objectOf(body: string): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(body);
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : {};
  } catch {
    return {};
  }
}

const served: readonly string[] = ['SendMessage', 'ReceiveMessage', 'DeleteMessageBatch', 'GetQueueAttributes'];
const isServed = (action: string): action is SqsAction => served.includes(action);

/** How the settings of the queue and its event source were calculated. */
import type {
  BatchSizeFacts,
  DirectWebhooksFacts,
  FifoThroughputFacts,
  MaxReceivesFacts,
  PollersFacts,
  ProvisionedPollersFacts,
  RetentionFacts,
} from '../../../capacity/recommendations/facts.ts';
import { figure, whole } from './figures.ts';
import { littleOfBatches } from './function-calculations.ts';

export const directWebhooksCalculation = ({ functions, p99Seconds, timeoutSeconds }: DirectWebhooksFacts): string =>
  `p99 of ${functions.join(', ')} is ${figure(p99Seconds)} s, and the API gives up after ${figure(timeoutSeconds)} s. Without a function in between, its answer does not wait for one; signatures are then checked behind the queue.`;

export function batchSizeCalculation(facts: BatchSizeFacts): string {
  const { withoutWindow, payloadBytes, webhookBytes, byPayload, filled } = facts;
  const average = filled === null ? '' : ` Batches hold ${figure(filled.mean)} of ${filled.of} on average.`;
  return `The smaller of ${withoutWindow} (the maximum without a batch window, which would add a wait) and the payload of an invocation over the size of a webhook, ${figure(payloadBytes)} / ${whole(webhookBytes)} = ${whole(byPayload)}.${average}`;
}

export function pollersCalculation({
  function: emptiedBy,
  little,
  least,
  most,
  own,
  untilRaised,
}: PollersFacts): string {
  const unset = little.moment > most ? `; without one the pollers may use ${whole(own)} executions` : '';
  const beside =
    untilRaised === null
      ? ''
      : ` The other functions need ${whole(untilRaised.others)} of the account’s ${whole(untilRaised.account)}: until its concurrency is raised, set ${whole(untilRaised.value)}, so that part of the burst waits in the queue.`;
  return `${littleOfBatches(little, emptiedBy)}, within AWS’s ${least} to ${whole(most)}${unset}.${beside} Without it the pollers may use ${whole(own)} executions, up to all that the account has.`;
}

export function provisionedPollersCalculation(facts: ProvisionedPollersFacts): string {
  const { function: emptiedBy, little, minimum, ordinary, provisioned, usdPerMonth, usdPerHour } = facts;
  return `${littleOfBatches(little, emptiedBy)}. Ordinary pollers come up by ${whole(ordinary.perMinute)} executions a minute and end at ${whole(ordinary.most)}; provisioned ones have ${provisioned.each} each, come up by ${whole(provisioned.perMinute)} a minute and end at ${whole(provisioned.most)}. ${whole(minimum)} that are always there cost $${whole(usdPerMonth)} a month ($${usdPerHour} an hour each, two secondary sources). Without them messages wait in the queue.`;
}

export const retentionCalculation = ({ longestWaitSeconds, mostSeconds, utilisation }: RetentionFacts): string =>
  `The longest wait is ${whole(longestWaitSeconds)} s, / ${utilisation} to leave room, in whole hours; SQS keeps a message for at most ${whole(mostSeconds)} s.`;

export const fifoThroughputCalculation = (facts: FifoThroughputFacts): string =>
  `${figure(facts.messagesPerSecond)} messages/s on ${facts.date}, one SendMessage each; an ordinary FIFO queue takes ${whole(facts.ordinary)} requests/s of each API action, one with high throughput ${whole(facts.highest)} in ${facts.region} over all of its message groups (one secondary source), at no charge. Duplicates are then found within a message group only. Sent in batches of ten, ten times as many messages fit into either.`;

export const maxReceivesCalculation = ({ receives, utilisation, demandSentence }: MaxReceivesFacts): string =>
  `${figure(receives)} receives until 999 of 1,000 messages meet an execution, / ${utilisation} to leave room. ${demandSentence}`;

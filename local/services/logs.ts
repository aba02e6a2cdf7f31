/** CloudWatch Logs over AWS JSON 1.1: groups, streams, events, as `aws logs tail` reads them. Source: API reference, read November 2026. */
import { failure, type ServiceAnswer, success, unknownAction } from './answers.ts';
import { parseFilterPattern } from './filter-pattern.ts';
import type { LogEvent, LogStore } from './log-store.ts';

type Input = Readonly<Record<string, unknown>>;
type Action = (store: LogStore, input: Input, context: LogsContext) => ServiceAnswer;

export interface LogsContext {
  region: string;
  accountId: string;
  startedAtMs: number;
}

/** Both are at most 10,000 events (API reference). */
const defaultLimit = 10_000;

const actions: Readonly<Record<string, Action>> = {
  DescribeLogGroups: (store, input, context) => {
    const prefix = textOf(input.logGroupNamePrefix) ?? '';
    const part = textOf(input.logGroupNamePattern) ?? '';
    const logGroups = store.groups
      .filter((name) => name.startsWith(prefix) && name.includes(part))
      .map((logGroupName) => ({
        logGroupName,
        creationTime: context.startedAtMs,
        metricFilterCount: 0,
        arn: `${arnOf(logGroupName, context)}:*`,
        logGroupArn: arnOf(logGroupName, context),
        storedBytes: 0,
      }));
    return success({ logGroups });
  },
  DescribeLogStreams: (store, input, context) =>
    withEvents(store, input, (events, group) => {
      const streams = Map.groupBy(events, ({ streamName }) => streamName);
      const logStreams = [...streams].map(([logStreamName, written]) => ({
        logStreamName,
        creationTime: written[0]?.timestampMs ?? context.startedAtMs,
        firstEventTimestamp: written[0]?.timestampMs,
        lastEventTimestamp: written.at(-1)?.timestampMs,
        lastIngestionTime: written.at(-1)?.timestampMs,
        arn: `${arnOf(group, context)}:log-stream:${logStreamName}`,
        storedBytes: 0,
      }));
      return success({ logStreams });
    }),
  FilterLogEvents: (store, input) =>
    withEvents(store, input, (events) => {
      const matches = parseFilterPattern(textOf(input.filterPattern) ?? '');
      if (matches === null)
        return failure(
          400,
          'InvalidParameterException',
          'The local CloudWatch Logs filters by terms only, not by fields of JSON.',
        );
      const chosen = inRange(events, input).filter(({ message }) => matches(message));
      const { page, nextToken } = pageOf(chosen, input);
      return success({
        events: page.map((event) => ({ ...shown(event), logStreamName: event.streamName, eventId: String(event.id) })),
        searchedLogStreams: [],
        ...(nextToken !== undefined && { nextToken }),
      });
    }),
  GetLogEvents: (store, input) =>
    withEvents(store, input, (events) => {
      const { page } = pageOf(inRange(events, { ...input, logStreamNames: [input.logStreamName] }), input);
      const last = page.at(-1)?.id ?? idIn(input.nextToken);
      return success({
        events: page.map(shown),
        nextForwardToken: `f/${last}`,
        nextBackwardToken: `b/${page[0]?.id ?? last}`,
      });
    }),
};

export function answerLogs(
  action: string,
  input: Input,
  { store, ...context }: LogsContext & { store: LogStore },
): ServiceAnswer {
  const act = Object.hasOwn(actions, action) ? actions[action] : undefined;
  return act ? act(store, input, context) : unknownAction('Logs', action, Object.keys(actions));
}

function withEvents(
  store: LogStore,
  input: Input,
  answer: (events: readonly LogEvent[], group: string) => ServiceAnswer,
): ServiceAnswer {
  const identifier = textOf(input.logGroupName) ?? textOf(input.logGroupIdentifier) ?? '';
  const group = /:log-group:([^:]+)/.exec(identifier)?.[1] ?? identifier;
  const events = store.events(group);
  return events === undefined
    ? failure(400, 'ResourceNotFoundException', 'The specified log group does not exist.')
    : answer(events, group);
}

function inRange(events: readonly LogEvent[], input: Input): readonly LogEvent[] {
  const from = Number(input.startTime ?? 0);
  const to = Number(input.endTime ?? Number.POSITIVE_INFINITY);
  const streams = Array.isArray(input.logStreamNames) ? input.logStreamNames.map(String) : null;
  return events.filter(
    ({ timestampMs, streamName }) =>
      timestampMs >= from && timestampMs <= to && (streams === null || streams.includes(streamName)),
  );
}

/** A token holds the id of the last event that was given: whatever is written meanwhile comes after it. */
function pageOf(events: readonly LogEvent[], input: Input): { page: readonly LogEvent[]; nextToken?: string } {
  const after = events.filter(({ id }) => id > idIn(input.nextToken));
  const limit = Math.min(Number(input.limit ?? defaultLimit), defaultLimit);
  const page = after.slice(0, limit);
  const last = page.at(-1);
  return after.length > page.length && last ? { page, nextToken: `f/${last.id}` } : { page };
}

const idIn = (token: unknown): number => Number(/^f\/(\d+)$/.exec(String(token))?.[1] ?? 0);

const shown = ({ timestampMs, message }: LogEvent) => ({ timestamp: timestampMs, ingestionTime: timestampMs, message });

const arnOf = (group: string, { region, accountId }: LogsContext): string =>
  `arn:aws:logs:${region}:${accountId}:log-group:${group}`;

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

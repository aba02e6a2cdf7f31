/**
 * PutEvents: each entry is accepted or refused by itself. Sources: EventBridge API reference, PutEvents, PutEventsRequestEntry and PutEventsResultEntry; user
 * guide, "Calculating event entry size"; messages as AWS answers them, from issues of other implementations, read November 2026.
 */

import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { busNameOf, defaultBus } from '../../graph/event-buses.ts';
import { failure, type ServiceAnswer, success } from '../services/answers.ts';
import { eventTime } from './event.ts';
import type { EventService } from './event-service.ts';

/** Of a request. */
const mostEntries = 10;
/** Of all entries of a request together: 1 MB since January 2026 (AWS Compute Blog). */
const mostBytes = 1_048_576;
/** What `Time` counts for. */
const timeBytes = 14;

const entrySchema = z.object({
  Source: z.string().default(''),
  DetailType: z.string().default(''),
  Detail: z.string().default(''),
  EventBusName: z.string().default(defaultBus),
  Resources: z.array(z.string()).default([]),
  /** Seconds since the epoch, or a text. */
  Time: z.union([z.number(), z.string()]).optional(),
});
type Entry = z.infer<typeof entrySchema>;

const inputSchema = z.object({ Entries: z.array(entrySchema) });

type EntryError = { ErrorCode: string; ErrorMessage: string };

interface PutEventsOptions {
  service: EventService;
  region: string;
  accountId: string;
  nowMs: number;
}

export function putEvents(input: unknown, { service, region, accountId, nowMs }: PutEventsOptions): ServiceAnswer {
  if (!service.admits()) return failure(400, 'ThrottlingException', 'Rate exceeded');
  const parsed = inputSchema.safeParse(input);
  if (!parsed.success)
    return failure(
      400,
      'SerializationException',
      `${parsed.error.issues[0]?.path.join('.')}: ${parsed.error.issues[0]?.message}`,
    );
  const { Entries: entries } = parsed.data;
  const count = entries.length === 0 ? 'greater than or equal to 1' : `less than or equal to ${mostEntries}`;
  if (entries.length === 0 || entries.length > mostEntries)
    return refused(`Value at 'entries' failed to satisfy constraint: Member must have length ${count}`);
  if (entries.reduce((sum, entry) => sum + sizeOf(entry), 0) >= mostBytes)
    return refused(`Total size of the entries in the request is over the limit.`);
  service.count('PutEventsApproximateSuccessCount', 1);
  service.count('PutEventsEntriesCount', entries.length);
  const results = entries.map((entry) => {
    const error = errorOf(entry);
    if (error !== null) return error;
    const id = randomUUID();
    service.put(busNameOf(entry.EventBusName), {
      ...{ version: '0', id, 'detail-type': entry.DetailType, source: entry.Source, account: accountId },
      ...{
        time: eventTime(momentOf(entry) ?? nowMs),
        region,
        resources: entry.Resources,
        detail: JSON.parse(entry.Detail),
      },
    });
    return { EventId: id };
  });
  const failed = results.filter((result) => 'ErrorCode' in result).length;
  service.count('PutEventsFailedEntriesCount', failed);
  return success({ FailedEntryCount: failed, Entries: results });
}

const refused = (message: string): ServiceAnswer =>
  failure(400, 'ValidationException', `1 validation error detected: ${message}`);

function sizeOf({ Source, DetailType, Detail, Resources, Time }: Entry): number {
  const texts = [Source, DetailType, Detail, ...Resources];
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text), Time === undefined ? 0 : timeBytes);
}

function errorOf(entry: Entry): EntryError | null {
  for (const name of ['Source', 'DetailType', 'Detail'] as const)
    if (entry[name] === '') return invalid(name, `${name} is a required argument.`);
  if (entry.DetailType.length > 128) return invalid('DetailType', 'DetailType is longer than 128 characters.');
  if (entry.Source.startsWith('aws.'))
    return { ErrorCode: 'NotAuthorizedForSourceException', ErrorMessage: 'Not authorized for the source.' };
  return isJsonObject(entry.Detail) ? null : { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
}

const invalid = (name: string, reason: string): EntryError => ({
  ErrorCode: 'InvalidArgument',
  ErrorMessage: `Parameter ${name} is not valid. Reason: ${reason}`,
});

function isJsonObject(text: string): boolean {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed);
  } catch {
    return false;
  }
}

function momentOf({ Time: time }: Entry): number | null {
  if (time === undefined) return null;
  const moment = typeof time === 'number' ? time * 1_000 : Date.parse(time);
  return Number.isFinite(moment) ? moment : null;
}

/** What a fleet counts. work-units.ts states how the outcomes of a unit of work add up. */

/** Counted of each message text of a step with several as well. */
export const messageCounters = [
  'messagesIntended',
  'messagesSent',
  'messagesDropped',
  /** Parts of messagesDropped that are not the generator's: no connection was open; the target had stopped reading. */
  'messagesDroppedNoConnection',
  'messagesDroppedNotRead',
  'messagesAnswered',
  'messagesTimedOut',
  'messagesErrorFrame',
  'messagesConnectionClosed',
] as const;

/** Counted of each URL of webhooks of a step with several as well. What is of no route (pushes of events that the run does not know) is counted in the whole alone. */
export const webhookCounters = [
  // Webhook posts
  'webhooksIntended',
  'webhooksPosted',
  'webhooksDropped',
  /** Part of webhooksDropped: as many posts as the generator makes at a time were waiting for the target's answer. */
  'webhooksDroppedUnanswered',
  'webhooksAccepted',
  'webhooksThrottled',
  'webhooksRejected',
  'webhooksTimedOut',
  'webhooksFailed',
  /** Posts that were replays of an event already posted (a part of webhooksPosted / webhooksAccepted). */
  'replaysPosted',
  'replaysAccepted',
  /** Posts (counted above as well) that were retries, and duplicates sent back to back. */
  'retriesPosted',
  'duplicatesPosted',
  /** Events none of whose posts was accepted. */
  'eventsUnaccepted',
  // Events: distinct ids of accepted webhooks. Each ends once:
  // accepted = delivered + ownerOffline + ownerChanged + unreached; delivered = deliveredToAll + deliveredToSome
  'eventsAccepted',
  /** At least one push arrived. */
  'eventsDelivered',
  /** It reached every connection that was open from before its post until the end of the drain. */
  'eventsDeliveredToAll',
  /** It did not reach one of those. */
  'eventsDeliveredToSome',
  /** No push arrived, and the owner held no connection from the post until the end of the drain. */
  'eventsOwnerOffline',
  /** No push arrived, and the owner's connections came or went meanwhile: whether one could have arrived is not known here. */
  'eventsOwnerChanged',
  /** No push arrived, although a connection of the owner was open from before the post until the end of the drain. */
  'eventsUnreached',
  // Pushes: what arrived on sockets
  // expected = delivered + late + missing
  'pushesExpected',
  'pushesDelivered',
  'pushesLate',
  'pushesDuplicate',
  /** Push for an event whose post was not accepted (timed out at the client, yet queued). */
  'pushesOfUnaccepted',
  /** Delivered or late, after a push of a later event to the same connection. */
  'pushesReordered',
  // Reads of events by tabs that polled when they were posted: expected = delivered + late + missing
  'polledExpected',
  'polledDelivered',
  'polledLate',
  /** Read again, since reads overlap, or read and pushed: the tab drops it. */
  'polledRepeated',
] as const;

export const counterNames = [
  // Connections
  'connectsIntended',
  'connectsAttempted',
  'connectsOpened',
  'connectsRefused',
  'connectsThrottled',
  'connectsTimedOut',
  'connectsFailed',
  'closesRequested',
  'closesUnexpected',
  /** Connections that were closed (a part of closesRequested) and reopened immediately. */
  'connectionsChurned',
  /** Connections that were closed (a part of closesRequested) because the stage was rolled back: their tabs poll. */
  'connectionsRolledBack',
  /** Open connections that the fleet dropped without a close frame, to see its devices reconnect. */
  'connectionsDropped',
  /** Connects (counted above as well) of devices that had failed to connect or had lost their connection. */
  'reconnectsAttempted',
  /** Lost connections that were opened again, and devices that gave up after their last attempt. */
  'connectionsRecovered',
  'connectionsAbandoned',
  /** Keep-alive pings: counted separately from messages. */
  'keepAlivesSent',
  'keepAlivesDropped',
  'keepAlivesAnswered',
  ...messageCounters,
  ...webhookCounters,
  /** Of events that this run does not know, or on another tab of the owner than the one they are for. */
  'pushesUnexpected',
  /** On a connection of another user than the owner (misdelivery.ts). */
  'pushesMisdelivered',
  // Requests of tabs over HTTP: reads of events, and of the stage
  'pollsSent',
  'pollsAnswered',
  'pollsThrottled',
  'pollsRejected',
  'pollsTimedOut',
  'pollsFailed',
  /** Under way when the load ended, or no longer needed: given up by the tab. */
  'pollsGivenUp',
  'stageReadsSent',
  'stageReadsAnswered',
  'stageReadsThrottled',
  'stageReadsRejected',
  'stageReadsTimedOut',
  'stageReadsFailed',
  'stageReadsGivenUp',
  /** Answers that say that events before the oldest that is kept may have been missed. */
  'pollsWithGap',
  /** Bytes of the answers' bodies. */
  'pollBytes',
  'stageReadBytes',
  // Subscriptions
  'subscribesSent',
  'subscribesAnswered',
  'subscribesTimedOut',
  'subscribesErrorFrame',
  'subscribesConnectionClosed',
  // Publishes
  'publishesIntended',
  'publishesSent',
  'publishesDropped',
  /** Parts of publishesDropped that are not the generator's: nobody was subscribed, or connected; the target had stopped reading. */
  'publishesDroppedNoConnection',
  'publishesDroppedNotRead',
  'publishesAnswered',
  'publishesTimedOut',
  'publishesErrorFrame',
  'publishesConnectionClosed',
  // Their deliveries to subscribers: expected = delivered + late + missing
  'fanOutExpected',
  'fanOutDelivered',
  'fanOutLate',
  'fanOutDuplicate',
  'fanOutUnexpected',
  /** Of a channel that the connection never asked for. */
  'fanOutMisdelivered',
  /** Of publishes that were not confirmed. */
  'fanOutOfUnanswered',
  /** Delivered or late, after a later message of the same channel. */
  'fanOutReordered',
  /** Answered publishes that a subscriber never got who was there throughout (missed-publish.ts), and how many such messages: a part of the missing. */
  'publishesMissed',
  'fanOutMissed',
  /** Received: nothing that can be read as a message; readable, but of no type that was expected. */
  'framesUnreadable',
  'framesUnexpected',
  // Bytes of WebSocket payload
  'bytesSent',
  'bytesReceived',
  // Generator: CPU time of the fleet's thread, and elapsed time, for its share of a core
  'threadCpuMicros',
  'threadElapsedMicros',
] as const;
export type CounterName = (typeof counterNames)[number];

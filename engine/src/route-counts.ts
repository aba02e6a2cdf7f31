/** What is counted of each message text, or URL of webhooks, of a step with several. Over all of them it adds up to the whole. */

/** What is of no route (pushes of events that the run does not know, failures by their text) is counted in the whole alone. */
export const countersByRoute = {
  message: [
    'messagesIntended',
    'messagesSent',
    'messagesDropped',
    'messagesDroppedNoConnection',
    'messagesDroppedNotRead',
    'messagesAnswered',
    'messagesTimedOut',
    'messagesErrorFrame',
    'messagesConnectionClosed',
  ],
  webhook: [
    'webhooksIntended',
    'webhooksPosted',
    'webhooksDropped',
    'webhooksDroppedUnanswered',
    'webhooksAccepted',
    'webhooksThrottled',
    'webhooksRejected',
    'webhooksTimedOut',
    'webhooksFailed',
    'replaysPosted',
    'replaysAccepted',
    'retriesPosted',
    'duplicatesPosted',
    'eventsUnaccepted',
    'eventsAccepted',
    'eventsDelivered',
    'eventsDeliveredToAll',
    'eventsDeliveredToSome',
    'eventsOwnerOffline',
    'eventsOwnerChanged',
    'eventsUnreached',
    'pushesExpected',
    'pushesDelivered',
    'pushesLate',
    'pushesDuplicate',
    'pushesOfUnaccepted',
    'pushesReordered',
    'polledExpected',
    'polledDelivered',
    'polledLate',
    'polledRepeated',
  ],
} as const;

export const histogramsByRoute = {
  message: ['roundTripMicros', 'serviceMicros'],
  webhook: ['webhookMicros', 'deliveryMicros', 'polledMicros'],
} as const;

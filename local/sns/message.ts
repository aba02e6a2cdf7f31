/** What is published, as SNS keeps it, and what it makes of it for a queue and for a function. Source: SNS developer guide, "Parsing message formats", and "Fanout to Lambda functions", read November 2026. Pure. */

/** As SNS and SQS have them. */
export interface MessageAttribute {
  DataType: string;
  StringValue?: string;
  /** Base64. */
  BinaryValue?: string;
}

export interface Publication {
  message: string;
  subject: string | null;
  attributes: Readonly<Record<string, MessageAttribute>>;
}

export interface Notification extends Publication {
  messageId: string;
  topicArn: string;
  /** ISO 8601. */
  timestamp: string;
}

/** Nobody checks it here: on AWS it is the signature of Amazon's own certificate. */
const signature = 'EXAMPLE';

/** Attributes of a raw message that SQS takes (SNS developer guide, "Message attributes", read November 2026). */
export const mostRawAttributes = 10;

/** Of SendMessage: body and attributes. Raw: as they were published. */
export function queueMessageOf(
  notification: Notification,
  { isRaw, subscriptionArn }: { isRaw: boolean; subscriptionArn: string },
): { MessageBody: string; MessageAttributes?: Readonly<Record<string, MessageAttribute>> } {
  const { message, attributes } = notification;
  if (isRaw)
    return {
      MessageBody: message,
      ...(Object.keys(attributes).length > 0 && { MessageAttributes: attributes }),
    };
  const { Subject, UnsubscribeUrl, SigningCertUrl, ...fields } = envelopeOf(notification, subscriptionArn);
  const body = {
    ...fields,
    ...(Subject !== null && { Subject }),
    ...{ SigningCertURL: SigningCertUrl, UnsubscribeURL: UnsubscribeUrl },
    MessageAttributes: Object.keys(attributes).length === 0 ? undefined : fields.MessageAttributes,
  };
  return { MessageBody: JSON.stringify(body) };
}

/** The event of a function. */
export const functionEventOf = (notification: Notification, subscriptionArn: string): string =>
  JSON.stringify({
    Records: [
      {
        ...{ EventSource: 'aws:sns', EventVersion: '1.0', EventSubscriptionArn: subscriptionArn },
        Sns: envelopeOf(notification, subscriptionArn),
      },
    ],
  });

function envelopeOf(
  { messageId, topicArn, subject, message, timestamp, attributes }: Notification,
  subscription: string,
) {
  const region = topicArn.split(':')[3];
  const host = `https://sns.${region}.amazonaws.com`;
  return {
    ...{ Type: 'Notification', MessageId: messageId, TopicArn: topicArn, Subject: subject, Message: message },
    ...{ Timestamp: timestamp, SignatureVersion: '1', Signature: signature },
    SigningCertUrl: `${host}/SimpleNotificationService.pem`,
    UnsubscribeUrl: `${host}/?Action=Unsubscribe&SubscriptionArn=${subscription}`,
    MessageAttributes: Object.fromEntries(
      Object.entries(attributes).map(([name, { DataType, StringValue, BinaryValue }]) => [
        name,
        { Type: DataType, Value: StringValue ?? BinaryValue ?? '' },
      ]),
    ),
  };
}

/** Of a message with a text for each protocol (MessageStructure json): the protocol's own, else the default. */
export function textFor(protocol: 'sqs' | 'lambda', message: string): string {
  const texts: unknown = JSON.parse(message);
  if (typeof texts !== 'object' || texts === null) return message;
  const own: unknown = Reflect.get(texts, protocol) ?? Reflect.get(texts, 'default');
  return typeof own === 'string' ? own : message;
}

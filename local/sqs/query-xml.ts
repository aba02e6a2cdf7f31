/** Responses of SQS's older protocol: the output of the JSON protocol as XML. Pure. */
import { escapeXml } from '../process/xml.ts';

type Json = Readonly<Record<string, unknown>>;
const space = 'http://queue.amazonaws.com/doc/2012-11-05/';

/** Lists of the JSON protocol → element of each member. */
const listElements: Readonly<Record<string, string>> = {
  Messages: 'Message',
  QueueUrls: 'QueueUrl',
  queueUrls: 'QueueUrl',
};
const mapElements: Readonly<Record<string, { element: string; key: string }>> = {
  Attributes: { element: 'Attribute', key: 'Name' },
  MessageAttributes: { element: 'MessageAttribute', key: 'Name' },
  Tags: { element: 'Tag', key: 'Key' },
};

export function queryAnswer(action: string, output: Json, requestId: string): string {
  const inner = elementsOf(output, action);
  const result = inner === '' ? '' : `<${action}Result>${inner}</${action}Result>`;
  const metadata = `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata>`;
  return `<?xml version="1.0"?><${action}Response xmlns="${space}">${result}${metadata}</${action}Response>`;
}

export function queryError(
  { code, message, sender }: { code: string; message: string; sender: boolean },
  requestId: string,
): string {
  const error = `<Type>${sender ? 'Sender' : 'Receiver'}</Type><Code>${escapeXml(code)}</Code><Message>${escapeXml(message)}</Message><Detail/>`;
  return `<?xml version="1.0"?><ErrorResponse xmlns="${space}"><Error>${error}</Error><RequestId>${requestId}</RequestId></ErrorResponse>`;
}

function elementsOf(value: Json, action: string): string {
  return Object.entries(value)
    .map(([name, part]) => {
      if (part === undefined || part === null) return '';
      if (Array.isArray(part)) {
        // Successful entries are named after their action, failed ones alike for all.
        const entry = name === 'Failed' ? 'BatchResultErrorEntry' : `${action}ResultEntry`;
        const element = listElements[name] ?? entry;
        return part.map((member) => elementOf(element, member, action)).join('');
      }
      const map = mapElements[name];
      if (!map || typeof part !== 'object') return elementOf(name, part, action);
      return Object.entries(part)
        .map(([key, of]) => elementOf(map.element, { [map.key]: key, Value: of }, action))
        .join('');
    })
    .join('');
}

function elementOf(name: string, value: unknown, action: string): string {
  const inner =
    typeof value === 'object' && value !== null ? elementsOf(value as Json, action) : escapeXml(String(value));
  return `<${name}>${inner}</${name}>`;
}

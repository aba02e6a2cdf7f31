/** Publish and PublishBatch as forms (`MessageAttributes.entry.1.Name=…`). Source: SNS API reference; botocore's sns model, read November 2026. Pure. */
import type { MessageAttribute, Publication } from './message.ts';

export interface PublishInput extends Publication {
  /** Of an entry of a batch. */
  id: string;
  /** Every protocol has a text of its own (MessageStructure json). */
  isByProtocol: boolean;
}

/** `prefix`: of an entry of a batch, with its dot at the end. */
export function publishInputOf(form: URLSearchParams, prefix = ''): PublishInput {
  const at = (name: string) => form.get(`${prefix}${name}`);
  return {
    id: at('Id') ?? '',
    message: at('Message') ?? '',
    subject: at('Subject'),
    isByProtocol: at('MessageStructure') === 'json',
    attributes: attributesOf(form, `${prefix}MessageAttributes.entry.`),
  };
}

export function batchInputOf(form: URLSearchParams): PublishInput[] {
  const prefix = 'PublishBatchRequestEntries.member.';
  return numbersAfter(form, prefix).map((number) => publishInputOf(form, `${prefix}${number}.`));
}

function attributesOf(form: URLSearchParams, prefix: string): Record<string, MessageAttribute> {
  return Object.fromEntries(
    numbersAfter(form, prefix).map((number): [string, MessageAttribute] => {
      const at = (name: string) => form.get(`${prefix}${number}.${name}`);
      const [text, binary] = [at('Value.StringValue'), at('Value.BinaryValue')];
      return [
        at('Name') ?? '',
        {
          DataType: at('Value.DataType') ?? 'String',
          ...(text !== null && { StringValue: text }),
          ...(binary !== null && { BinaryValue: binary }),
        },
      ];
    }),
  );
}

/** Of a list's elements, in order. */
function numbersAfter(form: URLSearchParams, prefix: string): number[] {
  const numbers = [...form.keys()].flatMap((name) =>
    name.startsWith(prefix) ? [Number.parseInt(name.slice(prefix.length), 10)] : [],
  );
  return [...new Set(numbers)].toSorted((a, b) => a - b);
}

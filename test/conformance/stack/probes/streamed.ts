/** The function of the table's stream: records each change of a row under the key that the row names. */
import { observe } from './observe.ts';

type Row = Record<string, { S?: string }>;
interface StreamEvent {
  Records: { eventID: string; dynamodb: { NewImage?: Row; OldImage?: Row; SequenceNumber: string } }[];
}

export async function handler({ Records }: StreamEvent): Promise<void> {
  for (const record of Records) {
    const { NewImage, OldImage, SequenceNumber } = record.dynamodb;
    const key = (NewImage ?? OldImage)?.observeAs?.S;
    if (key !== undefined) await observe(key, SequenceNumber.padStart(40, '0'), record);
  }
}

/**
 * Lines of JSON that show when they were changed: each names its run and its place among its writer's lines, and ends with a checksum of
 * all that stands before it. It stays valid JSON: `{…,"run":"…","seq":4,"crc":"1a2b3c4d"}`.
 */
import { crc32 } from 'node:zlib';
import type { ClientRecord } from './records.ts';

/** What a line carries besides its record. */
export interface LineSeal {
  /** Empty where the engine runs without Loadline. */
  run: string;
  /** From 0, without a gap, in the order in which one fleet writes. */
  seq: number;
}

/** CRC-32 (IEEE 802.3, as in gzip) finds every burst of errors up to 32 bits, and misses one of 2^32 other changes. */
const checksumOf = (text: string): string => crc32(text).toString(16).padStart(8, '0');

/** The text of a line, without its end. `record` is an object that JSON can hold. */
export function sealLine(record: object, { run, seq }: LineSeal): string {
  const open = JSON.stringify({ ...record, run, seq }).slice(0, -1);
  return `${open},"crc":"${checksumOf(open)}"}`;
}

/** Whether the text is as it was sealed: false for any other text. */
export function isSealed(line: string): boolean {
  const [, open, checksum] = /^(.*),"crc":"([\da-f]{8})"\}$/s.exec(line) ?? [];
  return open !== undefined && checksumOf(open) === checksum;
}

/** On the last line of a complete fleet: what all of its lines hold, this one included. */
export interface FleetEnd {
  lines: number;
  /** Sum of all counters, and number of all values in histograms. */
  counted: number;
  values: number;
}

export const noLines: FleetEnd = { lines: 0, counted: 0, values: 0 };

/** The totals of a fleet's lines with one line more: what the last line says, and a reader counts again. */
export function addLine(end: FleetEnd, { counters, histograms }: ClientRecord): FleetEnd {
  return {
    lines: end.lines + 1,
    counted: end.counted + sum(Object.values(counters)),
    values: end.values + sum(Object.values(histograms).map((buckets) => sum(Object.values(buckets)))),
  };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);

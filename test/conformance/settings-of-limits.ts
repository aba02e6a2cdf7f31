/** Every setting of the limits with its default and its docstring, read from the schema: nothing here is written by hand. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { z } from 'zod';
import { quotaFact, quotaIds } from '../../aws/quotas/table.ts';
import { limitsSchema } from '../../local/start.ts';

export interface Setting {
  /** A path such as `assumptions.throttledFrame`; a token bucket is one setting. */
  name: string;
  /** As JSON; a token bucket in words. */
  default: string;
  /** The docstring. */
  says: string;
}

/** Their defaults depend on the machine, so the page would differ if generated on another. */
const machineDefaults: ReadonlyMap<string, string> = new Map([
  ['maxEnvironments', '4 × cores, at least 10'],
  ['maxStartingEnvironments', 'half the cores, at least 1'],
]);

const sources = ['../../local/quota/limits.ts', '../../local/gateway/assumptions.ts'];

export function readSettings(): Setting[] {
  const texts = sources.map((path) => readFileSync(fileURLToPath(new URL(path, import.meta.url)), 'utf8'));
  const says = new Map(texts.flatMap((text) => [...docstringsOf(text)]));
  return settingsOf(limitsSchema, limitsSchema.parse({}), '').map(({ name, value }) => ({
    name,
    default: machineDefaults.get(name) ?? textOf(value),
    says: [codesOf(name), says.get(name.slice(name.lastIndexOf('.') + 1)) ?? '']
      .filter((each) => each !== '')
      .join(' '),
  }));
}

/** AWS's name and codes of the quota behind a limit, from the table; '' for a limit without a quota code. */
function codesOf(name: string): string {
  const id = quotaIds.find((each) => each === name.replace(/Ms$/, ''));
  const fact = id === undefined ? null : quotaFact(id);
  if (fact === null || fact.code === null) return '';
  return `${fact.name} (${[fact.code, fact.burstCode].filter((code) => code !== null).join(', burst ')}).`;
}

/** A token bucket is a value; any other object contains settings. */
function settingsOf(schema: z.ZodType, values: object, prefix: string): { name: string; value: unknown }[] {
  return Object.entries(values).flatMap(([key, value]) => {
    const name = prefix + key;
    const nested = typeof value === 'object' && value !== null && !('ratePerSecond' in value) && !('code' in value);
    return nested ? settingsOf(schema, value, `${name}.`) : [{ name, value }];
  });
}

function textOf(value: unknown): string {
  if (typeof value === 'object' && value !== null) {
    if ('ratePerSecond' in value && 'burst' in value) {
      return `${textOf(value.ratePerSecond)}/s, burst ${textOf(value.burst)}`;
    }
    if ('code' in value && 'reason' in value) return `${String(value.code)} "${String(value.reason)}"`;
  }
  return typeof value === 'number'
    ? value.toLocaleString('en-US', { maximumFractionDigits: 6 })
    : JSON.stringify(value);
}

/** The docstring in front of each `name: …` of a schema, in one line. Fields without one share the preceding one. */
function docstringsOf(text: string): Map<string, string> {
  const found = new Map<string, string>();
  let comment: string[] | null = null;
  let says = '';
  for (const line of text.split('\n')) {
    const trimmed = line.trim();
    if (trimmed.startsWith('/**')) comment = [];
    if (comment !== null) {
      comment.push(
        trimmed
          .replace(/^\/?\*+\/?/, '')
          .replace(/\*\/$/, '')
          .trim(),
      );
      if (!trimmed.endsWith('*/')) continue;
      says = comment.join(' ').trim();
      comment = null;
      continue;
    }
    const name = /^ {2}([A-Za-z]\w*): /.exec(line)?.[1];
    if (name !== undefined) found.set(name, says);
  }
  return found;
}

/** A history as a whole: read from its place, and appended to. */
import type { z } from 'zod';
import { folderStore } from './folder-store.ts';
import { type Acknowledgement, acknowledgementSchema, type Line, lineSchema, lineVersion } from './line.ts';
import { s3Store } from './s3-store.ts';
import { HistoryError, type HistoryStore } from './store.ts';

export interface History {
  lines: Line[];
  acknowledgements: Acknowledgement[];
  /** What could not be read, and was skipped. */
  skipped: Skipped[];
}

export interface Skipped {
  file: string;
  /** From 1. */
  line: number;
  /** `torn`: a last line without its end. `version`: of another version of Loadline. */
  why: 'torn' | 'damaged' | 'version';
  /** What is wrong with it. */
  detail: string;
}

const lineEnding = '.ndjson';
const acknowledgementEnding = '.ack.json';
/** Objects that are read at once. */
const readsAtOnce = 16;
const maxDraws = 100;

export const openStore = async (place: string, environment: NodeJS.ProcessEnv): Promise<HistoryStore> =>
  /^s3:/i.test(place) ? await s3Store(place, environment) : folderStore(place);

/** Everything that is there. @throws HistoryError when the place cannot be read. */
export async function readHistory(store: HistoryStore): Promise<History> {
  const names = (await store.list()).toSorted();
  const history: History = { lines: [], acknowledgements: [], skipped: [] };
  for (let first = 0; first < names.length; first += readsAtOnce) {
    const some = names
      .slice(first, first + readsAtOnce)
      .filter((name) => name.endsWith(lineEnding) || name.endsWith(acknowledgementEnding));
    const texts = await Promise.all(some.map((name) => store.read(name)));
    for (const [index, name] of some.entries()) addFile(history, name, texts[index] ?? '');
  }
  return history;
}

function addFile(history: History, file: string, text: string): void {
  if (file.endsWith(acknowledgementEnding)) {
    const parsed = parse(text, acknowledgementSchema);
    if (parsed.kind === 'ok') history.acknowledgements.push(parsed.value);
    else history.skipped.push({ file, line: 1, ...parsed.problem });
    return;
  }
  const texts = text.split('\n');
  for (const [index, each] of texts.entries()) {
    if (each.trim() === '') continue;
    const parsed = parse(each, lineSchema);
    if (parsed.kind === 'ok') history.lines.push(parsed.value);
    else {
      const isTorn = index === texts.length - 1 && parsed.problem.why === 'damaged';
      history.skipped.push({ file, line: index + 1, ...parsed.problem, ...(isTorn && { why: 'torn' as const }) });
    }
  }
}

type Parsed<T> = { kind: 'ok'; value: T } | { kind: 'bad'; problem: Pick<Skipped, 'why' | 'detail'> };

function parse<T>(text: string, schema: z.ZodType<T>): Parsed<T> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { kind: 'bad', problem: { why: 'damaged', detail: 'it is not JSON' } };
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return { kind: 'ok', value: parsed.data };
  const version: unknown = typeof json === 'object' && json !== null ? Reflect.get(json, 'v') : undefined;
  if (typeof version === 'number' && version !== lineVersion)
    return {
      kind: 'bad',
      problem: { why: 'version', detail: `it has layout ${version}, and this version reads ${lineVersion}` },
    };
  const [issue] = parsed.error.issues;
  return {
    kind: 'bad',
    problem: { why: 'damaged', detail: `${issue?.path.join('.') || 'the line'}: ${issue?.message}` },
  };
}

/** The next night's number. */
export const nextSequence = ({ lines }: History): number =>
  1 + lines.reduce((largest, { sequence }) => Math.max(largest, sequence), 0);

/** When it returns, the lines are on disk, or stored. Returns the name of their file. */
export const appendLines = (store: HistoryStore, lines: readonly Line[], now: Date): Promise<string> =>
  createUnder(store, { now, ending: lineEnding, text: lines.map((line) => `${JSON.stringify(line)}\n`).join('') });

export const appendAcknowledgement = (
  store: HistoryStore,
  acknowledgement: Acknowledgement,
  now: Date,
): Promise<string> =>
  createUnder(store, { now, ending: acknowledgementEnding, text: `${JSON.stringify(acknowledgement, null, 2)}\n` });

async function createUnder(
  store: HistoryStore,
  { now, ending, text }: { now: Date; ending: string; text: string },
): Promise<string> {
  const stamp = now.toISOString().replaceAll(/[-:]|\.\d+/g, '');
  for (let draw = 0; draw < maxDraws; draw++) {
    const name = `${stamp}-${crypto.randomUUID().slice(0, 8)}${ending}`;
    if ((await store.create(name, text)) === 'written') return name;
  }
  throw new HistoryError(`The history ${store.place} has a file for each of ${maxDraws} names drawn: try again.`);
}

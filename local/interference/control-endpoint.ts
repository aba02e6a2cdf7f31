/** Faults at run time: GET, POST, PUT and DELETE of /_loadline/faults on the port of CloudWatch and Secrets Manager. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { z } from 'zod';
import { readBody } from '../gateway/http-body.ts';
import type { Layer } from '../process/compose.ts';
import { type Fault, type faultListSchema, faultsFileSchema, type SetFault, setFaults } from './faults.ts';

export const faultsPath = '/_loadline/faults';
const maxBodyBytes = 1_048_576;

export interface FaultControlSettings {
  /** Seed of faults without their own. */
  seed: number;
  /** Of the target's limits. Absent: 1. */
  timeScale?: number;
  /** Those of this process: the supervisor sets them in it last. */
  interference: { readonly faults: readonly SetFault[] };
  /** Sends them to every process of the target; settles when all have them. */
  apply: (faults: readonly SetFault[]) => Promise<void>;
  /** How often each fault has fired, including cleared ones: the processes report once a second. */
  fired: ReadonlyMap<string, number>;
  /** Counts the faults fired in this process so far. */
  collect: () => void;
  /** Milliseconds since the epoch. */
  nowMs: () => number;
}

export class FaultControl {
  #settings: FaultControlSettings;
  /** Faults that were set and have been cleared. */
  #cleared = new Map<string, SetFault>();
  /** Changes are applied one at a time: each starts from the result of the previous one. */
  #changes: Promise<unknown> = Promise.resolve();

  constructor(settings: FaultControlSettings) {
    this.#settings = settings;
  }

  get #faults(): readonly SetFault[] {
    return this.#settings.interference.faults;
  }

  /** Answers the requests for this endpoint, and passes on all others. */
  readonly layer: Layer = (request, response, next) => {
    const [path = ''] = (request.url ?? '').split('?', 1);
    if (path !== faultsPath && !path.startsWith(`${faultsPath}/`)) {
      next();
      return;
    }
    this.#answer(request, path.slice(faultsPath.length + 1)).then(
      ({ status, body }) => send(response, status, body),
      (error) => send(response, 500, { message: error instanceof Error ? error.message : String(error) }),
    );
  };

  async #answer(request: IncomingMessage, encodedName: string): Promise<{ status: number; body: object }> {
    switch (request.method) {
      case 'GET':
        return { status: 200, body: this.#list() };
      case 'DELETE': {
        const name = nameOf(encodedName);
        if (name !== null && !this.#faults.some((fault) => fault.name === name)) {
          const known = this.#faults.map((fault) => `"${fault.name}"`).join(', ') || 'none';
          return { status: 404, body: { message: `Unknown fault "${name}". Active faults: ${known}.` } };
        }
        await this.#change(() => this.#faults.filter((fault) => name !== null && fault.name !== name));
        return { status: 200, body: this.#list() };
      }
      case 'POST':
      case 'PUT': {
        // A web page can send other types without asking first (Fetch standard, 2.2.2, CORS-safelisted request headers).
        if (!isJson(request))
          return {
            status: 415,
            body: { message: 'Send faults as JSON: add the header "content-type: application/json".' },
          };
        const parsed = parseFaults((await readBody(request, maxBodyBytes))?.toString() ?? null);
        if (parsed.kind === 'invalid') return { status: 400, body: { message: parsed.sentence } };
        const { nowMs, timeScale = 1 } = this.#settings;
        await this.#change(() => {
          const kept = request.method === 'PUT' ? [] : this.#faults;
          const seed = parsed.seed ?? this.#settings.seed;
          return [...kept, ...setFaults(parsed.faults, { taken: kept, seed, nowMs: nowMs(), timeScale })];
        });
        return { status: 200, body: this.#list() };
      }
      default:
        return { status: 405, body: { message: 'Use GET to list, POST to add, PUT to replace, DELETE to clear.' } };
    }
  }

  async #change(next: () => readonly SetFault[]): Promise<void> {
    const change = this.#changes.then(async () => {
      const before = this.#faults;
      const after = next();
      await this.#settings.apply(after);
      const kept = new Set(after.map(({ name }) => name));
      for (const fault of before) if (!kept.has(fault.name)) this.#cleared.set(fault.name, fault);
      for (const name of kept) this.#cleared.delete(name);
    });
    this.#changes = change.catch(() => undefined);
    await change;
  }

  #list(): z.infer<typeof faultListSchema> {
    this.#settings.collect();
    const cleared = [...this.#cleared.values()].flatMap((fault) => {
      const fired = this.#settings.fired.get(fault.name) ?? 0;
      return fired === 0 ? [] : [{ ...fault, fired, cleared: true }];
    });
    return {
      faults: this.#faults.map((fault) => ({
        ...fault,
        fired: this.#settings.fired.get(fault.name) ?? 0,
      })),
      cleared,
    };
  }
}

const isJson = ({ headers }: IncomingMessage): boolean =>
  /^application\/(?:[\w.-]+\+)?json *(?:;|$)/i.test(headers['content-type'] ?? '');

function nameOf(encodedName: string): string | null {
  if (encodedName === '') return null;
  try {
    return decodeURIComponent(encodedName);
  } catch {
    return encodedName;
  }
}

type Parsed = { kind: 'ok'; faults: Fault[]; seed: number | undefined } | { kind: 'invalid'; sentence: string };

/** One fault, a list of them, or the content of a faults file. */
function parseFaults(text: string | null): Parsed {
  if (text === null) return { kind: 'invalid', sentence: `The body exceeds ${maxBodyBytes} bytes.` };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { kind: 'invalid', sentence: 'The body is not JSON: send a fault, a list of faults, or {"faults": […]}.' };
  }
  const isFile = typeof value === 'object' && value !== null && ('faults' in value || Array.isArray(value));
  const parsed = faultsFileSchema.safeParse(
    Array.isArray(value) ? { faults: value } : isFile ? value : { faults: [value] },
  );
  if (!parsed.success) {
    const sentences = parsed.error.issues.map(({ path, message }) => `${path.map(String).join('.')}: ${message}`);
    return { kind: 'invalid', sentence: sentences.join('; ') };
  }
  return { kind: 'ok', faults: parsed.data.faults, seed: parsed.data.seed };
}

function send(response: ServerResponse, status: number, body: object): void {
  const text = `${JSON.stringify(body)}\n`;
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
  response.end(text);
}

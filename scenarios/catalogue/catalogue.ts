/** The scenarios that come with Loadline: `scenarios/<name>.yml`, each with the question that it answers in its header. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suggestion } from '../yaml/nearest-key.ts';

/** Lies beside the scenarios, and is a usage plan. */
const planName = 'plan';

export interface CatalogueEntry {
  name: string;
  file: string;
  /** The question that a run of it answers. */
  question: string;
  example: string | null;
}

/** All scenarios of the catalogue in this folder, by name. */
export function readCatalogue(folder: string): CatalogueEntry[] {
  return catalogueNames(folder).map((name) => {
    const file = join(folder, `${name}.yml`);
    return { name, file, ...readHeader(readFileSync(file, 'utf8')) };
  });
}

/** Question and example in the comment that a scenario begins with. Pure. */
function readHeader(text: string): { question: string; example: string | null } {
  const line = (label: string) => new RegExp(`^# ${label}: (.+)$`, 'm').exec(text)?.[1] ?? null;
  return { question: line('Question') ?? '', example: line('Example') };
}

/** A file, or a sentence about the name. */
export type ScenarioFile = { kind: 'ok'; file: string } | { kind: 'invalid'; problems: string[] };

/** The file that is meant by `loadline run <scenario>`: a file of that name, or the scenario of the catalogue in this folder. */
export function scenarioFileOf(scenario: string, folder: string): ScenarioFile {
  if (/[/\\.]/.test(scenario) || existsSync(scenario)) return { kind: 'ok', file: scenario };
  const names = catalogueNames(folder);
  if (names.includes(scenario)) return { kind: 'ok', file: join(folder, `${scenario}.yml`) };
  const next =
    suggestion(scenario, names) ?? `The catalogue has ${names.join(', ')}; name a file of your own with its extension.`;
  return { kind: 'invalid', problems: [`There is no scenario "${scenario}". ${next}`] };
}

/** Their names alone. */
export const catalogueNames = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.yml'))
    .map((name) => name.slice(0, -'.yml'.length))
    .filter((name) => name !== planName)
    .toSorted();

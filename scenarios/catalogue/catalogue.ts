/** The scenarios that come with Loadline: `scenarios/<name>.yml`, each with the question that it answers in its header. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../../run/errors.ts';
import { packageRoot } from '../../run/package-root.ts';
import { nearestKey } from '../yaml/nearest-key.ts';

const folder = join(packageRoot, 'scenarios');
/** Lies beside the scenarios, and is a usage plan. */
const planName = 'plan';

export interface CatalogueEntry {
  name: string;
  file: string;
  /** What running it tells. */
  question: string;
  example: string | null;
}

/** All of them, by name. */
export function readCatalogue(): CatalogueEntry[] {
  return catalogueNames().map((name) => {
    const file = join(folder, `${name}.yml`);
    return { name, file, ...readHeader(readFileSync(file, 'utf8')) };
  });
}

/** Question and example in the comment that a scenario begins with. Pure. */
function readHeader(text: string): { question: string; example: string | null } {
  const line = (label: string) => new RegExp(`^# ${label}: (.+)$`, 'm').exec(text)?.[1] ?? null;
  return { question: line('Question') ?? '', example: line('Example') };
}

/**
 * The file that is meant by `loadline run <scenario>`: a file of that name, or the scenario of the catalogue.
 * Throws a UsageError for a bare name that is neither.
 */
export function scenarioFileOf(scenario: string): string {
  if (/[/\\.]/.test(scenario) || existsSync(scenario)) return scenario;
  const names = catalogueNames();
  if (names.includes(scenario)) return join(folder, `${scenario}.yml`);
  const nearest = nearestKey(scenario, names);
  throw new UsageError(
    `There is no scenario "${scenario}". ${nearest === null ? `The catalogue has ${names.join(', ')}` : `Did you mean "${nearest}"`}${nearest === null ? '; a file of your own is named with its extension.' : '?'}`,
  );
}

const catalogueNames = (): string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.yml'))
    .map((name) => name.slice(0, -'.yml'.length))
    .filter((name) => name !== planName)
    .toSorted();

/** Run folders, what may happen to their files by a seed, and what `loadline report` then must say. */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { exampleRun } from '../../reports/example-run.fixture.ts';
import type { Report } from '../../reports/report.ts';
import { writeExampleFolder } from '../../run/example-folder.fixture.ts';
import { type CommandResult, commandLine } from '../command-line.fixture.ts';

export type RunName = 'completed' | 'interrupted' | 'killed' | 'other';

export interface RunFolders {
  root: string;
  /** A run that completed and is OK, one that was interrupted after 40 s, one that was killed then; and another run that is OK. */
  runs: Record<RunName, string>;
  copyOf(name: RunName): string;
  report(folder: string): Promise<CommandResult>;
  remove(): void;
}

export async function makeRunFolders(): Promise<RunFolders> {
  const root = mkdtempSync(join(tmpdir(), 'loadline-damage-'));
  const make = async (name: string, run = exampleRun(), lastSecond = 69) => {
    const folder = join(root, name);
    mkdirSync(folder);
    await writeExampleFolder(folder, { run, lastSecond });
    return folder;
  };
  const runs = {
    completed: await make('completed'),
    interrupted: await make('interrupted', exampleRun({ outcome: { kind: 'interrupted', signal: 'SIGINT' } }), 40),
    killed: await make('killed', exampleRun({ endedAt: null, outcome: { kind: 'running' } }), 40),
    other: await make('other', exampleRun({ runId: '20261122T090000Z-0001' }), 50),
  };
  // What a run that was killed does not get to write.
  for (const name of readdirSync(runs.killed))
    if (!['run.json', 'client.ndjson', 'logs'].includes(name)) rmSync(join(runs.killed, name));
  let copies = 0;
  return {
    ...{ root, runs },
    copyOf(name) {
      const folder = join(root, `copy-${copies++}`);
      cpSync(runs[name], folder, { recursive: true });
      return folder;
    },
    report: (folder) => commandLine(['report', folder], { folder: root }),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

export const reportOf = (folder: string): Report => JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8'));

/**
 * Makes a copy of a run's folder, damages it, reports it again, and expects the same report, or one that is not OK and says why.
 * `what` names the case in a failure.
 */
export async function expectSameOrRefused(
  folders: RunFolders,
  { name, what, damage }: { name: Exclude<RunName, 'other'>; what: string; damage: (folder: string) => void },
): Promise<number> {
  const folder = folders.copyOf(name);
  damage(folder);
  const { code, stdout, stderr } = await folders.report(folder);
  expect([0, 2, 3], what).toContain(code);
  expect(`${stdout}${stderr}`, what).not.toMatch(/\n {4}at |Error:/);
  if (code === 0) {
    const after = reportOf(folder);
    const before = name === 'killed' ? null : reportOf(folders.runs[name]);
    if (name === 'completed') expect(after, what).toEqual(before);
    else expect(after.verdict.status, what).toBe('partial');
    if (before) expect({ ...after, verdict: null }, what).toEqual({ ...before, verdict: null });
  } else {
    const said = code === 2 || stdout === '' ? stderr : stdout;
    expect(said, what).toMatch(code === 3 && stdout !== '' ? /^Invalid: / : /^\S+ .*\.\n$/);
  }
  rmSync(folder, { recursive: true });
  return code;
}

/** What a mutation makes of a file; false when it leaves the file as it is. */
export function mutate(path: string, mutation: Mutation, random: () => number): boolean {
  const text = readFileSync(path, 'latin1');
  const mutated = mutation(text, random);
  if (mutated !== null) writeFileSync(path, mutated, 'latin1');
  return mutated !== null && mutated !== text;
}

/** A mutation of a text, or null where it would change nothing. */
export type Mutation = (text: string, random: () => number) => string | null;
const pick = <T>(list: readonly T[], random: () => number): T | undefined => list[Math.floor(random() * list.length)];
const at = (length: number, random: () => number): number => Math.floor(random() * length);
const ofLines =
  (mutate: (all: string[], random: () => number) => string[]): Mutation =>
  (text, random) =>
    mutate(text.split('\n'), random).join('\n');

export const mutations: Record<string, Mutation> = {
  digit: (text, random) => {
    const index = pick([...text.matchAll(/\d/g)], random)?.index;
    return index === undefined
      ? null
      : `${text.slice(0, index)}${(Number(text[index]) + 1 + at(9, random)) % 10}${text.slice(index + 1)}`;
  },
  bit: (text, random) => {
    const bytes = Buffer.from(text, 'latin1');
    const index = at(bytes.length, random);
    bytes[index] = (bytes[index] ?? 0) ^ (1 << at(8, random));
    return bytes.toString('latin1');
  },
  cut: (text, random) => text.slice(0, at(text.length, random)),
  cutAtALine: ofLines((all, random) => [...all.slice(0, at(all.length, random)), '']),
  headless: (text, random) => text.slice(1 + at(text.length - 1, random)),
  hole: (text, random) => {
    const index = at(text.length, random);
    return text.slice(0, index) + text.slice(index + 1 + at(200, random));
  },
  zeros: (text, random) => {
    const index = at(text.length, random);
    return `${text.slice(0, index)}${'\0'.repeat(64)}${text.slice(index + 64)}`;
  },
  lineGone: ofLines((all, random) => all.toSpliced(at(all.length, random), 1)),
  lineTwice: ofLines((all, random) => all.toSpliced(at(all.length, random), 0, pick(all, random) ?? '')),
  linesSwapped: ofLines((all, random) => {
    const [a, b] = [at(all.length, random), at(all.length, random)];
    return all.with(a, all[b] ?? '').with(b, all[a] ?? '');
  }),
  linesGone: ofLines((all, random) => all.filter(() => random() < 0.5)),
  numbersHalved: (text) =>
    text.replaceAll(/: ?(\d+)(?=[,\n}])/g, (_all, number) => `: ${Math.floor(Number(number) / 2)}`),
  bucketsGone: (text) => text.replaceAll(/"\d+": ?\d+,/g, ''),
  windowsLines: (text) => text.replaceAll('\n', '\r\n'),
  byteOrderMark: (text) => `\ufeff${text}`,
  appended: (text) => `${text}{"version":2}\n`,
  empty: () => '',
  nothing: () => 'null\n',
  list: () => '[]\n',
  emptyObject: () => '{}\n',
};

/** Whole files: gone, a folder in its place, that of another run. */
export const replacementsFrom = (other: string) => ({
  gone: (path: string) => rmSync(path),
  folder: (path: string) => {
    rmSync(path);
    mkdirSync(path);
  },
  ofAnotherRun: (path: string, file: string) => cpSync(join(other, file), path),
});

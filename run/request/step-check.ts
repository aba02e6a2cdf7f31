/** What the engine would refuse of a scenario's steps, found before anything starts: Artillery would say it after the target is up, from inside a run that then has failed. */
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { maxDescriptors } from '../../engine/src/core/machine/machine.ts';
import { parseFleetStep } from '../../engine/src/step/fleet-step.ts';
import type { Workload } from '../../record/workload.ts';
import type { Scenario } from '../../scenarios/catalogue/scenario.ts';
import { UsageError } from '../errors.ts';

interface CheckedRun {
  /** As it was named, for the sentence. */
  name: string;
  scenario: Scenario;
  workload: Workload;
  /** The scenario's own variables, as they were given. */
  variables: Readonly<Record<string, string>>;
  fleets: number;
  /** Fields for a target that is not the reference stack; null: it is. */
  foreign: Record<string, unknown> | null;
  /** Of such a target: other URLs of webhooks must be at the same host. Null: not known yet. */
  webhookUrl: string | null;
}

/** In place of what is only known once the target is up, and of secrets: what the run itself sets, whatever template stands there. */
const standIns = {
  webSocketUrl: 'ws://127.0.0.1:1/',
  webhookUrl: 'http://127.0.0.1:1/',
  fallbackUrl: 'http://127.0.0.1:1',
  tokenSecret: 's',
  webhookSecret: 's',
};

/** @throws UsageError with the engine's sentence about the first step that it would refuse. Steps with templates that only Artillery can fill in are left to it. */
export function checkSteps({ name, scenario, workload, variables, fleets, foreign, webhookUrl }: CheckedRun): void {
  const setByRun = { ...standIns, ...(webhookUrl !== null && { webhookUrl }) };
  const known: Record<string, unknown> = { ...scenario.variables, ...workload, ...variables, ...setByRun, fleets };
  for (const step of scenario.fleets) {
    const given = Object.fromEntries(Object.entries(setByRun).filter(([key]) => key in step));
    const filled = fill({ ...step, ...given }, known);
    if (filled === unknown) continue;
    const parsed = parseFleetStep(filled, {
      target: standIns.webSocketUrl,
      machine: { cores: availableParallelism(), maxDescriptors: maxDescriptors() },
      worker: null,
      foreign,
      readFile: (path) => readFileSync(path, 'utf8'),
    });
    if (parsed.kind === 'invalid') throw new UsageError(`${name}: ${parsed.problem}`);
  }
}

const unknown = Symbol('a template that only Artillery can fill in');

/** A value with its templates filled in, as Artillery does it: one that is nothing but a template keeps its type. */
function fill(value: unknown, known: Readonly<Record<string, unknown>>): unknown {
  if (typeof value === 'string') {
    const whole = /^\{\{\s*([\w.]+)\s*\}\}$/.exec(value)?.[1];
    if (whole !== undefined) return whole in known ? oneOf(known[whole]) : unknown;
    if (!value.includes('{{')) return value;
    let isKnown = true;
    const text = value.replaceAll(/\{\{\s*([^}]*?)\s*\}\}/g, (_, name: string) => {
      isKnown &&= name in known;
      return String(oneOf(known[name]));
    });
    return isKnown ? text : unknown;
  }
  if (typeof value !== 'object' || value === null) return value;
  const filled = Object.entries(value).map(([key, inner]): [string, unknown] => [key, fill(inner, known)]);
  if (filled.some(([, inner]) => inner === unknown)) return unknown;
  return Array.isArray(value) ? filled.map(([, inner]) => inner) : Object.fromEntries(filled);
}

/** A list of values is Artillery's way to say "one of these, at random". */
const oneOf = (value: unknown): unknown =>
  Array.isArray(value) && value.every((each) => typeof each !== 'object') ? value[0] : value;

/** A scenario as workers run it: what it needs of files lies beside it, and the engine knows how many share the load. Pure. */
import { basename, extname } from 'node:path';
import { parse, stringify } from 'yaml';
import { UsageError } from '../errors.ts';

export interface WorkerScenario {
  /** YAML. */
  text: string;
  /** Fleet steps of one worker. */
  steps: number;
  /** Environment variables that its templates name. */
  environment: string[];
  /** Files to be put beside it: path as the scenario gave it → name there. */
  feeds: Map<string, string>;
  hooks: Map<string, string>;
}

type Keyed = Record<string, unknown>;
const isKeyed = (value: unknown): value is Keyed =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Keys of `config` that name files which are not sent to workers: the loadline engine has its own feeds and hooks. */
const unsentKeys = ['includeFiles', 'payload', 'processor'] as const;

/**
 * `text` has passed parseScenario.
 * @throws UsageError when the scenario's load is not a fleet's: Artillery would multiply it by the workers.
 */
export function workerScenario(text: string, workers: number, engineFolder: string): WorkerScenario {
  const script: unknown = parse(text);
  const config = isKeyed(script) && isKeyed(script.config) ? script.config : {};
  const scenarios = isKeyed(script) && Array.isArray(script.scenarios) ? (script.scenarios as unknown[]) : [];
  const left = unsentKeys.find((key) => key in config);
  if (left)
    throw new UsageError(`--on: config.${left} is not sent to workers; use feed and hooks of a fleet step instead.`);
  const [only] = scenarios;
  if (scenarios.length !== 1 || !isKeyed(only) || !isOneUser(config.phases))
    throw new UsageError(
      '--on: every worker runs the whole script, so its load must be in fleets: give one scenario and one phase with arrivalCount: 1.',
    );
  const flow = Array.isArray(only.flow) ? only.flow : [];
  const feeds = new Map<string, string>();
  const hooks = new Map<string, string>();
  const steps = flow.map((step: unknown) => {
    if (!isKeyed(step) || !isKeyed(step.fleet)) return step;
    const fleet = { ...step.fleet };
    for (const [key, files] of [
      ['feed', feeds],
      ['hooks', hooks],
    ] as const) {
      const path = fleet[key];
      if (typeof path === 'string' && path !== '') fleet[key] = carry(key, path, files);
    }
    return { ...step, fleet };
  });
  const engines = isKeyed(config.engines) ? config.engines : {};
  const options = isKeyed(engines.loadline) ? engines.loadline : {};
  const files = [...feeds.values(), ...hooks.values()].map((name) => `./${name}`);
  const rewritten = {
    ...(isKeyed(script) && script),
    config: {
      ...config,
      engines: { ...engines, loadline: { ...options, workers } },
      includeFiles: [`./${engineFolder}`, ...files],
    },
    scenarios: [{ ...only, flow: steps }],
  };
  return { text: stringify(rewritten), steps: steps.length, environment: environmentNamesOf(text), feeds, hooks };
}

function isOneUser(phases: unknown): boolean {
  const [phase] = Array.isArray(phases) ? (phases as unknown[]) : [];
  return Array.isArray(phases) && phases.length === 1 && isKeyed(phase) && phase.arrivalCount === 1;
}

function carry(key: 'feed' | 'hooks', path: string, files: Map<string, string>): string {
  if (path.includes('{{'))
    throw new UsageError(`--on: fleet.${key} must be a path, not a template, to be sent to workers.`);
  // Hooks are built into one module. `.mjs`: what it is does not depend on the package around it.
  const name = `${key}-${files.size}-${key === 'hooks' ? `${basename(path, extname(path))}.mjs` : basename(path)}`;
  const known = files.get(path) ?? name;
  files.set(path, known);
  return known;
}

/** Environment variables that the templates of a scenario name. */
export const environmentNamesOf = (text: string): string[] =>
  [...new Set([...text.matchAll(/\{\{[^}]*\$env(?:ironment)?\.(\w+)[^}]*\}\}/g)].map(([, name]) => name ?? ''))].sort();

/** A value of a plan or of a stack that a reader of the page may change. Plain facts: what it is called, where it stands, what it may be. */

import type { UsagePlan } from '../../capacity/demand/plan.ts';
import type { Deployment } from '../../capacity/headroom/deployment.ts';

/** What a reader changes: all else of the answer's input stays as the report has it. */
export interface Inputs {
  plan: UsagePlan;
  deployment: Deployment;
  /** Functions of the deployment whose work the API does by itself. Absent: none. */
  withoutFunctions?: readonly string[];
  /** Of a page that compares functions with a service of tasks. Absent: of any other. */
  choice?: ChoiceInputs;
}

/** What is changed of a comparison beside the plan: its load by rates, in place of users and what each of them does, and its tasks. */
export interface ChoiceInputs {
  /** Connections and messages at the peak, webhooks at the day's mean. */
  load: { connections: number; messagesPerSecond: number; webhooksPerSecond: number };
  tasks: {
    capacity: 'fargate' | 'ec2';
    instanceType: string;
    /** CPU units and MB, as `1024/2048`. */
    size: string;
    targetCpuPercent: number;
    connectionsPerTask: number;
    most: number;
    maximumPercent: number;
  };
}

export type Path = readonly (string | number)[];

/** Bounds of a number by itself. */
export interface Bounds {
  least: number;
  /** The least itself is too little. */
  aboveLeast: boolean;
  most: number;
  /** The most itself is too much. */
  belowMost: boolean;
  whole: boolean;
}

/** Where a slider begins and ends. A number may be typed that lies beyond. */
export interface Slider {
  from: number;
  to: number;
  scale: 'linear' | 'log';
}

export type ControlInput =
  | { kind: 'number'; unit: string; bounds: Bounds; slider: Slider; absent: Absent | null }
  | { kind: 'choice'; options: readonly (readonly [value: string, label: string])[] }
  /** On: the value is there; off: it is not. */
  | { kind: 'switch'; on: unknown; off: unknown }
  | { kind: 'date' }
  | { kind: 'text' };

/** A number that may be left out. */
export interface Absent {
  /** What holds then, in words. */
  text: string;
  /** What stands in its place. */
  value: null | undefined;
  /** What holds then, as a number; null: there is none. */
  inForce: number | null;
}

export const groups = {
  load: 'Load',
  usage: 'Users and messages',
  webhooks: 'Webhooks',
  fanOut: 'Channels and broadcasts',
  arrivals: 'Arrivals',
  growth: 'Growth and stages',
  tasks: 'Tasks of the service',
  quotas: 'Quotas of the account',
  settings: 'Settings of the stack',
} as const;
export type Group = keyof typeof groups;

export interface Control {
  /** Its name in a link: `users`, `channels.0.size`, `quotas.newConnections`, `settings.queue.batchSize`. */
  id: string;
  /** From {@link Inputs}. */
  path: Path;
  /** Places that always have the same value. Absent: none. */
  also?: readonly Path[];
  group: Group;
  label: string;
  /** More about it; empty: nothing. */
  hint: string;
  input: ControlInput;
  /** It acts only later, so that today's utilisation does not tell what it does. Absent: false. */
  later?: true;
}

export function readAt(whole: object, path: Path): unknown {
  let at: unknown = whole;
  for (const key of path) {
    if (typeof at !== 'object' || at === null) return undefined;
    at = Reflect.get(at, key);
  }
  return at;
}

/** A copy with another value there; `undefined` takes it away. */
export function withValueAt<T extends object>(whole: T, path: Path, value: unknown): T {
  const copy = structuredClone(whole);
  let at: object = copy;
  for (const key of path.slice(0, -1)) {
    const inner: unknown = Reflect.get(at, key);
    if (typeof inner !== 'object' || inner === null) return copy;
    at = inner;
  }
  const last = path.at(-1) ?? '';
  if (value === undefined) Reflect.deleteProperty(at, last);
  else Reflect.set(at, last, value);
  return copy;
}

/** A copy in which a control has another value. */
export const withValue = (
  inputs: Inputs,
  { path, also = [] }: Pick<Control, 'path' | 'also'>,
  value: unknown,
): Inputs => [path, ...also].reduce((changed, each) => withValueAt(changed, each, value), inputs);

/** The number in force: the one that is given, or what holds without it. */
export function numberOf(inputs: Inputs, { path, input }: Control): number | null {
  const value = readAt(inputs, path);
  if (typeof value === 'number') return value;
  return input.kind === 'number' ? (input.absent?.inForce ?? null) : null;
}

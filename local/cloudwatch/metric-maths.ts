/** Metric maths expressions: the part of CloudWatch's language that dashboards and the collector use. */
import { CloudWatchError } from './cloudwatch-error.ts';
import { maxDatapointsPerCall } from './inputs.ts';

/** Points by second, and the period they were taken with. */
export interface TimeSeries {
  readonly kind: 'series';
  readonly points: ReadonlyMap<number, number>;
  readonly periodSeconds: number;
}
export type MathValue = { readonly kind: 'scalar'; readonly value: number } | TimeSeries | SeriesArray;
interface SeriesArray {
  readonly kind: 'array';
  readonly items: readonly TimeSeries[];
}

type Node =
  | { kind: 'number'; value: number }
  | { kind: 'name'; name: string }
  | { kind: 'negate'; operand: Node }
  | { kind: 'binary'; operator: '+' | '-' | '*' | '/'; left: Node; right: Node }
  | { kind: 'call'; name: string; parameters: Node[] }
  | { kind: 'array'; items: Node[] };

/** Of brackets, calls and signs: bounds the stack of the recursive parser. */
const maxDepth = 100;

const invalid = (expression: string, why: string) =>
  new CloudWatchError(
    'validation',
    `Expression "${expression}": ${why}. The local target supports + - * /, numbers, ids, SUM, AVG, MIN, MAX, ABS, CEIL, FLOOR, PERIOD, METRICS and FILL.`,
  );

/** Parses an expression; throws a validation error for unsupported syntax. */
export function parseExpression(expression: string): Node {
  const tokens = expression.match(/\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\.\d+|[A-Za-z_]\w*|"[^"]*"|\S/g) ?? [];
  let at = 0;
  let depth = 0;
  const expect = (token: string) => {
    if (tokens[at] !== token) throw invalid(expression, `expected "${token}" but found "${tokens[at] ?? 'the end'}"`);
    at++;
  };
  const list = (close: string): Node[] => {
    const nodes: Node[] = [];
    if (tokens[at] !== close) {
      nodes.push(sum());
      while (tokens[at] === ',') {
        at++;
        nodes.push(sum());
      }
    }
    expect(close);
    return nodes;
  };
  const factor = (): Node => {
    if (++depth > maxDepth) throw invalid(expression, `it is nested deeper than ${maxDepth}`);
    const node = innerFactor();
    depth--;
    return node;
  };
  const innerFactor = (): Node => {
    const token = tokens[at++];
    if (token === undefined) throw invalid(expression, 'it ends unexpectedly');
    if (token === '-') return { kind: 'negate', operand: factor() };
    if (token === '(') {
      const inner = sum();
      expect(')');
      return inner;
    }
    if (token === '[') return { kind: 'array', items: list(']') };
    if (/^[\d.]/.test(token) && token !== '.') return { kind: 'number', value: Number(token) };
    if (!/^[A-Za-z_]/.test(token)) throw invalid(expression, `"${token}" is not supported`);
    if (tokens[at] !== '(') return { kind: 'name', name: token };
    at++;
    return { kind: 'call', name: token, parameters: list(')') };
  };
  const product = (): Node => {
    let left = factor();
    for (let operator = tokens[at]; operator === '*' || operator === '/'; operator = tokens[at]) {
      at++;
      left = { kind: 'binary', operator, left, right: factor() };
    }
    return left;
  };
  const sum = (): Node => {
    let left = product();
    for (let operator = tokens[at]; operator === '+' || operator === '-'; operator = tokens[at]) {
      at++;
      left = { kind: 'binary', operator, left, right: product() };
    }
    return left;
  };
  const root = sum();
  if (at < tokens.length) throw invalid(expression, `"${tokens[at]}" is not supported here`);
  return root;
}

interface Scope {
  expression: string;
  /** The value of another query of the request. Throws if it does not exist or is circular. */
  lookUp(id: string): MathValue;
  /** All metrics (not expressions) of the request. */
  metrics(): TimeSeries[];
  /** Seconds of the window, for FILL. */
  startSecond: number;
  endSecond: number;
}

export function evaluate(node: Node, scope: Scope): MathValue {
  switch (node.kind) {
    case 'number':
      return { kind: 'scalar', value: node.value };
    case 'name':
      return scope.lookUp(node.name);
    case 'negate':
      return map(evaluate(node.operand, scope), (value) => -value);
    case 'array':
      return { kind: 'array', items: node.items.map((item) => series(evaluate(item, scope), scope)) };
    case 'binary':
      return combine(evaluate(node.left, scope), evaluate(node.right, scope), operators[node.operator], scope);
    case 'call':
      return call(node.name, node.parameters, scope);
  }
}

type Operator = (left: number, right: number) => number;
const operators: Record<'+' | '-' | '*' | '/', Operator> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
};

const folds: Record<string, (values: number[]) => number> = {
  SUM: (values) => values.reduce((total, value) => total + value, 0),
  AVG: (values) => values.reduce((total, value) => total + value, 0) / values.length,
  MIN: (values) => values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY),
  MAX: (values) => values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY),
};
const maps: Record<string, (value: number) => number> = { ABS: Math.abs, CEIL: Math.ceil, FLOOR: Math.floor };

function call(name: string, parameters: Node[], scope: Scope): MathValue {
  const { expression } = scope;
  const first = parameters[0];
  const one = (): MathValue => {
    if (first === undefined || parameters.length !== 1) throw invalid(expression, `${name} takes one argument`);
    return evaluate(first, scope);
  };
  const fold = Object.hasOwn(folds, name) ? folds[name] : undefined;
  if (fold !== undefined) return foldValue(one(), fold);
  const mapping = Object.hasOwn(maps, name) ? maps[name] : undefined;
  if (mapping !== undefined) return map(one(), mapping);
  switch (name) {
    case 'METRICS':
      if (first !== undefined) throw invalid(expression, 'METRICS takes no argument here');
      return { kind: 'array', items: scope.metrics() };
    case 'PERIOD':
      return { kind: 'scalar', value: series(one(), scope).periodSeconds };
    case 'FILL': {
      const filler = parameters[1];
      if (first === undefined || filler === undefined || parameters.length !== 2) {
        throw invalid(expression, 'FILL takes a series and a number or REPEAT');
      }
      return fill(evaluate(first, scope), filler, scope);
    }
    default:
      throw invalid(expression, `the function ${name} is not supported`);
  }
}

/** Folds a series to a scalar, and an array to a series of the values present at each second. */
function foldValue(value: MathValue, fold: (values: number[]) => number): MathValue {
  if (value.kind === 'scalar') return value;
  if (value.kind === 'series') {
    // AVG of nothing is NaN, which yields no point.
    return { kind: 'scalar', value: value.points.size === 0 ? Number.NaN : fold([...value.points.values()]) };
  }
  const bySecond = new Map<number, number[]>();
  for (const { points } of value.items) {
    for (const [second, point] of points) {
      const values = bySecond.get(second);
      if (values === undefined) bySecond.set(second, [point]);
      else values.push(point);
    }
  }
  const points = new Map([...bySecond].sort(([a], [b]) => a - b).map(([second, values]) => [second, fold(values)]));
  return { kind: 'series', points, periodSeconds: Math.max(1, ...value.items.map((item) => item.periodSeconds)) };
}

function map(value: MathValue, mapping: (value: number) => number): MathValue {
  if (value.kind === 'scalar') return { kind: 'scalar', value: mapping(value.value) };
  if (value.kind === 'array') return { kind: 'array', items: value.items.map((item) => mapSeries(item, mapping)) };
  return mapSeries(value, mapping);
}

/** Points that are not finite (a division by zero) are dropped, as CloudWatch does. */
function mapSeries(from: TimeSeries, mapping: (value: number, second: number) => number): TimeSeries {
  const points = new Map<number, number>();
  for (const [second, point] of from.points) {
    const value = mapping(point, second);
    if (Number.isFinite(value)) points.set(second, value);
  }
  return { ...from, points };
}

/** Two series are combined where both have a point: missing is not zero. */
function combine(left: MathValue, right: MathValue, operator: Operator, scope: Scope): MathValue {
  if (left.kind === 'scalar') {
    if (right.kind === 'scalar') return { kind: 'scalar', value: operator(left.value, right.value) };
    return map(right, (value) => operator(left.value, value));
  }
  if (right.kind === 'scalar') return map(left, (value) => operator(value, right.value));
  const other = series(right, scope);
  const both = mapSeries(series(left, scope), (value, second) =>
    operator(value, other.points.get(second) ?? Number.NaN),
  );
  return { ...both, periodSeconds: Math.max(both.periodSeconds, other.periodSeconds) };
}

function fill(value: MathValue, filler: Node, scope: Scope): MathValue {
  if (value.kind === 'array') {
    return { kind: 'array', items: value.items.map((item) => series(fill(item, filler, scope), scope)) };
  }
  const { points, periodSeconds } = series(value, scope);
  const repeat = filler.kind === 'name' && filler.name === 'REPEAT';
  const constant = repeat ? undefined : evaluate(filler, scope);
  if (constant !== undefined && constant.kind !== 'scalar') {
    throw invalid(scope.expression, 'FILL takes a number or REPEAT as its second argument');
  }
  const filled = new Map<number, number>();
  let last: number | undefined;
  const unit = Math.min(periodSeconds, 60);
  if ((scope.endSecond - scope.startSecond) / periodSeconds > maxDatapointsPerCall) {
    throw invalid(scope.expression, `FILL would produce more than ${maxDatapointsPerCall} points: use a longer period`);
  }
  for (let second = Math.floor(scope.startSecond / unit) * unit; second < scope.endSecond; second += periodSeconds) {
    last = points.get(second) ?? (repeat ? last : constant?.value);
    if (last !== undefined) filled.set(second, last);
  }
  return { kind: 'series', points: filled, periodSeconds };
}

function series(value: MathValue, scope: Scope): TimeSeries {
  if (value.kind === 'series') return value;
  throw invalid(
    scope.expression,
    `expected a time series, but found a ${value.kind === 'array' ? 'list of them' : 'number'}`,
  );
}

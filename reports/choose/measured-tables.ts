/** The table of the measured variants: what this machine showed of each, and what it binds at and costs on AWS. */
import type { VariantName } from '../../capacity/servers/variants.ts';
import { approx, milliseconds, plural } from '../analysis/numbers.ts';
import { type Cell, figure, type Table, words } from '../document/document.ts';
import type { ChooseReport } from './choose-report.ts';
import { bindingCell } from './hold-text.ts';
import { gb, type MeasuredVariant } from './measured-variant.ts';
import { nameCell, placeOf, sizeCell } from './variant-tables.ts';

type Row = ChooseReport['variants'][number];
type MeasuredRow = Row & { measured: MeasuredVariant };

const measuredRows = ({ variants }: ChooseReport): MeasuredRow[] =>
  variants.flatMap((row) => (row.measured === null ? [] : [{ ...row, measured: row.measured }]));

/** Null: no variant has a valid run. */
export function measuredTable(report: ChooseReport): Table | null {
  const rows = measuredRows(report);
  const [first] = rows;
  if (first === undefined) return null;
  return {
    id: 'measured',
    isWhole: true,
    caption: 'What was measured of each variant, with what binds first on AWS and what a month costs there',
    columns: [
      ...[words('variant'), figure('connections/GB'), figure('time a message')],
      ...[figure('round trip p99'), figure('delivery p99'), figure('webhooks/s taken'), words('ledger')],
      ...[words('binds first'), ...first.sizes.map(({ factor }) => figure(factor === 1 ? '$ a month' : `${factor} ×`))],
    ],
    rows: rows.map(({ name, measured, sizes }) => [
      nameCell(name),
      ...[connectionsCell(name, measured), messageCell(measured)],
      ...[latencyCell(measured.p99.roundTrip), latencyCell(measured.p99.delivery), webhooksCell(measured.webhooks)],
      measured.isBalanced ? { text: 'balanced', tone: 'good' } : { text: 'not balanced, or not known', tone: 'bad' },
      sizes[0] === undefined ? { text: 'unknown' } : bindingCell(sizes[0].hold),
      ...sizes.map(sizeCell),
    ]),
    notes: [
      ...sameness(rows),
      'Latencies and webhooks/s of a run on this machine are this machine’s and say nothing of AWS; they compare variants with each other. What binds and what it costs is modelled, for the plan today, and for ten and a hundred times its users.',
      'Connections/GB: 1 GiB over the resident memory that one more connection takes in a task; without a profile, connections over all that the task has. Functions hold none: API Gateway does. Time a message: CPU of a task, or the durations of functions, which is what Lambda bills. On this machine a task is a process, whether Fargate or EC2 would run it.',
      'Webhooks/s taken: how many were accepted a second of those that came, in a run of webhooks alone that offers ten times the plan’s highest rate.',
    ],
  };
}

function connectionsCell({ compute }: VariantName, { profiled, connectionsPerGb }: MeasuredVariant): Cell {
  if (compute !== 'server') return { text: '–', detail: 'held by API Gateway' };
  const held = profiled?.bytesPerConnection ?? null;
  if (held === null)
    return connectionsPerGb === null
      ? { text: 'not measured', tone: 'muted' }
      : { text: approx(connectionsPerGb), detail: 'with all that the task has' };
  const { value, margin } = held;
  const kib = (bytes: number) => approx(bytes / 1_024);
  const interval =
    margin === null || margin >= value
      ? 'too uncertain for an interval'
      : `95% CI ${approx(gb / (value + margin))} to ${approx(gb / (value - margin))}`;
  return { text: approx(gb / value), detail: `${kib(value)} KiB each; ${interval}` };
}

function messageCell({ profiled, functionMsPerMessage }: MeasuredVariant): Cell {
  const cpu = profiled?.cpuMs.message ?? null;
  if (cpu !== null) return { text: `${milliseconds(cpu.value)} CPU`, ...(cpu.margin && { detail: marginText(cpu) }) };
  return functionMsPerMessage === null
    ? { text: 'not measured', tone: 'muted' }
    : { text: `${milliseconds(functionMsPerMessage)} function` };
}

const marginText = ({ margin }: { margin: number | null }): string =>
  margin === null ? '' : `± ${milliseconds(margin)}`;

function webhooksCell(webhooks: MeasuredVariant['webhooks']): Cell {
  if (webhooks === null) return { text: 'not measured', tone: 'muted' };
  const { acceptedPerSecond, offeredPerSecond, isLimit, runId } = webhooks;
  return isLimit
    ? { text: approx(acceptedPerSecond), detail: `of ${approx(offeredPerSecond)} offered, run ${runId}` }
    : { text: `at least ${approx(offeredPerSecond)}`, detail: `all that came, run ${runId}` };
}

function latencyCell(p99: MeasuredVariant['p99']['delivery']): Cell {
  if (p99 === null) return { text: '–' };
  const { ms, interval95 } = p99;
  const detail =
    interval95 === null
      ? 'too few samples for an interval'
      : `95% CI ${milliseconds(interval95.lowerMs)} to ${milliseconds(interval95.upperMs)}`;
  return { text: milliseconds(ms), detail };
}

/** Whether the rows may be compared with each other, and of what they are. */
function sameness(rows: readonly MeasuredRow[]): string[] {
  const all = rows.map(({ measured }) => measured);
  const keys = new Set(all.map((each) => JSON.stringify([loadText(each), machineText(each), versionText(each)])));
  const [first] = all;
  if (first === undefined) return [];
  if (keys.size > 1)
    return [
      'These runs differ in load, machine or version (below): compare them with care. `loadline choose --measure` makes all of them alike.',
    ];
  const days = [...new Set(all.map(({ startedAt }) => startedAt.slice(0, 10)))].toSorted();
  return [
    `All with the same load, ${loadText(first)}, on one machine: ${machineText(first)}, ${versionText(first)}, ${days.join(' and ')}.`,
  ];
}

const loadText = ({ connections, messagesPerSecond, webhooksPerSecond }: MeasuredVariant): string =>
  `${plural(connections, 'connection')}, ${approx(messagesPerSecond)} messages/s, ${approx(webhooksPerSecond)} webhooks/s at most`;

const machineText = ({ machine, on }: Pick<MeasuredVariant, 'machine' | 'on'>): string =>
  `${plural(machine.cores, 'core')}, ${approx(machine.memoryBytes / gb)} GiB, ${machine.platform}, Node ${machine.nodeVersion}${on === 'aws' ? ', the load’s; the stack was on AWS' : ''}`;

const versionText = ({ loadlineVersion, commit }: MeasuredVariant): string =>
  `Loadline ${loadlineVersion}${commit === null ? '' : `, commit ${commit.slice(0, 8)}${commit.endsWith('+') ? ' with changes' : ''}`}`;

/** Of each run: which it is, and what it was. */
export function measuredRunsTable(report: ChooseReport): Table | null {
  const rows = measuredRows(report);
  return {
    id: 'measured-runs',
    caption: 'The runs',
    columns: [
      ...[words('variant'), words('run'), figure('connections'), figure('messages/s'), figure('webhooks/s')],
      ...[figure('webhook p99'), figure('time a unit'), words('machine')],
    ],
    rows: rows.map(({ name, measured }) => {
      const { runId, on, verdict, connections, messagesPerSecond, webhooksPerSecond } = measured;
      return [
        nameCell(name),
        { text: runId, detail: `${placeOf(on)}${verdict === 'ok' ? '' : ', SLO broken'}` },
        ...[connections, messagesPerSecond, webhooksPerSecond].map((value) => ({ text: approx(value) })),
        latencyCell(measured.p99.webhook),
        { text: timeText(measured) },
        { text: machineText(measured), detail: `${versionText(measured)}, ${measured.startedAt.slice(0, 10)}` },
      ];
    }),
    notes: [
      'Webhooks/s: at the highest rate of the run. Time a unit: CPU of all tasks, or the durations of all functions, over connects, messages, webhooks and pushes together.',
    ],
  };
}

function timeText({ taskCpuMsPerUnit, functionMsPerUnit }: MeasuredVariant): string {
  if (taskCpuMsPerUnit !== null) return `${milliseconds(taskCpuMsPerUnit)} CPU`;
  return functionMsPerUnit === null ? '–' : `${milliseconds(functionMsPerUnit)} function`;
}

/** What each kind of load costs a task; null: no service of tasks has a profile. */
export function taskCostTable(report: ChooseReport): Table | null {
  const profiled = measuredRows(report).flatMap(({ name, measured }) =>
    measured.profiled === null ? [] : [{ name, costs: measured.profiled }],
  );
  // On this machine Fargate and EC2 are the same process.
  const rows = profiled.filter(
    ({ costs }, n) => profiled.findIndex((each) => each.costs.profileId === costs.profileId) === n,
  );
  if (rows.length === 0) return null;
  const cpuCell = (cost: { value: number; margin: number | null } | null): Cell =>
    cost === null
      ? { text: 'none, or too little to tell', tone: 'muted' }
      : { text: milliseconds(cost.value), ...(cost.margin && { detail: marginText(cost) }) };
  const mib = (bytes: number | null) => (bytes === null ? 'not measured' : `${approx(bytes / 1_048_576)} MiB`);
  return {
    id: 'task-costs',
    caption: 'What one unit of each kind of load costs a task: CPU',
    columns: [
      ...[words('variant'), figure('connect'), figure('message'), figure('webhook'), figure('push')],
      ...[figure('a second without load'), figure('memory without connections'), words('profile')],
    ],
    rows: rows.map(({ name, costs }) => [
      nameCell(name),
      ...[costs.cpuMs.connect, costs.cpuMs.message, costs.cpuMs.webhook, costs.cpuMs.push].map(cpuCell),
      { text: costs.idleCpuMsPerSecond === null ? 'not measured' : milliseconds(costs.idleCpuMsPerSecond) },
      { text: mib(costs.baseBytes) },
      { text: costs.profileId, detail: placeOf(costs.on) },
    ]),
    notes: ['± is half of the 95% interval. The first quarter of each phase is left out, in which code is not warm.'],
  };
}

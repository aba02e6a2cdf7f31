/** A profile as a document: what one unit of each kind of load costs each resource. */
import type { ProfiledService, ProfileRecord, RecordedCost, RecordedFigure } from '../../record/profile.ts';
import { approx, plural } from '../analysis/numbers.ts';
import { type Cell, type Document, figure, list, paragraph, type Table, tables, words } from './document.ts';
import { sentences } from './sections.ts';

const kinds = ['connect', 'disconnect', 'message', 'webhook', 'push'] as const;

const captions: Record<RecordedFigure['service'], string> = {
  apigateway: 'APIs',
  lambda: 'Functions',
  sqs: 'Queues',
  sns: 'Topics',
  events: 'Event buses and rules',
  dynamodb: 'Tables and indexes',
  ecs: 'Tasks',
};

/** As they are read in a table. */
const figureNames: Readonly<Record<string, string>> = {
  durationMs: 'ms billed',
  cpuMs: 'ms of CPU',
  messages: 'messages, both ways',
  bytes: 'bytes of requests and answers',
  bytesIn: 'bytes from clients',
  bytesOut: 'bytes to clients',
  readUnits: 'read units',
  writeUnits: 'write units',
};

/** What of a profile its document says. */
type Profiled = Pick<ProfileRecord, 'figures' | 'trials' | 'target' | 'messageRoute' | 'webhookRoute' | 'service'> & {
  graph: Pick<ProfileRecord['graph'], 'stackName'>;
};

export function profileDocument(profile: Profiled): Document {
  const { figures, graph, trials } = profile;
  const shown = figures.filter(isUsed);
  const services = [...new Set(shown.map(({ service }) => service))];
  const interfering = figures.filter(({ mixed }) => mixed?.addsUp === false);
  const untold = figures.filter(({ mixed }) => mixed?.addsUp === null);
  const doubted = trials.filter(({ status }) => status !== 'ok');
  return {
    title: `Profile: ${graph.stackName}`,
    verdict: {
      tone: interfering.length + untold.length + doubted.length > 0 ? 'near' : 'good',
      lead: '',
      sentence: verdictOf(profile, { interfering: interfering.length, untold: untold.length }),
    },
    tiles: [],
    sections: [
      {
        id: 'costs',
        title: 'Cost of one unit of load',
        blocks: [
          ...tables(...services.map((service) => tableOf(service, { ...profile, figures: shown }))),
          ...(profile.service ? [paragraph(serviceSentence(profile.service))] : []),
          paragraph(
            '± is half of the 95% interval of the mean; a figure without one did not vary, or had too few seconds to tell.',
          ),
        ],
      },
      ...(interfering.length === 0
        ? []
        : [
            { id: 'interferes', title: 'What does not add up', blocks: list(sentences(interfering.map(interference))) },
          ]),
      ...(untold.length === 0
        ? []
        : [
            {
              id: 'untold',
              title: 'What may not add up: too few periods to tell',
              blocks: list(sentences(untold.map(interference))),
            },
          ]),
      ...(doubted.length === 0
        ? []
        : [
            {
              id: 'doubt',
              title: 'Doubt',
              blocks: list(
                sentences(
                  doubted.map(
                    ({ kind, status, folder, cause }) =>
                      `The phase “${kind}” was ${status === 'invalid' ? 'invalid' : 'valid and broke its SLO'}: what failed may cost something else. ${cause === undefined ? '' : `${cause} `}Its report is in ${folder}.`,
                  ),
                ),
              ),
            },
          ]),
    ].filter(({ blocks }) => blocks.length > 0),
    footer: '',
  };
}

function serviceSentence({ tasks, baseBytes, bytesPerConnection, idleCpuMsPerSecond }: ProfiledService): string {
  const held =
    bytesPerConnection.kind === 'value'
      ? `One more connection takes ${kib(bytesPerConnection.value)}${bytesPerConnection.margin === null ? '' : ` ± ${kib(bytesPerConnection.margin)}`} of a task’s resident memory, by what ${plural(bytesPerConnection.units, 'connection')} added: the fewer there were, the more of it is what V8 keeps for itself; buffers of the kernel come on top.`
      : `What a connection holds in memory is not known: ${bytesPerConnection.reason}`;
  const without = baseBytes === null ? '' : ` A task without any has ${approx(baseBytes / mib)} MiB.`;
  const idle =
    idleCpuMsPerSecond === null
      ? ' What a task does while its connections are silent is not known, and is in the figures above.'
      : ` While its connections are silent a task takes ${approx(idleCpuMsPerSecond)} ms of CPU a second, which is in no figure above.`;
  return `${plural(tasks, 'task')}. ${held}${without}${idle}`;
}

const mib = 1_048_576;
const kib = (bytes: number): string => `${approx(bytes / 1_024)} KiB`;

function verdictOf(
  { graph, figures, target, trials }: Profiled,
  { interfering, untold }: { interfering: number; untold: number },
): string {
  const where =
    target.kind === 'local' ? 'on this machine: durations are its own, not AWS’s' : `on AWS, ${target.region}`;
  const checked = figures.filter(({ mixed }) => mixed !== null).length;
  const sums = [
    ...(checked === 0 ? ['There was no mixed phase to check the sum with.'] : []),
    ...(checked > 0 && interfering + untold === 0
      ? [`All ${plural(checked, 'figure')} of the mixed phase add up from the phases apart.`]
      : []),
    ...(interfering > 0
      ? [
          `${interfering} of ${plural(checked, 'figure')} of the mixed phase do not add up from the phases apart: the kinds of load interfere.`,
        ]
      : []),
    ...(untold > 0
      ? [
          `For ${untold} of ${plural(checked, 'figure')} of the mixed phase there were too few periods to tell whether they add up: a longer --steady has more.`,
        ]
      : []),
  ];
  return `${graph.stackName}, measured in ${plural(trials.length, 'phase')} ${where}. ${sums.join(' ')}`;
}

/** Whether any kind of load costs anything. */
const isUsed = ({ costs, mixed }: RecordedFigure): boolean =>
  (mixed?.measured ?? 0) > 0 || Object.values(costs).some((cost) => cost.kind === 'value' && cost.value > 0);

function tableOf(
  service: RecordedFigure['service'],
  { figures, messageRoute, webhookRoute = null }: Pick<ProfileRecord, 'figures' | 'messageRoute' | 'webhookRoute'>,
): Table {
  const rows = figures
    .filter((each) => each.service === service)
    .toSorted((a, b) => (a.resource < b.resource ? -1 : a.resource > b.resource ? 1 : 0));
  // Messages and webhooks of other routes stand beside those of the plan, whose route is named then, too.
  const measured = [...new Set(rows.flatMap(({ costs }) => Object.keys(costs)))];
  const othersOf = (kind: string) => measured.filter((name) => name.startsWith(`${kind} `));
  const present = kinds.flatMap((kind) => [kind, ...othersOf(kind)]).filter((name) => measured.includes(name));
  const routes: Readonly<Record<string, string | null>> = {
    message: messageRoute,
    webhook: othersOf('webhook').length > 0 ? webhookRoute : null,
    push: othersOf('push').length > 0 ? webhookRoute : null,
  };
  return {
    id: `cost-of-${service}`,
    caption: captions[service],
    columns: [
      words('logical id'),
      words('figure'),
      ...present.map((name) => figure([name, routes[name] ?? []].flat().join(' '))),
    ],
    rows: rows.map(({ resource, figure: name, costs }): Cell[] => [
      { text: resource },
      { text: figureNames[name] ?? name },
      ...present.map((kind) => costCell(costs[kind])),
    ]),
    notes: [],
  };
}

function costCell(cost: RecordedCost | undefined): Cell {
  if (cost?.kind !== 'value') return { text: 'not known', tone: 'muted' };
  const { value, margin } = cost;
  // Far below what a count of events can tell.
  if (value < 5e-4 && (margin ?? 0) < 5e-4) return { text: '0', tone: 'muted' };
  return { text: margin === null || margin < 5e-4 ? approx(value) : `${approx(value)} ± ${approx(margin)}` };
}

function interference({ resource, figure: name, mixed }: RecordedFigure): string {
  if (mixed === null) return '';
  const { expected, measured, margin } = mixed;
  const sure = margin === null ? '' : ` ± ${approx(margin)}`;
  return `${resource}, ${figureNames[name] ?? name}: ${approx(measured)} in the mixed phase, ${approx(expected)}${sure} by the phases apart.`;
}

/** Where the time goes from a webhook's post to its push, stage by stage, as a table. */
import { milliseconds } from '../../analysis/numbers.ts';
import type { DeliveryStage } from '../../analysis/over-time/delivery-stages.ts';
import { type Cell, figure, figureCell, type Table, words } from '../document.ts';

const names: Record<DeliveryStage['kind'], { of: (id: string) => string; detail: string }> = {
  accepted: { of: () => 'accepted', detail: 'post due → 200, as the client sees it' },
  api: { of: (id) => `API ${id}`, detail: 'request in → answer out' },
  function: { of: (id) => `function ${id}`, detail: 'before the queue' },
  queue: { of: (id) => `queue ${id}`, detail: 'age of the oldest message' },
  consumer: { of: (id) => `function ${id}`, detail: 'behind the queue: a batch of messages, its pushes included' },
  delivered: { of: () => 'delivered', detail: 'post due → push received, as the client sees it' },
};

export function deliveryTable(stages: readonly DeliveryStage[]): Table {
  return {
    id: 'delivery-stages',
    caption: 'From the post of a webhook to its push, by stage',
    columns: [words('stage'), figure('mean'), figure('p50'), figure('p99'), figure('longest')],
    rows: stages.map(({ kind, id, meanMs, p50Ms, p99Ms, maxMs }): Cell[] => [
      { text: names[kind].of(id ?? ''), detail: names[kind].detail },
      ...[meanMs, p50Ms, p99Ms, maxMs].map((value) => figureCell(value, milliseconds, '–')),
    ]),
    notes: [
      'Parts of the stack as CloudWatch has them, over the whole run; the client’s of the steady state. Percentiles of stages do not add up to that of the whole. What is in none of them is waiting: in the queue, and for its poller.',
    ],
  };
}

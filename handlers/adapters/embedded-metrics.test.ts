import { expect, it } from 'vitest';
import { metricLine } from './embedded-metrics.ts';

it('writes one line in the embedded metric format, including zeros', () => {
  const line = metricLine('Loadline', { EventsDelivered: 3, EventsFailed: 0 }, 1_790_000_000_000);
  expect(line).not.toContain('\n');
  expect(JSON.parse(line)).toEqual({
    _aws: {
      Timestamp: 1_790_000_000_000,
      CloudWatchMetrics: [
        {
          Namespace: 'Loadline',
          Dimensions: [['Stack']],
          Metrics: [
            { Name: 'EventsDelivered', Unit: 'Count' },
            { Name: 'EventsFailed', Unit: 'Count' },
          ],
        },
      ],
    },
    Stack: 'Loadline',
    EventsDelivered: 3,
    EventsFailed: 0,
  });
});

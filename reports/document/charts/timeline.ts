/** The panels of a timeline as charts: client and server on one time axis. */
import { quantity, utc } from '../../analysis/numbers.ts';
import type { Panel, Timeline } from '../../analysis/over-time/timeline.ts';
import type { LineChart } from './chart.ts';

export function timelineSentence({ startsAt, steady }: Timeline): string {
  const shaded = steady ? ` The steady state is from second ${steady.from} to ${steady.to}.` : '';
  return `Client and CloudWatch on one clock; second 0 is ${utc(startsAt)}.${shaded}`;
}

/** The steady state, tinted. */
export const spansOf = ({ steady }: Timeline): LineChart['spans'] =>
  steady ? [{ name: 'steady state', ...steady, tone: 'plain' }] : [];

/** Latency has charts of its own. */
export const timelineCharts = (timeline: Timeline): LineChart[] =>
  timeline.panels
    .filter(({ id }) => id !== 'latency')
    .map((panel) => ({
      kind: 'lines',
      id: panel.id,
      title: panel.title,
      sentence: panelSentence(panel),
      x: { name: 'second', scale: 'linear', from: 0, to: Math.max(1, timeline.lastSecond) },
      y: { name: panel.unit, scale: 'linear' },
      lines: panel.lines.map(({ name, from, points }) => ({ name, from, points })),
      bounds: panel.bounds.map(({ name, value }) => ({ name, value })),
      spans: spansOf(timeline),
      moments: [],
    }));

/** `New connections over time: opened (client) at most 20 connections/s, at second 4.` */
function panelSentence({ title, unit, lines, missing }: Panel): string {
  const each = lines.map(({ name, from, points }) => {
    const known = points.filter((point): point is [number, number] => point[1] !== null);
    if (known.length === 0) return `${name} (${from}): nothing measured`;
    const [at, value] = known.reduce((max, point) => (point[1] > max[1] ? point : max));
    if (value === 0) return `${name} (${from}) 0 throughout`;
    return `${name} (${from}) at most ${quantity(value, unit)}, at second ${at}`;
  });
  const absent = missing.length > 0 ? [`No data for ${missing.join(', ')}.`] : [];
  const shown = each.length > 0 ? [`${title} over time: ${each.join('; ')}.`] : [];
  return [...(shown.length + absent.length > 0 ? shown : [`${title}: nothing measured.`]), ...absent].join(' ');
}

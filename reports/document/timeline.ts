/** The panels of a timeline in words, for a reader or a format without charts. */
import { quantity, utc } from '../analysis/numbers.ts';
import type { Panel, Timeline } from '../analysis/timeline.ts';

/** Panels with something to show. */
export const shownPanels = ({ panels }: Timeline): Panel[] => panels.filter(({ lines }) => lines.length > 0);

export function timelineSentence({ startsAt, steady }: Timeline): string {
  const shaded = steady ? ` The steady state is from second ${steady.from} to ${steady.to}.` : '';
  return `Client and CloudWatch on one clock; second 0 is ${utc(startsAt)}.${shaded}`;
}

/** `New connections over time: opened (client) at most 20 connections/s, at second 4.` */
export function panelSentence({ title, unit, lines, missing }: Panel): string {
  const each = lines.map(({ name, from, points }) => {
    const known = points.filter((point): point is [number, number] => point[1] !== null);
    if (known.length === 0) return `${name} (${from}): nothing measured`;
    const [at, value] = known.reduce((max, point) => (point[1] > max[1] ? point : max));
    if (value === 0) return `${name} (${from}) 0 throughout`;
    return `${name} (${from}) at most ${quantity(value, unit)}, at second ${at}`;
  });
  const absent = missing.length > 0 ? [`No data for ${missing.join(', ')}.`] : [];
  return [`${title} over time: ${each.join('; ')}.`, ...absent].join(' ');
}

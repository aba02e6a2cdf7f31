/** CloudWatch's answers in the Query protocol's XML: lists as `member`, maps as `entry`, timestamps in ISO 8601. */
import { escapeXml } from '../../process/xml.ts';

/** The elements of a structure's fields; undefined values are omitted. */
export function elements(fields: object): string {
  return Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `<${name}>${content(value, name)}</${name}>`)
    .join('');
}

function content(value: unknown, name: string): string {
  if (Array.isArray(value)) return value.map((item) => `<member>${content(item, name)}</member>`).join('');
  if (typeof value === 'number' && (name === 'Timestamps' || name === 'Timestamp')) return isoSeconds(value);
  if (typeof value !== 'object' || value === null) return escapeXml(String(value));
  return name === 'ExtendedStatistics' ? entries(value) : elements(value);
}

/** The only map among CloudWatch's answers: its keys are percentiles, not element names. */
function entries(map: object): string {
  return Object.entries(map)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `<entry><key>${escapeXml(key)}</key><value>${value}</value></entry>`)
    .join('');
}

/** `2026-11-21T09:00:00Z`; with a fraction only if there is one. */
function isoSeconds(seconds: number): string {
  return new Date(seconds * 1_000).toISOString().replace('.000Z', 'Z');
}

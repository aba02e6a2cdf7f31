const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;
const two = (value: number) => String(value).padStart(2, '0');

// All events within one second have the same text.
const last = { second: Number.NaN, text: '' };

/** CLF time in UTC, as in requestContext.requestTime: `19/Feb/2026:07:11:42 +0000`. */
export function requestTime(epochMs: number): string {
  const second = Math.floor(epochMs / 1_000);
  if (second !== last.second) {
    last.second = second;
    last.text = format(epochMs);
  }
  return last.text;
}

function format(epochMs: number): string {
  const date = new Date(epochMs);
  const day = `${two(date.getUTCDate())}/${months[date.getUTCMonth()]}/${date.getUTCFullYear()}`;
  return `${day}:${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())} +0000`;
}
